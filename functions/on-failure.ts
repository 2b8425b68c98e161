import * as z from 'zod';
import { type Ended, endAbandoned } from '../lib/stages/on-failure/end-abandoned.ts';
import { notifyOrLog } from './notification.ts';
import type { Dimensions, MetricValues } from './observation/metrics.ts';
import { s3EventSchema } from './s3-events.ts';
import { bucketOf, eventHandler, logTest, observed } from './stage.ts';

/**
 * The record that Lambda sends when an asynchronous invocation has failed for good.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const failedInvocationSchema = z
  .object({
    requestContext: z.object({
      /** The id that all attempts share. */
      requestId: z.string(),
      functionArn: z.string(),
      condition: z.string(),
      approximateInvokeCount: z.int(),
    }),
    requestPayload: s3EventSchema,
    responsePayload: z.looseObject({ errorType: z.string().optional(), errorMessage: z.string().optional() }).nullish(),
  })
  .transform(({ requestContext, requestPayload, responsePayload }) => ({
    ...requestPayload,
    attempt: requestContext.requestId,
    reason: reasonOf(requestContext, responsePayload ?? {}),
  }));

/** Ends the upload, batch or report of an event that has failed for good, so that every run has an end. */
export const handler = eventHandler(failedInvocationSchema, async ({ objects, testedBucket, attempt, reason }) => {
  logTest(testedBucket);
  const outcomes: Ended[] = [];
  for (const object of objects) {
    const outcome = await observed(object, async () => {
      const ended = await endAbandoned(bucketOf(object.bucket), object, reason, { notify: notifyOrLog, attempt });
      return { outcome: { ...ended, reason }, ...measured(ended) };
    });
    outcomes.push(outcome);
  }
  return outcomes;
});

/** The metrics that the failed stage would have written. After a failed upload the report stage writes them. */
function measured(ended: Ended): { metrics?: MetricValues; dimensions?: Dimensions } {
  if (ended.ended === 'report') return { metrics: { Runs: 1 }, dimensions: { status: 'FAILED' } };
  if (ended.ended !== 'batch') return {};
  return { metrics: { MembersScored: ended.members - ended.failed, MembersFailed: ended.failed } };
}

/** `arn:aws:lambda:us-east-1:123456789012:function:member-offers-dev-predict:$LATEST` */
function reasonOf(
  {
    functionArn,
    condition,
    approximateInvokeCount,
  }: { functionArn: string; condition: string; approximateInvokeCount: number },
  { errorType, errorMessage }: { errorType?: string | undefined; errorMessage?: string | undefined },
): string {
  const name = functionArn.split(':')[6] ?? functionArn;
  if (condition === 'EventAgeExceeded') return `this event waited too long for a free instance of the function ${name}`;
  const error = [errorType, errorMessage].filter(Boolean).join(': ') || 'no message';
  return `the function ${name} failed ${approximateInvokeCount} times, at last with: ${error}`;
}
