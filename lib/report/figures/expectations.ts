import * as z from 'zod';
import { mapPredictions, PREDICTION_DEFINITION, PREDICTIONS, type Prediction, type Range } from '../../calls.ts';
import type { Outcome } from '../../run/contracts.ts';
import type { OutOfRange } from '../../run/summary.ts';

export type Expected = Record<Prediction, Range>;

/** The expected range of each prediction, unless a setting says otherwise. */
export const EXPECTED: Expected = mapPredictions((prediction) => PREDICTION_DEFINITION[prediction].expected);

const RANGE = 'must be a range such as 0..1, with both ends, one (0..) or none (..), the lower one first';

/** A range as it is written in a setting: `0..1`, `0..` without an upper end, `..` for any number. */
export const rangeSchema = z.string().transform((text, context): Range => {
  const ends = text.split('..').map((end) => end.trim());
  const [from, to] = ends.map((end) => (end === '' ? undefined : Number(end)));
  const isRange = ends.length === 2 && ![from, to].some(Number.isNaN) && (from ?? -Infinity) <= (to ?? Infinity);
  if (!isRange) context.addIssue({ code: 'custom', message: RANGE });
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
});

/** The predictions of one member that are outside of their expected range. */
export function unexpectedOf(
  outcome: Pick<Outcome, Prediction>,
  expected: Expected,
): { prediction: Prediction; value: number }[] {
  return PREDICTIONS.flatMap((prediction) => {
    const value = outcome[prediction];
    return value === undefined || isWithin(value, expected[prediction]) ? [] : [{ prediction, value }];
  });
}

function isWithin(value: number, { from = -Infinity, to = Infinity }: Range): boolean {
  return value >= from && value <= to;
}

/** Counts predictions outside of their expected range, including those of members that failed at another call. */
export class Expectations {
  readonly #expected: Expected;
  readonly #found = new Map<Prediction, OutOfRange>();

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  add(outcome: Outcome): void {
    for (const { prediction, value } of unexpectedOf(outcome, this.#expected)) {
      const expected = this.#expected[prediction];
      const found = this.#found.get(prediction) ?? { prediction, expected, members: 0, lowest: value, highest: value };
      found.members += 1;
      found.lowest = Math.min(found.lowest, value);
      found.highest = Math.max(found.highest, value);
      this.#found.set(prediction, found);
    }
  }

  /** The predictions outside of their range, as a part of the summary; without `outOfRange` when there are none. */
  found(): { outOfRange?: OutOfRange[] } {
    const outOfRange = PREDICTIONS.flatMap((prediction) => this.#found.get(prediction) ?? []);
    return outOfRange.length === 0 ? {} : { outOfRange };
  }
}
