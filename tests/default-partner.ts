import { MemberAggregates } from '../lib/members/aggregates.ts';
import { type Arithmetic, arithmeticOf } from '../lib/members/arithmetic.ts';
import { compileFeatures } from '../lib/members/compiled-features.ts';
import { partnersIn } from '../lib/partners/partner-folder.ts';
import { codeOf, NO_CODE, type Transaction, valueFields } from '../lib/transactions/transaction.ts';

/** The partner files of the project. */
export const PARTNERS = partnersIn('.');

/** What default.yml says. */
export const DEFAULT = PARTNERS.read('default').definition;

const COMPILED = compileFeatures(DEFAULT);

/** Aggregates of nobody, by default.yml. @param asOfDay days since the epoch */
export function defaultAggregates(asOfDay = 0): MemberAggregates {
  return new MemberAggregates(COMPILED, asOfDay);
}

export type Kind = 'buy' | 'gift' | 'redeem';

/** A row of a file that is read by default.yml. */
export interface Row {
  memberId: string;
  /** Milliseconds since the epoch. */
  time: number;
  kind: Kind | undefined;
  points: number;
  revenue: number;
  imputedValues: number;
}

export function transactionOf({ memberId, time, kind, points, revenue, imputedValues }: Row): Transaction {
  const code = kind === undefined ? NO_CODE : codeOf(DEFAULT.input.fields.kind, kind);
  return { memberId, values: Float64Array.of(time, code, points, revenue), imputedValues };
}

/** The sum of a field over all of a member's transactions. */
export function totalOf(aggregates: MemberAggregates, field: 'points' | 'revenue', member = 0): number {
  const all = { conditions: [], days: undefined };
  const slot = aggregates.features.layout.over('sums', all, valueFields(DEFAULT.input).indexOf(field));
  return aggregates.read(member, slot.at);
}

/** The arithmetic of a feature of default.yml. */
export function defaultArithmetic(
  feature: string,
  inOrderOfLines: readonly Transaction[],
  asOfDay: number,
): Arithmetic {
  return arithmeticOf(DEFAULT, DEFAULT.features[feature] ?? {}, inOrderOfLines, asOfDay);
}
