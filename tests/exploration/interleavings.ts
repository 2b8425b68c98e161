import { Bucket } from '../../lib/storage/bucket.ts';
import { Invocation } from './invocation.ts';
import { clientOf } from './s3/client.ts';
import { type Change, MemoryObjects } from './s3/objects.ts';
import { MemoryRequests } from './s3/requests.ts';
import { settled } from './settling.ts';

/** What one of several does that go on side by side. */
export type Program = (bucket: Bucket) => Promise<unknown>;

/** What is to be held of each way. */
export interface Assessment {
  /** Is given each change and the keys that are there then. */
  change(change: Change, keys: readonly string[], order: readonly string[]): void;
  /** Is given the keys that are there when all programs have ended. */
  end(keys: readonly string[], order: readonly string[]): void;
}

/**
 * Runs programs in every order in which S3 may answer them. Where they come to a situation that was there before, what
 * follows is known.
 *
 * @returns how many situations there are: who has heard what, and what lies in the bucket
 */
export async function everyInterleaving(programs: Record<string, Program>, assessment: Assessment): Promise<number> {
  const known = new Set<string>();
  const unexplored: (readonly string[])[] = [[]];
  for (let prefix = unexplored.pop(); prefix !== undefined; prefix = unexplored.pop()) {
    const run = new Interleaving(programs, assessment);
    await run.begin();
    for (const label of prefix) await run.take(label);
    for (;;) {
      if (known.has(run.situation)) break;
      known.add(run.situation);
      const [first, ...others] = run.choices;
      for (const other of others) unexplored.push([...run.order, other]);
      if (first === undefined) {
        assessment.end(run.keys, run.order);
        break;
      }
      await run.take(first);
    }
  }
  return known.size;
}

/** Programs that have come to somewhere. */
class Interleaving {
  readonly order: string[] = [];
  readonly #objects = new MemoryObjects(() => 0);
  readonly #invocations: Invocation[];
  readonly #works: (() => Promise<unknown>)[];
  /** What each has heard; it decides what it does next. */
  readonly #heard = new Map<string, string[]>();

  constructor(programs: Record<string, Program>, assessment: Assessment) {
    this.#objects.onChange = (change) => assessment.change(change, this.keys, this.order);
    this.#invocations = Object.keys(programs).map((name) => new Invocation(name, 0));
    this.#works = Object.values(programs).map((program, index) => () => program(this.#bucketOf(index)));
  }

  async begin(): Promise<void> {
    for (const [index, invocation] of this.#invocations.entries()) void invocation.run(this.#works[index] ?? idle);
    await settled(this.#invocations, 1);
  }

  /**
   * What may come next. Nothing is ever deleted, so that whoever asks for what is there, or wants to create it, gets the
   * same answer whenever it is its turn, and nobody else notices: then there is no need to try another order.
   */
  get choices(): string[] {
    const waiting = this.#invocations.flatMap(({ name, turns }) => turns.map(({ what }) => ({ name, what })));
    const decided = waiting.find(({ what }) => this.#objects.find(what.split(' ')[1] ?? '') !== undefined);
    return (decided === undefined ? waiting : [decided]).map(({ name, what }) => `${name}: ${what}`);
  }

  get keys(): string[] {
    return this.#objects.list().map(({ key }) => key);
  }

  get situation(): string {
    const heard = this.#invocations.map(({ name, ending }) => ending ?? (this.#heard.get(name) ?? []).toSorted());
    return JSON.stringify([heard, this.keys]);
  }

  async take(label: string): Promise<void> {
    const invocation = this.#invocations.find(({ name }) => label.startsWith(`${name}: `));
    const turn = invocation?.turns.find(({ what }) => label === `${invocation.name}: ${what}`);
    if (turn === undefined) throw new Error(`nobody waits for ${label}`);
    this.order.push(label);
    turn.take();
    await settled(this.#invocations, 1);
    const failed = this.#invocations.find(({ ending }) => ending === 'threw');
    if (failed !== undefined) throw failed.error;
  }

  #bucketOf(index: number): Bucket {
    const invocation = this.#invocations[index];
    const requests = new MemoryRequests(this.#objects);
    const client = clientOf((commandName, input) => {
      const what = `${commandName} ${input.Key ?? input.Prefix}`;
      return (
        invocation?.turn(what, () => this.#noted(invocation.name, what, () => requests.answer(commandName, input))) ??
        never()
      );
    });
    return new Bucket(client, 'offers');
  }

  #noted<T>(name: string, what: string, answer: () => T): T {
    const heard = this.#heard.get(name) ?? [];
    this.#heard.set(name, heard);
    try {
      const answered = answer();
      heard.push(`${what} ${JSON.stringify(answered)}`);
      return answered;
    } catch (error) {
      heard.push(`${what} ${error}`);
      throw error;
    }
  }
}

function idle(): Promise<void> {
  return Promise.resolve();
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
