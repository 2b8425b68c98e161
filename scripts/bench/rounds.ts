import { max, median, min } from 'd3-array';

/** The median of several rounds, with the smallest and the largest value. */
export interface RoundsSpread {
  median: number;
  min: number;
  max: number;
  rounds: number;
}

/** @param values one for each round, at least one */
export function spreadOfRounds(values: readonly number[]): RoundsSpread {
  return { median: median(values) ?? 0, min: min(values) ?? 0, max: max(values) ?? 0, rounds: values.length };
}

/** Does the work so many times, one after the other. */
export async function inRounds<T>(rounds: number, work: (round: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 1; round <= rounds; round++) results.push(await work(round));
  return results;
}
