import { runIdOf, subjectOf } from '../../lib/run/keys.ts';
import type { ObjectCreated } from '../../lib/run/object-created.ts';
import { startsRun } from '../../lib/run/upload-kinds.ts';
import type { Batching } from '../../lib/stages/features/batches.ts';
import { Deadline } from '../../lib/stages/predict/deadline.ts';
import { Bucket } from '../../lib/storage/bucket.ts';
import { VirtualClock } from './clock.ts';
import { Deliveries, type Delivery } from './deliveries.ts';
import { FakeServices } from './endpoints.ts';
import { FUNCTIONS, type FunctionName, type Payloads } from './functions.ts';
import { Invocation, type Turn } from './invocation.ts';
import { clientOf } from './s3/client.ts';
import { type Change, MemoryObjects, type Present } from './s3/objects.ts';
import { MemoryRequests } from './s3/requests.ts';
import { startedBy, TIME_OUT_MS } from './service.ts';
import { settled } from './settling.ts';
import { acting, FakeTopic } from './topic.ts';

export const BUCKET = 'offers';

/** How long one request to S3, an endpoint or a topic takes, milliseconds. */
const TICK_MS = 40;
/** A request arrives before its sender's event is delivered again, or never. */
const MAX_WAY_MS = 60_000;

/** A request that is under way while whoever sent it is not there any more. */
export interface Stray {
  invocation: Invocation;
  turn: Turn;
  sentAt: number;
}

/** An upload as it was at one time. */
export function stateOf({ key, etag }: { key: string; etag: string }): string {
  return `${etag} ${key}`;
}

/** What an operation did to an object, and whose it was; nobody's is a person's. */
export interface Written extends Change {
  by: Invocation | undefined;
  at: number;
}

export interface HarnessOptions {
  batching?: Batching;
  isVersioned?: boolean;
  /** In one request to an endpoint, at the most. */
  rows?: number;
}

/**
 * The service with everything around it in memory: S3, Lambda, endpoints, a topic and the time. Nothing moves by itself:
 * whoever holds the harness says which event is delivered and which invocation goes on.
 */
export class Harness {
  readonly clock = new VirtualClock(new Date('2024-02-01T10:00:00.250Z'));
  readonly objects: MemoryObjects;
  readonly services: FakeServices;
  readonly topic = new FakeTopic();
  readonly deliveries = new Deliveries();
  /** All that there were, in the order of their beginning. */
  readonly invocations: Invocation[] = [];
  strays: Stray[] = [];
  /** What was dropped, by the run that it starts. */
  readonly uploads = new Map<string, string>();
  /** What was a part of a folder, by key and ETag: `stateOf`. */
  readonly parts = new Map<string, string>();
  batching: Batching;
  /** Is told of every change of the bucket. */
  onWritten: (written: Written) => void = () => undefined;
  readonly #requests: MemoryRequests;
  readonly #aliases = new Map<string, string>();
  readonly #delivered = new Map<Invocation, Delivery>();
  readonly #ended = new Set<Invocation>();
  readonly #deadlines = new Map<Invocation, Deadline>();
  #acting: Invocation | undefined;

