import type { Harness } from './harness.ts';
import { idle } from './idle.ts';
import { unansweredIn } from './promises/answers.ts';
import { hasEnded, manifestOf, summaryOf } from './promises/runs.ts';
import type { Watch } from './promises/watch.ts';
import type { Scenario } from './walk.ts';

/** Longer than a run may stand still. */
const SCHEDULE_AFTER_MS = 75 * 60_000;
/** By then whatever was lost has been found out, also what got lost when that was found out. */
const MAX_SCHEDULES = 4;
const MAX_RESUMES = 2;

/** What becomes of a service in which nothing moves: is it as promised, and does it stay so? */
export async function conclude(harness: Harness, watch: Watch, scenario: Scenario, labels: string[]): Promise<void> {
  const { lost, abandoned } = harness.deliveries;
  if (lost.length + abandoned.length === 0) watch.assessEnds();
  const before = harness.objects.writes;
  await keepSchedule(harness, watch, labels);
  if (harness.objects.writes > before || lost.length + abandoned.length > 0) watch.assessEnds();
  if (watch.broken.length > 0 || !scenario.isHealedInTheEnd) return;
  await heal(harness, labels);
  watch.assessEnds();
  for (const runId of harness.runIds.filter((one) => hasFailedMembers(harness, one))) {
    watch.report('everybody is scored in the end', `some are not in ${harness.named(runId)}`);
  }
}

async function keepSchedule(harness: Harness, watch: Watch, labels: string[]): Promise<void> {
  for (let turn = 1; turn <= MAX_SCHEDULES; turn++) {
    const before = harness.objects.writes;
    await harness.pass(SCHEDULE_AFTER_MS);
    const isDone = harness.runIds.every((runId) => hasEnded(harness, runId)) && unansweredIn(harness).length === 0;
    harness.call('schedule', {}, '');
    labels.push(...(await idle(harness)));
    if (isDone && harness.objects.writes > before) watch.report('who has ended is left alone', labels.join('; '));
    if (isDone) return;
  }
}

/** The endpoints are well again, and somebody resumes what has failed: first its report, if need be. */
async function heal(harness: Harness, labels: string[]): Promise<void> {
  harness.services.refused = new Set();
  for (const runId of harness.runIds) {
    for (let time = 1; time <= MAX_RESUMES && hasFailedMembers(harness, runId); time++) {
      await harness.pass(SCHEDULE_AFTER_MS);
      harness.call('resume', { runId }, harness.named(runId));
      labels.push(...(await idle(harness)));
    }
  }
}

function hasFailedMembers(harness: Harness, runId: string): boolean {
  const [manifest, summary] = [manifestOf(harness, runId), summaryOf(harness, runId)];
  return manifest !== undefined && summary !== undefined && summary.members.scored < manifest.members;
}
