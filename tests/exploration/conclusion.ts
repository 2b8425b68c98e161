import { choicesOf } from './choices.ts';
import { plainChooser } from './chooser.ts';
import { hasEnded, summaryOf } from './promises/runs.ts';
import type { Watch } from './promises/watch.ts';
import type { Scenario } from './walk.ts';
import type { World } from './world.ts';

/** Longer than a run may stand still. */
const SCHEDULE_AFTER_MS = 75 * 60_000;
/** By then whatever was lost has been found out, also what got lost when that was found out. */
const MOST_SCHEDULES = 4;

/** What becomes of a world in which nothing moves: is it as promised, and does it stay so? */
export async function conclude(world: World, watch: Watch, scenario: Scenario, labels: string[]): Promise<void> {
  const { lost, abandoned } = world.deliveries;
  if (lost.length + abandoned.length === 0) watch.assessEnds();
  await keepSchedule(world, watch, labels);
  watch.assessEnds();
  if (watch.broken.length > 0 || !scenario.isHealedInTheEnd) return;
  await heal(world, labels);
  watch.assessEnds();
  for (const runId of world.runIds) {
    const members = summaryOf(world, runId)?.members;
    if (members !== undefined && members.failed > 0) {
      watch.report('everybody is scored in the end', `${members.failed} are not in ${world.named(runId)}`);
    }
  }
}

async function keepSchedule(world: World, watch: Watch, labels: string[]): Promise<void> {
  for (let turn = 1; turn <= MOST_SCHEDULES; turn++) {
    const isDone = world.runIds.every((runId) => hasEnded(world, runId));
    const before = world.objects.writes;
    await world.pass(SCHEDULE_AFTER_MS);
    await idle(world, labels, () => world.call('schedule', {}, ''));
    if (isDone && world.objects.writes > before) watch.report('who has ended is left alone', labels.join('; '));
    if (isDone) return;
  }
}

/** The endpoints are well again, and somebody resumes what has failed. */
async function heal(world: World, labels: string[]): Promise<void> {
  world.services.refused = new Set();
  for (const runId of world.runIds.filter((one) => hasEnded(world, one))) {
    await world.pass(SCHEDULE_AFTER_MS);
    await idle(world, labels, () => world.call('resume', { runId }, world.named(runId)));
  }
}

/** Everything comes to its end, and nothing goes wrong. */
async function idle(world: World, labels: string[], begin: () => unknown): Promise<void> {
  const chooser = plainChooser();
  begin();
  for (;;) {
    const choice = chooser(choicesOf(world, [], []));
    if (choice === undefined) return;
    labels.push(choice.label);
    await choice.make();
  }
}
