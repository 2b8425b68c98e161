import { quantileSorted } from 'd3-array';
import type { Spread } from '../../run/summary.ts';

const FIRST_CAPACITY = 64;

/** A list of numbers that takes 8 bytes for each; `NaN` stands for a missing number. */
export class NumberColumn {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }

  /** Whether at least one number is not missing. */
  get hasNumbers(): boolean {
    return this.#values.subarray(0, this.#length).some((value) => !Number.isNaN(value));
  }

  /** The numbers that are not missing, as a new array in ascending order. */
  sorted(): number[] {
    const sorted = this.#values.slice(0, this.#length).sort();
    // `sort` puts NaN, for missing numbers, after all others.
    return Array.from(sorted.subarray(0, sorted.findLastIndex((value) => !Number.isNaN(value)) + 1));
  }
}

/** @param sorted values in ascending order. @returns undefined when there are none */
export function spreadOf(sorted: number[]): Spread | undefined {
  if (sorted.length === 0) return undefined;
  const at = (share: number) => quantile(sorted, share);
  return { min: at(0), lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75), max: at(1) };
}

/** A number may not hold the difference of two extreme values. In that case this calculates with their halves. */
function quantile(sorted: number[], share: number): number {
  const value = quantileSorted(sorted, share) ?? Number.NaN;
  return Number.isFinite(value) ? value : 2 * (quantileSorted(sorted, share, half) ?? Number.NaN);
}

function half(value: number): number {
  return value / 2;
}
