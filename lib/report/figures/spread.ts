import { quantileSorted } from 'd3-array';
import type { Spread } from '../../run/summary.ts';

const FIRST_CAPACITY = 64;

/** Numbers one after the other, 8 bytes each; `NaN` where there is none. */
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

  /** Whether there is a number at all. */
  get hasNumbers(): boolean {
    return this.#values.subarray(0, this.#length).some((value) => !Number.isNaN(value));
  }

  /** A copy of the numbers that are there, in ascending order. */
  sorted(): number[] {
    const sorted = this.#values.slice(0, this.#length).sort();
    // Those that are missing are sorted behind all numbers.
    return Array.from(sorted.subarray(0, sorted.findLastIndex((value) => !Number.isNaN(value)) + 1));
  }
}

/** @param sorted in ascending order; undefined when it is empty */
export function spreadOf(sorted: number[]): Spread | undefined {
  if (sorted.length === 0) return undefined;
  const at = (share: number) => quantile(sorted, share);
  return { min: at(0), lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75), max: at(1) };
}

/** The difference of a large and a most negative value may be more than a number can hold; that of their halves is not. */
function quantile(sorted: number[], share: number): number {
  const value = quantileSorted(sorted, share) ?? Number.NaN;
  return Number.isFinite(value) ? value : 2 * (quantileSorted(sorted, share, half) ?? Number.NaN);
}

function half(value: number): number {
  return value / 2;
}
