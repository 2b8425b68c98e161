import type { Context } from 'aws-lambda';
import type { ServiceFunction } from './service.ts';

/** A function's handler, which Lambda calls with an event. */
export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * Loads a function from its source. The function reads its environment at this moment.
 *
 * @param handler file, without its ending, and export: `functions/predict.handler`
 * @throws when there is no such handler
 */
export async function loadHandler(handler: string): Promise<Handler> {
  const [module = '', name = ''] = handler.split('.');
  const { [name]: loaded } = await import(`../../${module}.ts`);
  if (typeof loaded !== 'function') throw new Error(`there is no ${handler}`);
  return async (event, context) => Reflect.apply(loaded, undefined, [event, context]);
}

/** The context that Lambda passes to a function. @param timeLeftMs gives the time left for the invocation */
export function contextOf(
  functionName: string,
  { memorySize }: Pick<ServiceFunction, 'memorySize'>,
  awsRequestId: string,
  timeLeftMs: () => number,
): Context {
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: String(memorySize),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: timeLeftMs,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
