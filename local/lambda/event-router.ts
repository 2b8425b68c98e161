import type { CreatedObject } from '../s3/store.ts';
import { failedInvocation, failureDestinationOf } from './destinations.ts';
import { createDispatcher, type Dispatcher, type DispatcherOptions, type FailedEvent } from './dispatcher.ts';
import { notificationOf, type Subscription, subscribersOf, subscriptionsOf } from './notification.ts';

/** As much of a service as says where its events go. */
export interface RoutedService {
  functions: Record<string, { maximumRetryAttempts?: number | undefined; events?: object[]; destinations?: unknown }>;
  /** Names of buckets that `s3` events call something else. */
  buckets?: Record<string, { name?: string }> | undefined;
}

export interface RoutingOptions extends Omit<DispatcherOptions, 'onExhausted'> {
  /** Takes each event on its way to a function, and hands it on, or does not; it is handed on unless this is given. */
  deliver?: (functionName: string, event: unknown) => void;
  /** Told of an event that has failed for good, before its destination is. */
  onFailed?: (failure: FailedEvent) => void;
}

/** Brings events to the functions of a service: those of created objects, and those that a function did not survive. */
export class EventRouter {
  readonly subscriptions: readonly Subscription[];
  readonly #dispatcher: Dispatcher;
  readonly #deliver: (functionName: string, event: unknown) => void;

  /** @throws when an `s3` event of the service is not as documented */
  constructor({ functions, buckets }: RoutedService, { deliver, onFailed, ...options }: RoutingOptions) {
    this.subscriptions = subscriptionsOf(functions, buckets);
    this.#deliver = deliver ?? ((functionName, event) => this.dispatch(functionName, event));
    this.#dispatcher = createDispatcher({
      retriesOf: (functionName) => functions[functionName]?.maximumRetryAttempts,
      ...options,
      onExhausted: (failure) => {
        onFailed?.(failure);
        const destination = failureDestinationOf(failure.functionName, functions);
        if (destination !== undefined) this.#deliver(destination, failedInvocation(failure, new Date()));
      },
    });
  }

  /** An object has been created. @returns how many functions that starts */
  receive(object: CreatedObject): number {
    const subscribers = subscribersOf(object, this.subscriptions);
    for (const functionName of subscribers) this.#deliver(functionName, notificationOf(object));
    return subscribers.length;
  }

  /** Takes an event for a function and returns at once. Never throws. */
  dispatch(functionName: string, event: unknown): void {
    this.#dispatcher.dispatch(functionName, event);
  }

  /** Resolves when every event taken so far, and what those led to, is dealt with. */
  idle(): Promise<void> {
    return this.#dispatcher.idle();
  }

  /** Drops what waits and takes no more; what runs is left to finish. */
  close(): void {
    this.#dispatcher.close();
  }
}
