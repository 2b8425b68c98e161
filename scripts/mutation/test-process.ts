import { Child } from '../shared/child.ts';
import { outcomeSchema, type Trial, type TrialOutcome } from './trial.ts';

/** A process is replaced after so many trials, because the modules of each trial stay in memory. */
const TRIALS_PER_PROCESS = 200;

/** Runs of tests with random values: fewer than usual, because these tests run for many mutants. */
const FUZZ_RUNS = '30';

/** Runs trials in a process that is replaced when it hangs or dies. */
export class TestProcess {
  readonly #planted: string;
  #child: Child | undefined;
  #trials = 0;

  /** @param planted folder of the files with mutants */
  constructor(planted: string) {
    this.#planted = planted;
  }

  /** @returns undefined when the trial took longer than `limitMs` */
  async try(trial: Trial, limitMs: number): Promise<TrialOutcome | undefined> {
    if (this.#trials >= TRIALS_PER_PROCESS) this.stop();
    this.#child ??= this.#start();
    this.#trials += 1;
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), limitMs);
    const outcome = await Promise.race([this.#ask(this.#child, trial), late.promise]);
    clearTimeout(timer);
    if (outcome === undefined) this.stop();
    return outcome;
  }

  stop(): void {
    this.#child?.stop();
    this.#child = undefined;
    this.#trials = 0;
  }

  async #ask(child: Child, trial: Trial): Promise<TrialOutcome> {
    try {
      return await child.ask(outcomeSchema, trial);
    } catch (error) {
      // By now there may be another child.
      if (this.#child === child) this.stop();
      return { failure: String(error), tests: [], sharedHits: {} };
    }
  }

  #start(): Child {
    const environment = { FUZZ_RUNS, NODE_OPTIONS: '--no-warnings' };
    return Child.start(new URL('./testing-process.ts', import.meta.url), [this.#planted], environment);
  }
}
