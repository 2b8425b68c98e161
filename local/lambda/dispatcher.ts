import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Throttling } from './throttling.ts';

export interface DispatcherOptions {
  /** Runs a function with an event; rejects when the function fails. All attempts at an event have the same id. */
  invoke: (functionName: string, event: unknown, id: string) => Promise<unknown>;
  /** How many invocations of this function may run at a time. */
  concurrencyOf: (functionName: string) => number;
  /** Further attempts after a failed one; Lambda makes two unless told otherwise. */
  retriesOf?: (functionName: string) => number | undefined;
  /** Milliseconds before the first retry; twice as many before the second. Lambda waits one minute, then two. */
  retryDelayMs?: number;
  /** Sends an event away that finds no room; without it such events queue up and none ever waits longer than it must. */
  throttling?: Throttling;
  /** Told of an event that failed for good. */
  onExhausted?: (failure: FailedEvent) => void;
  delay?: (milliseconds: number) => Promise<unknown>;
  log?: (line: string) => void;
}

/** An event that its function did not survive. */
export interface FailedEvent {
  functionName: string;
  event: unknown;
  /** That of all attempts. */
  id: string;
  error: unknown;
  /** How often the function was invoked with it. */
  attempts: number;
  /** Whether it was given up because it found no room, and not because of a failed attempt. */
  isTooOld: boolean;
}

export interface Dispatcher {
  /** Takes an event for a function and returns at once. Never throws. */
  dispatch(functionName: string, event: unknown): void;
  /** Resolves when every event taken so far, and what those led to, is dealt with. */
  idle(): Promise<void>;
  /** Drops what waits and takes no more; what runs is left to finish. */
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
   * Invokes a function as soon as there is room for it; where events are sent away, an event that comes back finds it.
   * @throws EventTooOldError, or what the function fails with
   */
  async function invokeInTurn({ functionName, event, id }: Delivery, age: Age): Promise<void> {
    const queue = queueOf(functionName);
    for (let times = 1; throttling && !closed && queue.activeCount >= queue.concurrency; times++) {
      if (age.ms > throttling.longestMs)
        throw new EventTooOldError(`no room for an event of ${functionName} for too long`);
      await grow(age, throttling.waitMs(times));
    }
    // At once, before another event takes the room.
    await queue(async () => (closed ? undefined : invoke(functionName, event, id)));
  }

  async function grow(age: Age, ms: number): Promise<void> {
    age.ms += ms;
    await delay(ms);
  }

  /** Sees an event through: attempts, delays, and the end. Does not reject. */
  async function deliver(delivery: Delivery): Promise<void> {
    const { functionName } = delivery;
    const retries = retriesOf(functionName) ?? LAMBDA_RETRIES;
    const age: Age = { ms: 0 };
    for (let attempts = 1; !closed; attempts++) {
      try {
        return await invokeInTurn(delivery, age);
      } catch (error) {
        const of = { ...delivery, error };
        log(`${functionName} failed, attempt ${attempts} of ${retries + 1}: ${firstLineOf(error)}`);
        if (error instanceof EventTooOldError) return onExhausted?.({ ...of, attempts: attempts - 1, isTooOld: true });
        if (attempts > retries) return onExhausted?.({ ...of, attempts, isTooOld: false });
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
