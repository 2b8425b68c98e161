/**
 * A member's expected value, the product of two predictions. A product that a number cannot hold becomes the largest
 * number, or the most negative one.
 */
export function expectedValue(one: number, other: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, one * other));
}

/** The middle between two values. It adds halves, because a number may not hold the sum of two large values. */
export function middleOf(one: number, other: number): number {
  return one / 2 + other / 2;
}
