import type { FeatureName } from '../contracts.ts';
import { type Kind, MS_PER_DAY } from '../transactions/cells.ts';
import { RECENT, type Transaction } from './ledger.ts';

/** How a feature comes about, in numbers that a person can add up and divide. */
export type Arithmetic =
  /** The total is that of the ledger to the last digit; the terms are in order of time. */
  | { type: 'mean'; terms: readonly number[]; total: number }
  | { type: 'share'; kind: Kind; part: number; whole: number }
  /** Both are days since the epoch, UTC. */
  | { type: 'days'; from: number; to: number };

type Column = 'points' | 'revenueUsd';

/** Transactions in order of time; at the same time the later line comes later, which is to say it is more recent. */
export function inOrderOfTime<T extends Transaction>(inOrderOfLines: readonly T[]): T[] {
  return inOrderOfLines.toSorted((one, other) => one.time - other.time);
}

/**
 * The arithmetic of one of a member's features.
 *
 * @param inOrderOfLines the member's accepted transactions, at least one
 * @param asOfDay days since the epoch, UTC
 */
export function arithmeticOf(
  feature: FeatureName,
  inOrderOfLines: readonly Transaction[],
  asOfDay: number,
): Arithmetic {
  switch (feature) {
    case 'AVG_POINTS_BOUGHT':
      return meanOfAll(inOrderOfLines, 'points');
    case 'AVG_REVENUE_USD':
      return meanOfAll(inOrderOfLines, 'revenueUsd');
    case 'LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT':
      return meanOfRecent(inOrderOfLines, 'points');
    case 'LAST_3_TRANSACTIONS_AVG_REVENUE_USD':
      return meanOfRecent(inOrderOfLines, 'revenueUsd');
    case 'PCT_BUY_TRANSACTIONS':
      return shareOf(inOrderOfLines, 'buy');
    case 'PCT_GIFT_TRANSACTIONS':
      return shareOf(inOrderOfLines, 'gift');
    case 'PCT_REDEEM_TRANSACTIONS':
      return shareOf(inOrderOfLines, 'redeem');
    case 'DAYS_SINCE_LAST_TRANSACTION':
      return daysSince(inOrderOfLines, asOfDay);
  }
}

// The last digit of a sum depends on its order, so each total is summed as the ledger sums it.

function meanOfAll(inOrderOfLines: readonly Transaction[], column: Column): Arithmetic {
  const terms = inOrderOfTime(inOrderOfLines).map((transaction) => transaction[column]);
  return { type: 'mean', terms, total: sumOf(inOrderOfLines.map((transaction) => transaction[column])) };
}

function meanOfRecent(inOrderOfLines: readonly Transaction[], column: Column): Arithmetic {
  const recent = inOrderOfTime(inOrderOfLines).slice(-RECENT);
  const terms = recent.map((transaction) => transaction[column]);
  return { type: 'mean', terms, total: sumOf(terms.toReversed()) };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function shareOf(transactions: readonly Transaction[], kind: Kind): Arithmetic {
  const part = transactions.filter((transaction) => transaction.kind === kind).length;
  return { type: 'share', kind, part, whole: transactions.length };
}

function daysSince(transactions: readonly Transaction[], asOfDay: number): Arithmetic {
  const lastTime = transactions.reduce((last, { time }) => Math.max(last, time), Number.NEGATIVE_INFINITY);
  return { type: 'days', from: Math.floor(lastTime / MS_PER_DAY), to: asOfDay };
}
