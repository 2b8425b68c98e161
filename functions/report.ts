import { writeReport } from '../lib/stages/report.ts';
import { stageHandler } from './stage.ts';

/** Gathers a completed run's results into the report. */
export const handler = stageHandler(async (bucket, created) => {
  const { runId, status, reason, members, offers, outputs } = await writeReport(bucket, created);
  return { runId, status, reason, members, offers, outputs };
});
