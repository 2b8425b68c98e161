import { writeReport } from '../lib/stages/report.ts';
import { memoryMb } from './environment.ts';
import { stageHandler } from './stage.ts';

/** Gathers a completed run's results into the report. */
export const handler = stageHandler('report', async (bucket, { created }) => {
  const { runId, status, rows, members, elapsedMs, outputs } = await writeReport(bucket, created, { memoryMb });
  return {
    // The reason may quote an answer, and offers are whatever an endpoint calls them; both are in the report.
    outcome: { runId, status, rows, members, outputs },
    metrics: { Runs: 1, RunDuration: elapsedMs },
    dimensions: { status },
  };
});