  constructor({ batching = { minBatchSize: 1, maxBatches: 2 }, isVersioned = false, rows }: HarnessOptions = {}) {
    this.services = new FakeServices(rows);
    this.objects = new MemoryObjects(() => this.clock.time, { isVersioned });
    this.#requests = new MemoryRequests(this.objects);
    this.batching = batching;
    this.objects.onChange = (change) => {
      this.onWritten({ ...change, by: this.#acting, at: this.clock.time });
      if (change.after !== undefined) this.#notify(change.after);
    };
  }

  /** Does something with the time and the topic of the harness in place of those of the process. */
  during<T>(work: () => Promise<T>): Promise<T> {
    return this.clock.during(() => this.topic.during(work));
  }

  get underWay(): Invocation[] {
    return this.invocations.filter(({ ending }) => ending === undefined);
  }

  /** Runs' ids by their order, so that a text is the same whenever they began. */
  named(text: string): string {
    return [...this.#aliases].reduce((named, [runId, alias]) => named.replaceAll(runId, alias), text);
  }

  /** What an invocation is about; undefined when it is about no object. */
  objectOf(invocation: Invocation): ObjectCreated | undefined {
    const payload = this.#delivered.get(invocation)?.payload;
    return payload !== undefined && 'object' in payload ? payload.object : undefined;
  }

  get runIds(): string[] {
    return [...this.#aliases.keys()];
  }

  /** A person stores an object. */
  store(key: string, body: string, metadata: Record<string, string> = {}): void {
    this.tick();
    this.objects.put(key, Buffer.from(body), { metadata });
  }

  /** A person deletes one. */
  remove(key: string): void {
    this.tick();
    this.objects.delete(key);
  }

  /** Somebody, or a schedule, calls a function. */
  call<Name extends FunctionName>(functionName: Name, payload: Payloads[Name], subject: string): Delivery {
    return this.deliveries.add(functionName, payload, subject);
  }

  /** As its invocation is called. */
  titleOf({ name, attempt }: Delivery): string {
    return attempt === 1 ? name : `${name}, attempt ${attempt}`;
  }

  /** Delivers an event: an invocation begins, and comes to its first turn. */
  async start(delivery: Delivery): Promise<Invocation> {
    this.deliveries.take(delivery);
    this.clock.reach(delivery.notBefore);
    this.tick();
    const invocation = new Invocation(this.titleOf(delivery), this.clock.time);
    this.invocations.push(invocation);
    this.#delivered.set(invocation, delivery);
    acting.run(invocation, () => void invocation.run(() => this.#run(invocation, delivery)));
    await this.settle();
    return invocation;
  }

  /** Lets one invocation do what it waits for. */
  async take(invocation: Invocation, turn: Turn): Promise<void> {
    this.tick();
    this.as(invocation, () => turn.take());
    await this.settle();
  }

  /** It hears an error instead of an answer. */
  async fail(invocation: Invocation, turn: Turn, error: Error, isDone: boolean): Promise<void> {
    this.tick();
    this.as(invocation, () => turn.fail(error, isDone));
    await this.settle();
  }

  /**
   * It is no more; Lambda delivers its event again.
   *
   * @param isFinal and all attempts that follow die as early
   * @param stray what it had sent may still arrive
   */
  async kill(invocation: Invocation, { isFinal = false, stray }: { isFinal?: boolean; stray?: Turn } = {}) {
    if (stray !== undefined) this.strays.push({ invocation, turn: stray, sentAt: this.clock.time });
    invocation.end('died');
    await this.settle({ isFinal });
  }

  /** What somebody who has died has sent is carried out. */
  arrive(stray: Stray): void {
    this.strays = this.strays.filter((other) => other !== stray);
    this.tick();
    this.as(stray.invocation, () => stray.turn.takeUnheard());
  }

  /** There is no time left but for storing what there is. */
  async runShort(invocation: Invocation): Promise<void> {
    this.#deadlines.get(invocation)?.pass();
    await this.settle();
  }

  /** Time passes. What has been under way for as long as a function may take is no more. */
  async pass(milliseconds: number): Promise<void> {
    this.clock.time += milliseconds;
    for (const invocation of this.underWay) {
      if (this.clock.time - invocation.startedAt > TIME_OUT_MS) invocation.end('died');
    }
    await this.settle();
  }

  /** What it did is on account of this invocation. */
  as(invocation: Invocation | undefined, act: () => void): void {
    this.#acting = invocation;
    try {
      act();
    } finally {
      this.#acting = undefined;
    }
  }

  tick(): void {
    this.clock.time += TICK_MS;
  }

  async settle({ isFinal = false } = {}): Promise<void> {
    await settled(this.underWay);
    this.strays = this.strays.filter(({ sentAt }) => this.clock.time - sentAt < MAX_WAY_MS);
    for (const [invocation, delivery] of this.#delivered) {
      if (invocation.ending === undefined || this.#ended.has(invocation)) continue;
      this.#ended.add(invocation);
      this.#deadlines.delete(invocation);
      if (invocation.ending !== 'returned') this.deliveries.fail(delivery, this.clock.time, isFinal);
    }
  }

  #run<Name extends FunctionName>(invocation: Invocation, delivery: Delivery<Name>): Promise<unknown> {
    const client = clientOf((commandName, input) => {
      const what = this.named(`${commandName.replace(/Command$/, '')} ${input.Key ?? input.Prefix ?? ''}`);
      return invocation.turn(what, () => this.#requests.answer(commandName, input));
    });
    const deadline = new Deadline();
    this.#deadlines.set(invocation, deadline);
    return FUNCTIONS[delivery.functionName](delivery.payload, {
      bucket: new Bucket(client, BUCKET),
      endpoints: this.services.for(invocation),
      deadline,
      batching: this.batching,
      requestId: delivery.requestId,
    });
  }

  #notify({ key, etag, sequencer, versionId, storedAt, body }: Present): void {
    const functionName = startedBy(key);
    this.#nameRunOf(key);
    if (functionName === undefined) return;
    const version = this.objects.isVersioned ? { versionId } : {};
    const object: ObjectCreated = { bucket: BUCKET, key, etag, sequencer, ...version, createdAt: new Date(storedAt) };
    if (functionName === 'features') {
      this.parts.set(stateOf(object), body.toString());
      if (!startsRun(object)) return;
      this.#alias(runIdOf(object));
      this.uploads.set(runIdOf(object), body.toString());
    }
    const { runId, batch } = subjectOf(object);
    this.deliveries.add(functionName, { object }, this.named(batch === undefined ? runId : `${runId}/${batch}`));
  }

  /** Parts that wait in vain have a run that no event has started. */
  #nameRunOf(key: string): void {
    const [prefix, runId = '', name] = key.split('/');
    if (prefix === 'runs' && name === 'manifest.json' && !this.#aliases.has(runId)) this.#alias(runId);
  }

  #alias(runId: string): void {
    this.#aliases.set(runId, `run ${this.#aliases.size + 1}`);
  }
}
