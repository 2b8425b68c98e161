import type { Definition, FeatureDefinition, InputDefinition } from '../partners/definition.ts';
import { mayBeAbsent } from '../partners/feature-checks.ts';
import { type FeatureFunction, functionOf } from '../partners/feature-function.ts';
import { mapNames } from '../registry.ts';
import { calendarOf, calendarOfFile } from '../transactions/calendar.ts';
import { valueFields } from '../transactions/transaction.ts';
import { AccountLayout, type Recent } from './account-layout.ts';
import { beginningOf, narrowed, type Selection, selectionOf } from './selection.ts';

/** The accounts of members, of which a computation reads numbers by their places. */
export interface Accounts {
  read(member: number, at: number): number;
}

/**
 * Computes a member's feature, in full double precision.
 * @param asOfDay days since the epoch
 */
export type Computation = (accounts: Accounts, member: number, asOfDay: number) => number;

/** A definition's features, made ready: what an account has to keep, and how each feature comes of it. */
export interface CompiledFeatures {
  definition: Definition;
  layout: AccountLayout;
  /** By name, in the order that members have them in. */
  computations: Readonly<Record<string, Computation>>;
}

export function compileFeatures(definition: Definition): CompiledFeatures {
  const { input, features } = definition;
  const layout = new AccountLayout();
  const computations = mapNames(Object.keys(features), (name) => {
    const feature = features[name] ?? {};
    const use = { input, feature, selection: selectionOf(input, feature), layout };
    return feature.last === undefined ? overAll(use) : overRecent(use, feature.last);
  });
  layout.arrange();
  return { definition, layout, computations };
}

/** A feature, and the account that is laid out for it. */
interface Use {
  input: InputDefinition;
  feature: FeatureDefinition;
  /** The transactions that it is about. */
  selection: Selection;
  layout: AccountLayout;
}

/** Over all transactions that are selected. */
function overAll({ input, feature, selection, layout }: Use): Computation {
  const own = functionOf(feature);
  const field = columnOf(feature);
  const { default: none = 0 } = feature;
  const place = valueFields(input).indexOf(field);
  const calendar = calendarOf(input.fields[field]);
  if (own === 'share') {
    const whole = layout.count(selection);
    const part = layout.count(narrowed(input, selection, feature.share ?? {}));
    return divided(part, whole, none);
  }
  if (own === 'min' || own === 'max' || own === 'daysSinceFirst' || own === 'daysSinceLast') {
    const isLeast = own === 'min' || own === 'daysSinceFirst';
    const extreme = layout.over(isLeast ? 'minima' : 'maxima', selection, place);
    const isTime = own === 'daysSinceFirst' || own === 'daysSinceLast';
    return (accounts, member, asOfDay) => {
      const value = accounts.read(member, extreme.at);
      if (!Number.isFinite(value)) return none;
      return isTime ? asOfDay - calendar.dayOf(value) : value;
    };
  }
  const count = countOf({ input, feature, selection, layout });
  if (own === 'count') return (accounts, member) => accounts.read(member, count.at);
  const total = layout.over('sums', selection, place);
  if (own === 'mean') return divided(total, count, none);
  return (accounts, member) => (accounts.read(member, count.at) === 0 ? none : accounts.read(member, total.at));
}

function divided(part: { at: number }, whole: { at: number }, none: number): Computation {
  return (accounts, member) => {
    const divisor = accounts.read(member, whole.at);
    return divisor === 0 ? none : accounts.read(member, part.at) / divisor;
  };
}

/** Where it is counted how many of the selected transactions have a value. */
function countOf({ input, feature, selection, layout }: Use): { at: number } {
  const name = columnOf(feature);
  const field = input.fields[name];
  if (field === undefined || !mayBeAbsent(field)) return layout.count(selection);
  if (field.enum !== undefined) return layout.count(narrowed(input, selection, { [name]: Object.keys(field.enum) }));
  return layout.over('present', selection, valueFields(input).indexOf(name));
}

/** What a feature makes of the values of its transactions, at least one, the newest first. */
const FOLDS: Record<FeatureFunction, (values: readonly number[]) => number> = {
  count: (values) => values.length,
  sum: sumOf,
  mean: (values) => sumOf(values) / values.length,
  // Each value says whether it is of the share: 1 or 0.
  share: (values) => sumOf(values) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  daysSinceFirst: (values) => Math.min(...values),
  daysSinceLast: (values) => Math.max(...values),
};

/** Over the latest of the transactions that are selected. */
function overRecent(use: Use, last: number): Computation {
  const { input, selection, layout, feature } = use;
  const own = functionOf(feature);
  const { default: none = 0, days } = feature;
  const recent = layout.recent(selection, last);
  const read = recentValue(use, recent);
  const isTime = own === 'daysSinceFirst' || own === 'daysSinceLast';
  const ofFile = calendarOfFile(input);
  const ofField = calendarOf(input.fields[columnOf(feature)]);
  const fold = FOLDS[own];
  const values: number[] = [];
  return (accounts, member, asOfDay) => {
    const from = Math.max(beginningOf(days, asOfDay, ofFile), -Number.MAX_VALUE);
    values.length = 0;
    for (let rank = 0; rank < last; rank++) {
      if (!(accounts.read(member, recent.times.at + rank) >= from)) break;
      const value = read(accounts, member, rank);
      if (!Number.isNaN(value)) values.push(value);
    }
    if (values.length === 0) return own === 'count' ? 0 : none;
    const folded = fold(values);
    return isTime ? asOfDay - ofField.dayOf(folded) : folded;
  };
}

/** The value that a feature makes of a recent transaction, the newest being of rank 0; NaN for none. */
type RecentValue = (accounts: Accounts, member: number, rank: number) => number;

function recentValue({ input, feature, layout }: Use, recent: Recent): RecentValue {
  const name = columnOf(feature);
  const { enum: values } = input.fields[name] ?? {};
  const condition = feature.share ?? (values === undefined ? undefined : { [name]: Object.keys(values) });
  if (condition === undefined) {
    const place = valueFields(input).indexOf(name);
    // Of `transactions`.
    if (place < 0) return () => 1;
    const slot = layout.recentValue(recent, place);
    return (accounts, member, rank) => accounts.read(member, slot.at + rank);
  }
  const { conditions } = narrowed(input, { conditions: [], days: undefined }, condition);
  const tests = conditions.map(({ value, isAllowed }) => ({ isAllowed, slot: layout.recentValue(recent, value) }));
  const whenNot = feature.share === undefined ? Number.NaN : 0;
  return (accounts, member, rank) =>
    tests.every(({ isAllowed, slot }) => isAllowed[accounts.read(member, slot.at + rank)] === 1) ? 1 : whenNot;
}

/** The field that a feature is over, or `transactions`; nothing of a share. */
export function columnOf(feature: FeatureDefinition): string {
  const own = functionOf(feature);
  return own === 'share' ? '' : (feature[own] ?? '');
}

function sumOf(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
