import type { Context } from 'aws-lambda';
import type { ServiceFunction } from './service.ts';

/** A function's code: what Lambda calls with an event. */
export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * Loads a function from its source, which reads its environment then.
 *
 * @param handler file, without its ending, and export: `functions/predict.handler`
 * @throws when there is none
 */
export async function loadHandler(handler: string): Promise<Handler> {
  const [module = '', name = ''] = handler.split('.');
  const { [name]: loaded } = await import(`../../${module}.ts`);
  if (typeof loaded !== 'function') throw new Error(`there is no ${handler}`);
  return async (event, context) => Reflect.apply(loaded, undefined, [event, context]);
}

/** What Lambda tells a function of an invocation. @param timeLeftMs of the invocation, whenever it is asked for */
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
