import { idle } from './idle.ts';
import { hasEnded, manifestOf, summaryOf } from './promises/runs.ts';
import type { Watch } from './promises/watch.ts';
import type { Scenario } from './walk.ts';
import type { World } from './world.ts';

/** Longer than a run may stand still. */
const SCHEDULE_AFTER_MS = 75 * 60_000;
/** By then whatever was lost has been found out, also what got lost when that was found out. */
const MAX_SCHEDULES = 4;
const MAX_RESUMES = 2;

/** What becomes of a world in which nothing moves: is it as promised, and does it stay so? */
export async function conclude(world: World, watch: Watch, scenario: Scenario, labels: string[]): Promise<void> {
  const { lost, abandoned } = world.deliveries;
  if (lost.length + abandoned.length === 0) watch.assessEnds();
  const before = world.objects.writes;
  await keepSchedule(world, watch, labels);
  if (world.objects.writes > before || lost.length + abandoned.length > 0) watch.assessEnds();
  if (watch.broken.length > 0 || !scenario.isHealedInTheEnd) return;
  await heal(world, labels);
  watch.assessEnds();
  for (const runId of world.runIds.filter((one) => hasFailedMembers(world, one))) {
    watch.report('everybody is scored in the end', `some are not in ${world.named(runId)}`);
  }
}

async function keepSchedule(world: World, watch: Watch, labels: string[]): Promise<void> {
  for (let turn = 1; turn <= MAX_SCHEDULES; turn++) {
    const isDone = world.runIds.every((runId) => hasEnded(world, runId));
    const before = world.objects.writes;
    await world.pass(SCHEDULE_AFTER_MS);
    world.call('schedule', {}, '');
    labels.push(...(await idle(world)));
    if (isDone && world.objects.writes > before) watch.report('who has ended is left alone', labels.join('; '));
    if (isDone) return;
  }
}

/** The endpoints are well again, and somebody resumes what has failed: first its report, if need be. */
async function heal(world: World, labels: string[]): Promise<void> {
  world.services.refused = new Set();
  for (const runId of world.runIds) {
    for (let time = 1; time <= MAX_RESUMES && hasFailedMembers(world, runId); time++) {
      await world.pass(SCHEDULE_AFTER_MS);
      world.call('resume', { runId }, world.named(runId));
      labels.push(...(await idle(world)));
    }
  }
}

function hasFailedMembers(world: World, runId: string): boolean {
  const [manifest, summary] = [manifestOf(world, runId), summaryOf(world, runId)];
  return manifest !== undefined && summary !== undefined && summary.members.scored < manifest.members;
}
