import { type Kind, MS_PER_DAY } from '../transactions/cells.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { type MemberAggregates, RECENT } from './aggregates.ts';

/** One of a member's features: how it is computed, explained and shown. */
export interface Feature {
  /** Over all of a member's accepted transactions, in full double precision. @param asOfDay days since the epoch, UTC */
  compute(aggregates: MemberAggregates, member: number, asOfDay: number): number;
  /**
   * The arithmetic of the same.
   *
   * @param inOrderOfLines the member's accepted transactions, at least one
   * @param asOfDay days since the epoch, UTC
   */
  arithmetic(inOrderOfLines: readonly Transaction[], asOfDay: number): Arithmetic;
  /** Excel's number format. */
  format: string;
  /** What stands behind a value, when that is not clear from the name. */
  unit?: string;
}

/** How a feature comes about, in numbers that a person can add up and divide. */
export type Arithmetic =
  /** The total is that of the aggregates to the last digit; the terms are in order of time. */
  | { type: 'mean'; terms: readonly number[]; total: number }
  | { type: 'share'; kind: Kind; part: number; whole: number }
  /** Both are days since the epoch, UTC. */
  | { type: 'days'; from: number; to: number };

type NumericField = 'points' | 'revenueUsd';

const DECIMAL = '#,##0.00';
const WHOLE = '#,##0';
const SHARE = '0.0%';

// The last digit of a sum depends on its order, so each total is summed as the aggregates sum it.

const TOTALS: Record<NumericField, (aggregates: MemberAggregates, member: number) => number> = {
  points: (aggregates, member) => aggregates.totalPoints(member),
  revenueUsd: (aggregates, member) => aggregates.totalRevenueUsd(member),
};

/** The mean of a field over all transactions. */
export function mean(field: NumericField): Feature {
  const total = TOTALS[field];
  return {
    compute: (aggregates, member) => total(aggregates, member) / aggregates.transactions(member),
    arithmetic: (inOrderOfLines) => {
      const terms = inOrderOfTime(inOrderOfLines).map((transaction) => transaction[field]);
      return { type: 'mean', terms, total: sumOf(inOrderOfLines.map((transaction) => transaction[field])) };
    },
    format: DECIMAL,
  };
}

const RECENT_MEANS: Record<NumericField, (aggregates: MemberAggregates, member: number) => number> = {
  points: (aggregates, member) => aggregates.recentMeanPoints(member),
  revenueUsd: (aggregates, member) => aggregates.recentMeanRevenueUsd(member),
};

/** The mean of a field over the most recent transactions, three at the most. */
export function recentMean(field: NumericField): Feature {
  return {
    compute: RECENT_MEANS[field],
    arithmetic: (inOrderOfLines) => {
      const terms = inOrderOfTime(inOrderOfLines)
        .slice(-RECENT)
        .map((transaction) => transaction[field]);
      return { type: 'mean', terms, total: sumOf(terms.toReversed()) };
    },
    format: DECIMAL,
  };
}

/** The share of transactions that are of a kind, 0 to 1. */
export function share(kind: Kind): Feature {
  return {
    compute: (aggregates, member) => aggregates.ofKind(member, kind) / aggregates.transactions(member),
    arithmetic: (transactions) => {
      const part = transactions.filter((transaction) => transaction.kind === kind).length;
      return { type: 'share', kind, part, whole: transactions.length };
    },
    format: SHARE,
  };
}

/** Whole UTC days from the latest transaction to the as-of day. */
export function daysSinceLast(): Feature {
  return {
    compute: (aggregates, member, asOfDay) => asOfDay - dayOf(aggregates.lastTime(member)),
    arithmetic: (transactions, asOfDay) => {
      const lastTime = transactions.reduce((last, { time }) => Math.max(last, time), Number.NEGATIVE_INFINITY);
      return { type: 'days', from: dayOf(lastTime), to: asOfDay };
    },
    format: WHOLE,
    unit: 'days',
  };
}

/** Transactions in order of time; at the same time the later line comes later, which is to say it is more recent. */
export function inOrderOfTime<T extends Transaction>(inOrderOfLines: readonly T[]): T[] {
  return inOrderOfLines.toSorted((one, other) => one.time - other.time);
}

function dayOf(time: number): number {
  return Math.floor(time / MS_PER_DAY);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
