import * as z from 'zod';
import type { Model, Range } from '../../calls.ts';
import { type Outcome, predictionIn } from '../../run/contracts.ts';
import type { OutOfRange } from '../../run/summary.ts';

/** What is expected of predictions instead of what the partner's file says, by the environment variable that says so. */
export type ExpectedSettings = Readonly<Record<string, Range | undefined>>;

/** What is expected of each model's predictions, by the model's name. */
export type Expected = Readonly<Record<string, Range>>;

/** What is expected of the predictions of a run's models: as it is set, else as the partner's file says. */
export function expectedOf(models: readonly Model[], settings: ExpectedSettings = {}): Expected {
  return Object.fromEntries(
    models.map(({ name, expected, expectedVariable }) => [name, settings[expectedVariable ?? ''] ?? expected]),
  );
}

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
  outcome: Outcome,
  expected: Expected,
): { prediction: string; value: number; range: Range }[] {
  return Object.entries(expected).flatMap(([prediction, range]) => {
    const value = predictionIn(outcome, prediction);
    return value === undefined || isWithin(value, range) ? [] : [{ prediction, value, range }];
  });
}

function isWithin(value: number, { from = -Infinity, to = Infinity }: Range): boolean {
  return value >= from && value <= to;
}

/** Counts predictions outside of their expected range, including those of members that failed at another call. */
export class Expectations {
  readonly #expected: Expected;
  readonly #found = new Map<string, OutOfRange>();

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  add(outcome: Outcome): void {
    for (const { prediction, value, range: expected } of unexpectedOf(outcome, this.#expected)) {
      const found = this.#found.get(prediction) ?? { prediction, expected, members: 0, lowest: value, highest: value };
      found.members += 1;
      found.lowest = Math.min(found.lowest, value);
      found.highest = Math.max(found.highest, value);
      this.#found.set(prediction, found);
    }
  }

  /** The predictions outside of their range, as a part of the summary; without `outOfRange` when there are none. */
  found(): { outOfRange?: OutOfRange[] } {
    const outOfRange = Object.keys(this.#expected).flatMap((prediction) => this.#found.get(prediction) ?? []);
    return outOfRange.length === 0 ? {} : { outOfRange };
  }
}
