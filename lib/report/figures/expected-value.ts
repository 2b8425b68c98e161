/**
 * What is to be expected of a member. A product that is more than a number can hold is the largest number instead, or
 * the most negative one.
 */
export function expectedValue(one: number, other: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, one * other));
}

/** Half-way between two values. Halves, because the sum of large ones may be more than a number can hold. */
export function middleOf(one: number, other: number): number {
  return one / 2 + other / 2;
}
