import type { AnswerValue } from './answer-values.ts';

/** A right answer with something wrong in it. */
interface Alteration {
  description: string;
  /** Whether it is about single rows of an answer. */
  isOfRows: boolean;
  /** @param rows which are hit, from 0 */
  alter: (values: readonly AnswerValue[], rows: ReadonlySet<number>) => readonly AnswerValue[];
}

/** All faults that are in answers that are otherwise right, by name. */
export const ALTERATIONS = {
  nan: ofRows("200 with a bare NaN as a row's value, which is no JSON", () => ({ json: 'NaN', csv: 'nan' })),
  infinity: ofRows("200 with a bare Infinity as a row's value", () => ({ json: 'Infinity', csv: 'inf' })),
  null: ofRows("200 with null as a row's value, in CSV nothing", () => ({ json: 'null', csv: '' })),
  string: ofRows("200 with a text as a row's prediction, a number as its offer", ({ value }) => ({
    json: typeof value === 'number' ? '"high"' : '12',
    csv: 'high',
  })),
  types: {
    description: '200 with all predictions as texts, which are numbers all the same, and all offers as numbers',
    isOfRows: false,
    alter: (values) => values.map((value) => ({ ...value, ...ofAnotherType(value) })),
  },
  count: {
    description: '200 with one value less than there are rows',
    isOfRows: false,
    alter: (values) => values.slice(0, -1),
  },
} satisfies Record<string, Alteration>;

export type AlterationName = keyof typeof ALTERATIONS;

/** Whether a name is one of `ALTERATIONS`. */
export function isAlterationName(name: string): name is AlterationName {
  return Object.hasOwn(ALTERATIONS, name);
}

function ofRows(description: string, other: (value: AnswerValue) => Omit<AnswerValue, 'value'>): Alteration {
  return {
    description,
    isOfRows: true,
    alter: (values, rows) => values.map((value, row) => (rows.has(row) ? { ...value, ...other(value) } : value)),
  };
}

function ofAnotherType({ value }: AnswerValue): Omit<AnswerValue, 'value'> {
  return typeof value === 'number' ? { json: `"${value}"`, csv: String(value) } : { json: '12', csv: '12' };
}
