import * as z from 'zod';
import type { FailedEvent } from './dispatcher.ts';

/** Where a function's failed events go: to another function of the service, by its name, or to a queue. */
const onFailureSchema = z.union([z.string(), z.object({ type: z.literal('sqs') })]);

const definitionSchema = z.object({ destinations: z.object({ onFailure: onFailureSchema.optional() }).optional() });

/**
 * The function that gets a function's failed events, if there is one. Queues are ignored: they are for people, who have
 * the log on one machine.
 *
 * @throws when the destination is neither a function of the service nor a queue: one machine has no others
 */
export function failureDestinationOf(functionName: string, functions: Record<string, unknown>): string | undefined {
  const destination = definitionSchema.parse(functions[functionName]).destinations?.onFailure;
  if (typeof destination !== 'string') return undefined;
  if (destination in functions) return destination;
  throw new Error(`${functionName}: locally destinations.onFailure can only be a function of the service`);
}

/**
 * The record that Lambda sends to a destination when an event has failed for good.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function failedInvocation({ functionName, event, id, error, attempts, isTooOld }: FailedEvent, time: Date) {
  return {
    version: '1.0',
    timestamp: time.toISOString(),
    requestContext: {
      requestId: id,
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}:$LATEST`,
      condition: isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload:
      error instanceof Error
        ? { errorType: error.name, errorMessage: error.message }
        : { errorType: 'Error', errorMessage: String(error) },
  };
}
