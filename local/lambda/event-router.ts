import type { CreatedObject } from '../s3/store.ts';
import { failedInvocation, failureDestinationOf } from './destinations.ts';
import { createDispatcher, type Dispatcher, type DispatcherOptions, type FailedEvent } from './dispatcher.ts';
import { notificationOf, type Subscription, subscribersOf, subscriptionsOf } from './notification.ts';

/** The parts of a service that say where its events go. */
export interface RoutedService {
  functions: Record<string, { maximumRetryAttempts?: number | undefined; events?: object[]; destinations?: unknown }>;
  /** The buckets' real names, by the names that `s3` events use. */
  buckets?: Record<string, { name?: string }> | undefined;
}

export interface RoutingOptions extends Omit<DispatcherOptions, 'onExhausted'> {
  /** Called for each event to deliver it to a function, or to drop it. By default events are delivered. */
  deliver?: (functionName: string, event: unknown) => void;
  /** Called when an event has failed for good, before its destination gets it. */
  onFailed?: (failure: FailedEvent) => void;
}

/** Routes events to the functions of a service: those of created objects, and those that have failed for good. */
export class EventRouter {
  readonly subscriptions: readonly Subscription[];
  readonly #dispatcher: Dispatcher;
  readonly #deliver: (functionName: string, event: unknown) => void;

  /** @throws when an `s3` event of the service does not have the documented form */
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

  /** Routes the event of a created object. @returns how many functions it starts */
  receive(object: CreatedObject): number {
    const subscribers = subscribersOf(object, this.subscriptions);
    for (const functionName of subscribers) this.#deliver(functionName, notificationOf(object));
    return subscribers.length;
  }

  /** Accepts an event for a function and returns at once. Never throws. */
  dispatch(functionName: string, event: unknown): void {
    this.#dispatcher.dispatch(functionName, event);
  }

  /** Resolves when all accepted events, and those that they led to, are handled. */
  idle(): Promise<void> {
    return this.#dispatcher.idle();
  }

  /** Drops waiting events and accepts no more. Running invocations may finish. */
  close(): void {
    this.#dispatcher.close();
  }
}
