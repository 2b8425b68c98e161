import type { Harness } from '../harness.ts';
import { CallPromises } from './calls.ts';
import { assessEnds } from './ends.ts';
import { assessMessages } from './messages.ts';
import { WritePromises } from './writes.ts';

/** What the service promises, whatever happens. */
export type Promised =
  | 'nobody hangs'
  | 'every upload has a run'
  | 'every run ends'
  | 'who fails says why'
  | 'what was read is what was dropped'
  | 'the outputs agree'
  | 'a round is completed once'
  | 'a round is completed when all is in'
  | 'a summary never goes back'
  | 'what is written stays'
  | 'nobody is called for again'
  | 'the topic is told last what came last'
  | 'the topic is told once'
  | 'the topic is never told of less'
  | 'everybody is scored in the end'
  | 'who has ended is left alone';

/** A promise that was not kept. */
export interface Broken {
  promise: Promised;
  how: string;
}

export type Report = (promise: Promised, how: string) => void;

/** Watches the service in a harness, and says which promises it breaks. */
export class Watch {
  readonly broken: Broken[] = [];
  readonly #harness: Harness;
  readonly #ignored: readonly Promised[];

  /** @param ignored promises that need not be kept */
  constructor(harness: Harness, ignored: readonly Promised[] = []) {
    this.#harness = harness;
    this.#ignored = ignored;
    const writes = new WritePromises(harness, this.report);
    const calls = new CallPromises(harness, this.report);
    harness.onWritten = (written) => {
      calls.note(written);
      writes.assess(written);
    };
    harness.services.onCall = (call) => calls.assess(call);
  }

  readonly report: Report = (promise, how) => {
    if (!this.#ignored.includes(promise)) this.broken.push({ promise, how });
  };

  /** To be called when nothing moves any more. */
  assessEnds(): void {
    assessEnds(this.#harness, this.report);
    assessMessages(this.#harness, this.report);
  }
}
