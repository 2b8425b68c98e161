import { setTimeout as pause } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Bucket } from '../../lib/storage/bucket.ts';
import { InProcess } from '../../local/in-process.ts';
import { lambdaThrottling } from '../../local/lambda/throttling.ts';
import { asFunction, breakEndpoints, breakS3, type Faults } from './faults.ts';

const MAX_DELAY_MS = 100;
const CONCURRENCY = 4;
/** A wait of a second on Lambda takes a millisecond here. */
const TIME_SCALE = 1000;
/** Lambda's wait before the first retry of a failed event. */
const RETRY_DELAY_MS = 60_000;

/** Settings for small files: many batches, and attempts that follow each other at once. */
const ENVIRONMENT = {
  MIN_BATCH_SIZE: '20',
  MAX_BATCHES: '16',
  CONCURRENCY: '16',
  MAX_ATTEMPTS: '8',
  RETRY_DELAY_MS: '20',
  TIME_RESERVE_MS: '1000',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

/** The whole service in this process, with all faults that can occur in it. */
export class ChaosHarness {
  readonly #service: InProcess;
  readonly #events: UnreliableEvents;

  private constructor(service: InProcess, events: UnreliableEvents) {
    this.#service = service;
    this.#events = events;
  }

  static async start(faults: Faults): Promise<ChaosHarness> {
    const events = new UnreliableEvents(faults);
    const kills = killerOf(faults);
    const service = await InProcess.start({
      environment: ENVIRONMENT,
      prepare: (endpoints) => breakEndpoints(endpoints, faults),
      deliver: (functionName, event) => events.deliver(() => service.dispatch(functionName, event)),
      around: (functionName, handle, event) => {
        if (functionName === 'predict' && kills(event)) throw new Error('Runtime exited with error: signal: killed');
        return asFunction(functionName, handle);
      },
      concurrencyOf: () => CONCURRENCY,
      // Functions run in real time while waits are shortened, so no event may become too old.
      throttling: { ...lambdaThrottling(), longestMs: Number.POSITIVE_INFINITY },
      retryDelayMs: RETRY_DELAY_MS,
      delay: (milliseconds) => pause(milliseconds / TIME_SCALE),
      log: () => undefined,
    });
    breakS3(faults);
    return new ChaosHarness(service, events);
  }

  get bucket(): Bucket {
    return this.#service.bucket;
  }

  async drop(Key: string, Body: string, asOf: string): Promise<void> {
    const { client, bucket } = this.#service;
    await client.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body, Metadata: { 'as-of': asOf } }));
  }

  /** Resolves when all events are handled. */
  async idle(): Promise<void> {
    do {
      await this.#events.arrived();
      await this.#service.idle();
    } while (this.#events.areUnderWay);
  }

  async stop(): Promise<void> {
    await this.idle();
    await this.#service.stop();
  }
}

/** Delivers events unreliably: some get lost, are repeated, or overtake others. */
class UnreliableEvents {
  readonly #faults: Faults;
  readonly #delayed = new Set<Promise<void>>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  get areUnderWay(): boolean {
    return this.#delayed.size > 0;
  }

  /** @param dispatch hands the event on */
  deliver(dispatch: () => void): void {
    if (this.#faults.strikes('event dropped')) return;
    const times = this.#faults.strikes('event repeated') ? 3 : 1;
    for (let time = 0; time < times; time++) {
      if (this.#faults.strikes('event delayed')) this.#delay(dispatch);
      else dispatch();
    }
  }

  /** Resolves when all events that are delayed at this moment have been delivered. */
  async arrived(): Promise<void> {
    await Promise.all(this.#delayed);
  }

  #delay(dispatch: () => void): void {
    const delay = pause(Math.random() * MAX_DELAY_MS).then(() => {
      this.#delayed.delete(delay);
      dispatch();
    });
    this.#delayed.add(delay);
  }
}

/** Makes a function that says whether an event kills each invocation. For the same event it always says the same. */
function killerOf(faults: Faults): (event: unknown) => boolean {
  const killers = new Map<string, boolean>();
  return (event) => {
    if (!faults.isOn) return false;
    const key = JSON.stringify(event);
    const known = killers.get(key) ?? faults.strikes('batch that kills every invocation');
    killers.set(key, known);
    return known;
  };
}
