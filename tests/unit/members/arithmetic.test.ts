import { type Arithmetic, inOrderOfTime } from '../../../lib/members/arithmetic.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import type { Transaction } from '../../../lib/transactions/transaction.ts';
import { defaultArithmetic, type Kind, transactionOf } from '../../default-partner.ts';

/** One on each of these days since the epoch, in the order of the file's lines. */
function transaction(day: number, points: number, revenue: number, kind: Kind | undefined): Transaction {
  return transactionOf({ memberId: 'A', time: day * MS_PER_DAY + 1, kind, points, revenue, imputedValues: 0 });
}

const FIVE = [
  transaction(30, 500, 3.5, 'buy'),
  transaction(20, 1200, 12.25, 'buy'),
  transaction(20, 0, 4, undefined),
  transaction(40, -300, 0, 'redeem'),
  transaction(10, 100, 1, 'gift'),
];

describe('the arithmetic of a feature', () => {
  it.each<[string, Arithmetic]>([
    ['AVG_POINTS_BOUGHT', { type: 'mean', terms: [100, 1200, 0, 500, -300], total: 1500 }],
    ['AVG_REVENUE_USD', { type: 'mean', terms: [1, 12.25, 4, 3.5, 0], total: 20.75 }],
    ['LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT', { type: 'mean', terms: [0, 500, -300], total: 200 }],
    ['LAST_3_TRANSACTIONS_AVG_REVENUE_USD', { type: 'mean', terms: [4, 3.5, 0], total: 7.5 }],
    ['PCT_BUY_TRANSACTIONS', { type: 'share', kind: 'buy', part: 2, whole: 5 }],
    ['PCT_GIFT_TRANSACTIONS', { type: 'share', kind: 'gift', part: 1, whole: 5 }],
    ['PCT_REDEEM_TRANSACTIONS', { type: 'share', kind: 'redeem', part: 1, whole: 5 }],
    ['DAYS_SINCE_LAST_TRANSACTION', { type: 'days', from: 40, to: 50 }],
  ])('%s has its numbers in order of time', (feature, arithmetic) => {
    expect(defaultArithmetic(feature, FIVE, 50)).toEqual(arithmetic);
  });

  it('puts the later line last at the same time', () => {
    expect(inOrderOfTime(FIVE).map(({ values }) => values[2])).toEqual([100, 1200, 0, 500, -300]);
  });
});
