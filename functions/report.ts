import { writeReport } from '../lib/stages/report/write-report.ts';
import { memoryMb } from './environment.ts';
import { readExpected } from './expectations.ts';
import { notify } from './notification.ts';
import { stageHandler } from './stage.ts';

const expected = readExpected();

/** Gathers a completed run's results into the report. */
export const handler = stageHandler('report', async (bucket, { created, context }) => {
  // Lambda's attempts at one event have one id: https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html
  const attempt = context.awsRequestId;
  const summary = await writeReport(bucket, created, { memoryMb, notify, expected, attempt });
  const outcome = { wroteReport: summary !== undefined };
  // There was one already, for an event that was delivered twice, or one of a later round.
  if (summary === undefined) return { outcome };
  const { runId, status, rows, members, elapsedMs, outputs, outOfRange = [] } = summary;
  // How many, not what: that is a member's.
  const unexpected = outOfRange.map(({ prediction, members: count }) => ({ prediction, members: count }));
  return {
    // The reason may quote an answer, and offers are whatever an endpoint calls them; both are in the report.
    outcome: { ...outcome, runId, status, rows, members, outputs, unexpected },
    metrics: { Runs: 1, RunDuration: elapsedMs },
    dimensions: { status },
  };
});
