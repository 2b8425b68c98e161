import type { Definition, FeatureDefinition, ValueCondition } from '../partners/definition.ts';
import { functionOf } from '../partners/feature-function.ts';
import { calendarOf, calendarOfFile } from '../transactions/calendar.ts';
import { NO_CODE, TIME_VALUE, type Transaction, valueFields } from '../transactions/transaction.ts';
import { columnOf } from './compiled-features.ts';
import { beginningOf, isSelected, narrowed, selectionOf } from './selection.ts';

/** How a feature comes about, in numbers that a person can check. Terms are in order of time. */
export type Arithmetic =
  /** The total is that of the aggregates to the last digit. */
  | { type: 'mean' | 'sum'; terms: readonly number[]; total: number }
  | { type: 'min' | 'max'; terms: readonly number[] }
  | { type: 'count'; count: number }
  /** @property kind the values that make the part, as `buy` or `buy or gift` */
  | { type: 'share'; kind: string; part: number; whole: number }
  /** Both are days since the epoch. */
  | { type: 'days'; from: number; to: number }
  /** The member has no such transaction. */
  | { type: 'default' };

/**
 * The arithmetic of a feature that a definition has.
 *
 * @param inOrderOfLines the member's accepted transactions
 * @param asOfDay days since the epoch
 */
export function arithmeticOf(
  { input }: Definition,
  feature: FeatureDefinition,
  inOrderOfLines: readonly Transaction[],
  asOfDay: number,
): Arithmetic {
  const selection = selectionOf(input, feature);
  const from = beginningOf(selection.days, asOfDay, calendarOfFile(input));
  const all = inOrderOfLines.filter(({ values }) => isSelected(selection, from, values));
  const selected = feature.last === undefined ? all : inOrderOfTime(all).slice(-feature.last);
  const own = functionOf(feature);
  if (own === 'share') return shareOf({ input }, feature.share ?? {}, selected);
  const field = input.fields[columnOf(feature)];
  const place = valueFields(input).indexOf(columnOf(feature));
  const isThere = (value: number) => !Number.isNaN(value) && !(field?.enum !== undefined && value === NO_CODE);
  const valuesOf = (transactions: readonly Transaction[]) =>
    transactions.map(({ values }) => values[place] ?? 0).filter(isThere);
  const terms = valuesOf(inOrderOfTime(selected));
  if (own === 'count') return { type: 'count', count: terms.length };
  if (terms.length === 0) return { type: 'default' };
  if (own === 'min' || own === 'max') return { type: own, terms };
  if (own === 'mean' || own === 'sum') {
    // The last digit of a sum depends on its order, so each is summed as the aggregates do: by line, or back in time.
    const inOrder = feature.last === undefined ? valuesOf(selected) : terms.toReversed();
    return { type: own, terms, total: inOrder.reduce((sum, term) => sum + term, 0) };
  }
  const first = own === 'daysSinceFirst';
  const time = terms.reduce((one, other) => (first ? Math.min(one, other) : Math.max(one, other)));
  return { type: 'days', from: calendarOf(field).dayOf(time), to: asOfDay };
}

function shareOf(
  { input }: Pick<Definition, 'input'>,
  condition: ValueCondition,
  selected: readonly Transaction[],
): Arithmetic {
  if (selected.length === 0) return { type: 'default' };
  const selection = narrowed(input, { conditions: [], days: undefined }, condition);
  const part = selected.filter(({ values }) => isSelected(selection, Number.NEGATIVE_INFINITY, values)).length;
  return { type: 'share', kind: wordsOf(condition), part, whole: selected.length };
}

/** A condition for people: `buy`, `buy or gift`, `buy and shop`. */
function wordsOf(condition: ValueCondition): string {
  const or = new Intl.ListFormat('en-GB', { type: 'disjunction' });
  return Object.values(condition)
    .map((values) => or.format([values].flat()))
    .join(' and ');
}

/** Transactions in order of time; at the same time the later line comes later, which is to say it is more recent. */
export function inOrderOfTime<T extends Pick<Transaction, 'values'>>(inOrderOfLines: readonly T[]): T[] {
  return inOrderOfLines.toSorted((one, other) => (one.values[TIME_VALUE] ?? 0) - (other.values[TIME_VALUE] ?? 0));
}
