import { replayingChooser } from './chooser.ts';
import type { Promised } from './promises/watch.ts';
import { type Scenario, type Walk, walkThrough } from './walk.ts';

/** Walks that are tried at the most. */
const MOST_TRIES = 150;

/**
 * The same failure in a shorter walk: choices are left out for as long as the same promise is broken, first many at a
 * time, then fewer. Whatever is left out happens in plain order.
 *
 * @see Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002
 */
export async function shortened(scenario: Scenario, failing: Walk, ignored: readonly Promised[]): Promise<Walk> {
  const promise = failing.broken[0]?.promise;
  let shortest = failing;
  let labels: readonly string[] = failing.labels;
  let tries = 0;
  for (let size = Math.ceil(labels.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < labels.length && tries < MOST_TRIES; ) {
      const fewer = labels.toSpliced(from, size);
      tries += 1;
      const walk = await walkThrough(scenario, replayingChooser(fewer), ignored);
      if (walk.broken[0]?.promise === promise) {
        shortest = walk;
        labels = fewer;
      } else from += size;
    }
  }
  return shortest;
}
