import type { Context } from 'aws-lambda';

const SOURCES = {
  features: '../../../functions/features.ts',
  predict: '../../../functions/predict.ts',
  report: '../../../functions/report.ts',
};

/** What the functions ask of their context. */
const CONTEXT: Context = {
  awsRequestId: 'bench',
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '2048',
  logGroupName: 'bench',
  logStreamName: 'bench',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 900_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** Invokes a function's handler. @returns milliseconds, without loading it */
export async function invoke(name: keyof typeof SOURCES, event: unknown): Promise<number> {
  const { handler } = await import(SOURCES[name]);
  const startedAt = performance.now();
  await handler(event, CONTEXT);
  return performance.now() - startedAt;
}
