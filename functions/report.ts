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
  // There is no summary when this event, delivered before, or a later round has led to a report already.
  if (summary === undefined) return { outcome };
  const { runId, status, rows, members, elapsedMs, outputs, outOfRange = [] } = summary;
  // Only how many, because the predictions themselves are data of members.
  const unexpected = outOfRange.map(({ prediction, members: count }) => ({ prediction, members: count }));
  return {
    // No reason and no offers: the reason may quote an endpoint's answer, and offers can have any name. Both are in the
    // report.
    outcome: { ...outcome, runId, status, rows, members, outputs, unexpected },
    metrics: { Runs: 1, RunDuration: elapsedMs },
    dimensions: { status },
  };
});
