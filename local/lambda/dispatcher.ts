import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Throttling } from './throttling.ts';

export interface DispatcherOptions {
  /** Runs a function with an event; rejects when the function fails. All attempts at an event have the same id. */
  invoke: (functionName: string, event: unknown, id: string) => Promise<unknown>;
  /** How many invocations of this function may run at a time. */
  concurrencyOf: (functionName: string) => number;
  /** Number of further attempts after a failed one; Lambda's default is two. */
  retriesOf?: (functionName: string) => number | undefined;
  /** Milliseconds before the first retry; twice as many before the second. Lambda waits one minute, then two. */
  retryDelayMs?: number;
  /** How long events wait when no instance is free. Without this they queue, and none waits longer than necessary. */
  throttling?: Throttling;
  /** Called when an event has failed for good. */
  onExhausted?: (failure: FailedEvent) => void;
  delay?: (milliseconds: number) => Promise<unknown>;
  log?: (line: string) => void;
}

/** An event that has failed for good. */
export interface FailedEvent {
  functionName: string;
  event: unknown;
  /** The id that all attempts share. */
  id: string;
  error: unknown;
  /** How often the function was invoked with it. */
  attempts: number;
  /** Whether it was dropped because it waited too long for a free instance, and not because of a failed attempt. */
  isTooOld: boolean;
}

export interface Dispatcher {
  /** Accepts an event for a function and returns at once. Never throws. */
  dispatch(functionName: string, event: unknown): void;
  /** Resolves when all accepted events, and those that they led to, are handled. */
  idle(): Promise<void>;
  /** Drops waiting events and accepts no more. Running invocations may finish. */
  close(): void;
}

/** An event on its way to a function. */
type Delivery = Pick<FailedEvent, 'functionName' | 'event' | 'id'>;

/** How long an event has waited, milliseconds. */
interface Age {
  ms: number;
}

class EventTooOldError extends Error {
  override name = 'EventTooOldError';
}

const LAMBDA_RETRIES = 2;

/**
 * Invokes functions asynchronously, as Lambda does for events: each function has a queue, and a failed event is tried
 * again some time later without holding up those behind it.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const {
    invoke,
    retriesOf = () => undefined,
    retryDelayMs = 1000,
    throttling,
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

  /**
   * Invokes a function as soon as an instance is free. With throttling, an event checks that only after each wait.
   * @throws EventTooOldError, or the error of the function
   */
  async function invokeInTurn({ functionName, event, id }: Delivery, age: Age): Promise<void> {
    const queue = queueOf(functionName);
    for (let times = 1; throttling && !closed && queue.activeCount >= queue.concurrency; times++) {
      if (age.ms > throttling.longestMs)
        throw new EventTooOldError(`an event waited too long for a free instance of ${functionName}`);
      await grow(age, throttling.waitMs(times));
    }
    // Without an `await` in between, so that no other event takes the free instance.
    await queue(async () => (closed ? undefined : invoke(functionName, event, id)));
  }

  async function grow(age: Age, ms: number): Promise<void> {
    age.ms += ms;
    await delay(ms);
  }

  /** Handles an event with all of its attempts and delays. Does not reject. */
  async function deliver(delivery: Delivery): Promise<void> {
    const { functionName } = delivery;
    const retries = retriesOf(functionName) ?? LAMBDA_RETRIES;
    const age: Age = { ms: 0 };
    for (let attempts = 1; !closed; attempts++) {
      try {
        return await invokeInTurn(delivery, age);
      } catch (error) {
        const failed = { ...delivery, error };
        log(`${functionName} failed, attempt ${attempts} of ${retries + 1}: ${firstLineOf(error)}`);
        if (error instanceof EventTooOldError)
          return onExhausted?.({ ...failed, attempts: attempts - 1, isTooOld: true });
        if (attempts > retries) return onExhausted?.({ ...failed, attempts, isTooOld: false });
        await grow(age, retryDelayMs * attempts);
      }
    }
  }

  return {
    dispatch(functionName, event) {
      const delivery = deliver({ functionName, event, id: randomUUID() }).finally(() => deliveries.delete(delivery));
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
