import { writeReport } from '../lib/stages/report.ts';
import { announce } from './announcement.ts';
import { memoryMb } from './environment.ts';
import { stageHandler } from './stage.ts';

/** Gathers a completed run's results into the report. */
export const handler = stageHandler('report', async (bucket, { created }) => {
  const summary = await writeReport(bucket, created, { memoryMb, announce });
  const { runId, status, rows, members, elapsedMs, outputs } = summary;
  return {
    // The reason may quote an answer, and offers are whatever an endpoint calls them; both are in the report.
    outcome: { runId, status, rows, members, outputs },
    metrics: { Runs: 1, RunDuration: elapsedMs },
    dimensions: { status },
  };
});
