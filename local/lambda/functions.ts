import { AsyncLocalStorage } from 'node:async_hooks';
import type { Worker } from 'node:worker_threads';
import Lambda, { type LambdaFunction } from 'serverless-offline/lambda';
import type { Serverless } from '../serverless.ts';

/** Runs the service's functions in worker threads of serverless-offline, which stay warm between invocations. */
export interface LocalFunctions {
  /** Rejects when the function fails, takes longer than its time-out, or its worker dies. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Ends idle and busy workers. The next invocations start new workers, with the current code. */
  restart(): Promise<void>;
}

/** A running invocation, which fails when its worker does. */
interface Invocation {
  fail(error: Error): void;
}

/**
 * @param options all options of serverless-offline: of the command line, else custom.serverless-offline, else defaults
 */
export function localFunctions(serverless: Serverless, options: Record<string, unknown>): LocalFunctions {
  const lambda = new Lambda(serverless, options);
  lambda.create(
    Object.entries(serverless.service.functions).map(([functionKey, functionDefinition]) => ({
      functionKey,
      functionDefinition,
    })),
  );
  const instances = new WeakMap<LambdaFunction, Invocation>();
  const current = new AsyncLocalStorage<Invocation>();
  // serverless-offline does not handle errors of its workers: one that dies would end this process, or never answer.
  process.on('worker', (worker: Worker) => {
    const invocation = current.getStore();
    if (invocation !== undefined) watch(worker, invocation);
  });

  return {
    invoke(functionName, event) {
      const instance = lambda.get(functionName);
      const invocation = instances.get(instance) ?? { fail: () => {} };
      instances.set(instance, invocation);
      return new Promise((resolve, reject) => {
        // After `cleanup` has removed the dead worker, the instance starts another for its next invocation.
        invocation.fail = (error) => void instance.cleanup().finally(() => reject(error));
        instance.setEvent(event);
        current.run(invocation, () => instance.runHandler()).then(resolve, reject);
      });
    },
    restart: () => lambda.cleanup(),
  };
}

function watch(worker: Worker, invocation: Invocation): void {
  let cause = new Error('The worker of the function has ended');
  worker.once('error', (error) => {
    cause = new Error(`outside of the handler: ${error}`, { cause: error });
  });
  worker.once('exit', () => invocation.fail(cause));
}
