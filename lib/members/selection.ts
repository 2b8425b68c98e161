import type { FeatureDefinition, InputDefinition, ValueCondition } from '../partners/definition.ts';
import type { Calendar } from '../transactions/calendar.ts';
import { codeOf, TIME_VALUE, type Transaction, valueFields } from '../transactions/transaction.ts';

/** Which of a member's transactions are meant: those that fulfil all conditions, of some days. */
export interface Selection {
  conditions: readonly CodeCondition[];
  /** How many days there are, of which the as-of day is the last; undefined for all. */
  days: number | undefined;
}

/** One of some values that a field with an enum must have. */
interface CodeCondition {
  /** The field's place among a transaction's values. */
  value: number;
  /** By code, whether it is one of them. */
  isAllowed: Uint8Array;
}

/** What a feature's `where` and `days` select. */
export function selectionOf(input: InputDefinition, { where = {}, days }: FeatureDefinition): Selection {
  return { conditions: conditionsOf(input, where), days };
}

/** The transactions of a selection that fulfil another condition, too. */
export function narrowed(input: InputDefinition, selection: Selection, condition: ValueCondition): Selection {
  return { ...selection, conditions: [...selection.conditions, ...conditionsOf(input, condition)] };
}

/** Two selections with the same key select the same. */
export function keyOf({ conditions, days }: Selection): string {
  const parts = conditions.map(({ value, isAllowed }) => `${value}:${isAllowed.join('')}`);
  return [...new Set(parts.toSorted()), days ?? ''].join(' ');
}

/** Whether a transaction is selected. @param from where the days begin, see `beginningOf` */
export function isSelected({ conditions }: Selection, from: number, values: Transaction['values']): boolean {
  if (!((values[TIME_VALUE] ?? 0) >= from)) return false;
  for (const { value, isAllowed } of conditions) if (isAllowed[values[value] ?? 0] !== 1) return false;
  return true;
}

/** When the days of a selection begin, milliseconds since the epoch. @param asOfDay days since the epoch */
export function beginningOf(days: number | undefined, asOfDay: number, calendar: Calendar): number {
  return days === undefined ? Number.NEGATIVE_INFINITY : calendar.beginningOf(asOfDay + 1 - days);
}

function conditionsOf(input: InputDefinition, condition: ValueCondition): CodeCondition[] {
  const fields = valueFields(input);
  return Object.entries(condition).map(([name, values]) => {
    const field = input.fields[name];
    const isAllowed = new Uint8Array(1 + Object.keys(field?.enum ?? {}).length);
    for (const value of [values].flat()) isAllowed[codeOf(field, value)] = 1;
    return { value: fields.indexOf(name), isAllowed };
  });
}
