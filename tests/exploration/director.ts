import { type Summary, summarySchema } from '../../lib/contracts.ts';
import { outputKey } from '../../lib/layout.ts';
import type { Delivery } from './deliveries.ts';
import type { Invocation } from './invocation.ts';
import { World, type WorldOptions } from './world.ts';

const MS_PER_MINUTE = 60_000;

/** Says step by step what happens in a world. */
export class Director {
  readonly world: World;

  constructor(options?: WorldOptions) {
    this.world = new World(options);
  }

  /** The latest event about this that is waiting, `predict run 1/2`. */
  waiting(name: string): Delivery {
    const delivery = this.world.deliveries.waiting.findLast(
      (one) => one.name === name || one.name.startsWith(`${name} `),
    );
    if (delivery === undefined) throw new Error(`no event ${name} among ${this.#names()}`);
    return delivery;
  }

  /** An event is delivered; nothing has been asked of anybody yet. */
  begin(name: string): Promise<Invocation> {
    return this.world.start(this.waiting(name));
  }

  /** It goes on until it is about to do this, or has ended. */
  async until(invocation: Invocation, what: string): Promise<Invocation> {
    for (;;) {
      const [turn] = invocation.turns;
      if (turn === undefined || invocation.turns.some((one) => one.what.startsWith(what))) return invocation;
      await this.world.take(invocation, turn);
    }
  }

  /** It does what it was about to do. */
  async step(invocation: Invocation): Promise<Invocation> {
    const [turn] = invocation.turns;
    if (turn !== undefined) await this.world.take(invocation, turn);
    return invocation;
  }

  /** It goes on to its end. */
  finish(invocation: Invocation): Promise<Invocation> {
    return this.until(invocation, 'the end');
  }

  async perform(name: string): Promise<Invocation> {
    return this.finish(await this.begin(name));
  }

  /** Everything goes on to its end, one after the other, but for those that are held up. */
  async idle(...heldUp: Invocation[]): Promise<void> {
    for (;;) {
      const next = this.world.underWay.find((one) => !heldUp.includes(one));
      const [delivery] = this.world.deliveries.waiting;
      if (next !== undefined) await this.finish(next);
      else if (delivery !== undefined) await this.world.start(delivery);
      else return;
    }
  }

  /** An event never comes. */
  lose(name: string): void {
    this.world.deliveries.lose(this.waiting(name));
  }

  /** S3 tells of an object once more. */
  repeat(name: string): void {
    this.world.deliveries.repeat(this.waiting(name), { isNew: true });
  }

  /** Somebody resumes a run by hand. */
  resume(run = 1): Promise<Invocation> {
    return this.world.start(this.world.call('resume', { runId: this.runId(run) }, `run ${run}`));
  }

  schedule(): Promise<Invocation> {
    return this.world.start(this.world.call('schedule', {}, ''));
  }

  passMinutes(minutes: number): Promise<void> {
    return this.world.pass(minutes * MS_PER_MINUTE);
  }

  runId(run = 1): string {
    return this.world.runIds[run - 1] ?? '';
  }

  /** What the run's summary says; undefined when there is none. */
  summary(run = 1, partner = 'acme'): Summary | undefined {
    const object = this.world.objects.find(outputKey(partner, this.runId(run), 'summary'));
    return object && summarySchema.parse(JSON.parse(object.body.toString()));
  }

  /** Subjects of all messages. */
  get told(): string[] {
    return this.world.topic.messages.map(({ subject }) => subject);
  }

  #names(): string {
    return this.world.deliveries.waiting.map(({ name }) => name).join(', ');
  }
}
