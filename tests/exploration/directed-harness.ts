import { outputKey, uploadKey } from '../../lib/run/keys.ts';
import { type Summary, summarySchema } from '../../lib/run/summary.ts';
import type { Delivery } from './deliveries.ts';
import { Harness } from './harness.ts';
import { idle } from './idle.ts';
import type { Invocation, Turn } from './invocation.ts';
import { fileOf } from './members.ts';
import { stored } from './promises/runs.ts';

/** A harness whose course a test tells step by step. */
export class DirectedHarness extends Harness {
  /** Somebody drops a file of so many members. @returns its key */
  upload(name: string, members = 4, metadata: Record<string, string> = {}): string {
    const key = uploadKey('acme', name);
    this.store(key, fileOf(members), metadata);
    return key;
  }

  /**
   * Delivers the event of this name, or its next attempt: `predict run 1/2`, `onFailure of report run 1`.
   *
   * @throws when there is none
   */
  begin(name: string): Promise<Invocation> {
    return this.start(this.#waiting(name));
  }

  /** The event of this name, whose invocation goes on to its end. @returns what it returned */
  async perform(name: string): Promise<unknown> {
    return this.finish(await this.begin(name));
  }

  /** The event of this name never comes. */
  lose(name: string): void {
    this.deliveries.lose(this.#waiting(name));
  }

  /** S3 tells once more of what the event of this name is about. */
  repeat(name: string): void {
    this.deliveries.repeat(this.#waiting(name), { isNew: true });
  }

  #waiting(name: string): Delivery {
    const delivery = this.deliveries.waiting.find((one) => one.name === name);
    if (delivery !== undefined) return delivery;
    throw new Error(`${name} does not wait; these do: ${this.waitingNames}`);
  }

  get waitingNames(): string[] {
    return this.deliveries.waiting.map(({ name }) => name);
  }

  /** Somebody resumes a run by hand. */
  resume(run = 1): Promise<Invocation> {
    return this.start(this.call('resume', { runId: this.runId(run) }, `run ${run}`));
  }

  /** The schedule of `resume`. */
  schedule(): Promise<Invocation> {
    return this.start(this.call('schedule', {}, ''));
  }

  passMinutes(minutes: number): Promise<void> {
    return this.pass(minutes * 60_000);
  }

  runId(run = 1): string {
    return this.runIds[run - 1] ?? '';
  }

  /** What a run's summary says; undefined when there is none. */
  summary(run = 1, partner = 'acme'): Summary | undefined {
    return stored(this, outputKey(partner, this.runId(run), 'summary'), summarySchema);
  }

  /** Subjects of all messages. */
  get told(): string[] {
    return this.topic.messages.map(({ subject }) => subject);
  }

  /** The invocation goes on, alone, until it waits for what begins so: `PutObject results/`. @throws when it ends */
  async until(invocation: Invocation, what: string): Promise<Turn> {
    for (;;) {
      const awaited = invocation.turns.find((turn) => turn.what.startsWith(what));
      if (awaited !== undefined) return awaited;
      const [turn] = invocation.turns;
      if (turn === undefined) throw new Error(`${invocation.name} has ended (${invocation.ending}) before ${what}`);
      await this.take(invocation, turn);
    }
  }

  /** What has begun goes on until it waits for what begins so, and is held up there. */
  async held(beginning: Promise<Invocation>, what: string): Promise<Invocation> {
    const invocation = await beginning;
    await this.until(invocation, what);
    return invocation;
  }

  /** The invocation goes on until what begins so has been done. */
  async past(invocation: Invocation, what: string): Promise<void> {
    await this.take(invocation, await this.until(invocation, what));
  }

  /** The invocation goes on, alone, until it has ended. @returns what it returned @throws what it threw */
  async finish(invocation: Invocation): Promise<unknown> {
    for (let [turn] = invocation.turns; turn !== undefined; [turn] = invocation.turns) {
      await this.take(invocation, turn);
    }
    if (invocation.ending === 'threw') throw invocation.error;
    return invocation.answer;
  }

  /** The invocation is no more; its event is delivered again. */
  crash(invocation: Invocation): Promise<void> {
    return this.kill(invocation);
  }

  /** Everything that is under way comes to its end, in plain order, but for those held up. @returns what happened */
  idle(...heldUp: Invocation[]): Promise<string[]> {
    return idle(this, (mover) => !heldUp.some(({ name }) => name === mover));
  }

  /** An object's text. @throws when it is not there */
  textOf(key: string): string {
    const object = this.objects.find(key);
    if (object === undefined) throw new Error(`there is no ${this.named(key)}`);
    return object.body.toString();
  }
}
