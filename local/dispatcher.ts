import { setTimeout } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';

export interface DispatcherOptions {
  /** Runs a function with an event; rejects when the function fails. */
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** How many invocations of this function may run at a time. */
  concurrencyOf: (functionName: string) => number;
  /** Further attempts after a failed one; Lambda makes two unless told otherwise. */
  retriesOf?: (functionName: string) => number;
  /** Milliseconds before the first retry; twice as many before the second. Lambda waits one minute, then two. */
  retryDelayMs?: number;
  /** Told of an event that failed for good. */
  onExhausted?: (failure: Failure) => void;
  delay?: (milliseconds: number) => Promise<unknown>;
  log?: (line: string) => void;
}

/** An event that its function did not survive. */
export interface Failure {
  functionName: string;
  event: unknown;
  error: unknown;
  attempts: number;
}

export interface Dispatcher {
  /** Takes an event for a function and returns at once. Never throws. */
  dispatch(functionName: string, event: unknown): void;
  /** Resolves when every event taken so far, and what those led to, is dealt with. */
  idle(): Promise<void>;
  /** Drops what waits and takes no more; what runs is left to finish. */
  close(): void;
}

const LAMBDA_RETRIES = 2;

/**
 * Invokes functions asynchronously, as Lambda does for events: each function has a queue, and a failed event is tried
 * again some time later without holding up those behind it.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const {
    invoke,
    retriesOf = () => LAMBDA_RETRIES,
    retryDelayMs = 1000,
    onExhausted,
    delay = setTimeout,
    log = console.error,
  } = options;
  const queues = new Map<string, LimitFunction>();
  const deliveries = new Set<Promise<void>>();
  let closed = false;

  function queueOf(functionName: string): LimitFunction {
    const queue = queues.get(functionName) ?? pLimit(options.concurrencyOf(functionName));
    queues.set(functionName, queue);
    return queue;
  }

  /** Sees an event through: attempts, delays, and the end. Does not reject. */
  async function deliver(functionName: string, event: unknown): Promise<void> {
    const retries = retriesOf(functionName);
    for (let attempts = 1; !closed; attempts++) {
      try {
        await queueOf(functionName)(async () => (closed ? undefined : invoke(functionName, event)));
        return;
      } catch (error) {
        log(`${functionName} failed, attempt ${attempts} of ${retries + 1}: ${firstLineOf(error)}`);
        if (attempts > retries) return onExhausted?.({ functionName, event, error, attempts });
        await delay(retryDelayMs * attempts);
      }
    }
  }

  return {
    dispatch(functionName, event) {
      const delivery = deliver(functionName, event).finally(() => deliveries.delete(delivery));
      deliveries.add(delivery);
    },
    async idle() {
      while (deliveries.size > 0) await Promise.all(deliveries);
    },
    close() {
      closed = true;
    },
  };
}

function firstLineOf(error: unknown): string {
  const [line = ''] = String(error).split('\n');
  return line;
}
