import { replayingChooser } from './chooser.ts';
import type { Promised } from './promises/watch.ts';
import { type Scenario, type Step, type Walk, walkThrough } from './walk.ts';

/** Walks that are tried at the most. */
const MAX_TRIES = 120;

/** A walk that fails, and what may be tried to make it shorter. */
class Shortening {
  readonly #scenario: Scenario;
  readonly #ignored: readonly Promised[];
  #triesLeft = MAX_TRIES;
  shortest: Walk;

  constructor(scenario: Scenario, failing: Walk, ignored: readonly Promised[]) {
    this.#scenario = scenario;
    this.#ignored = ignored;
    this.shortest = failing;
  }

  /** Whether the walk breaks the same promise when it takes these steps, and all others in plain order. */
  async try(steps: readonly Step[]): Promise<boolean> {
    if (this.#triesLeft-- <= 0) return false;
    const labels = steps.map(({ label }) => label);
    const walk = await walkThrough(this.#scenario, replayingChooser(labels), this.#ignored);
    if (walk.broken[0]?.promise !== this.shortest.broken[0]?.promise) return false;
    this.shortest = walk;
    return true;
  }
}

/**
 * The same failure in a shorter walk. First faults are left out and what people did, then whatever else can be, many
 * steps at a time and then fewer; at last steps of the same invocation are put beside each other.
 *
 * @see Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002
 */
export async function shortened(scenario: Scenario, failing: Walk, ignored: readonly Promised[] = []): Promise<Walk> {
  const shortening = new Shortening(scenario, failing, ignored);
  await leaveOut(shortening, 1, ({ kind }) => kind !== 'move');
  for (let size = Math.ceil(failing.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    await leaveOut(shortening, size, () => true);
  }
  await gather(shortening);
  return shortening.shortest;
}

/** Leaves out so many steps at a time, where they begin with one of these. */
async function leaveOut(shortening: Shortening, size: number, isOne: (step: Step) => boolean): Promise<void> {
  for (let from = shortening.shortest.steps.length - 1; from >= 0; from--) {
    const { steps } = shortening.shortest;
    const step = steps[from];
    if (step === undefined || !isOne(step)) continue;
    const isShorter = await shortening.try(steps.toSpliced(from, size));
    if (!isShorter) from -= size - 1;
  }
}

/** Brings each step forward to the last one of the same invocation. */
async function gather(shortening: Shortening): Promise<void> {
  for (let at = 1; at < shortening.shortest.steps.length; at++) {
    const { steps } = shortening.shortest;
    const step = steps[at];
    const before = steps.findLastIndex(({ mover }, index) => index < at && mover === step?.mover);
    if (step?.mover === undefined || before === -1 || before === at - 1) continue;
    await shortening.try(steps.toSpliced(at, 1).toSpliced(before + 1, 0, step));
  }
}
