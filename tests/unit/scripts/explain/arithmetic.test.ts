import { inOrderOfTime } from '../../../../lib/members/arithmetic.ts';
import type { Transaction } from '../../../../lib/transactions/transaction.ts';
import { arithmeticSteps } from '../../../../scripts/explain/arithmetic-text.ts';
import { defaultArithmetic, type Kind, transactionOf } from '../../../default-partner.ts';

const AS_OF_DAY = Date.UTC(2024, 0, 31) / 86_400_000;

function transaction(time: string, points: number, revenue: number, kind?: Kind): Transaction {
  return transactionOf({ memberId: 'A', time: Date.parse(time), kind, points, revenue, imputedValues: 0 });
}

const steps = (feature: string, transactions: Transaction[], width = 60) =>
  arithmeticSteps(defaultArithmetic(feature, transactions, AS_OF_DAY), width);

describe('the arithmetic of a feature', () => {
  const four = [
    transaction('2024-01-05T00:00:00Z', 500, 3.5, 'buy'),
    transaction('2023-12-20T10:00:00Z', 1200, 12.25, 'buy'),
    transaction('2023-12-20T10:00:00Z', 0, 4),
    transaction('2024-01-10T23:59:59Z', -300, 0, 'redeem'),
  ];

  it.each([
    ['AVG_POINTS_BOUGHT', '(1,200 + 0 + 500 − 300) / 4'],
    ['AVG_REVENUE_USD', '(12.25 + 4 + 3.5 + 0) / 4'],
    ['LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT', '(0 + 500 − 300) / 3'],
    ['LAST_3_TRANSACTIONS_AVG_REVENUE_USD', '(4 + 3.5 + 0) / 3'],
    ['PCT_BUY_TRANSACTIONS', '2 buy of 4'],
    ['PCT_GIFT_TRANSACTIONS', '0 gift of 4'],
    ['PCT_REDEEM_TRANSACTIONS', '1 redeem of 4'],
    ['DAYS_SINCE_LAST_TRANSACTION', '2024-01-31 − 2024-01-10'],
  ] as const)('%s is %s', (feature, text) => {
    expect(steps(feature, four)).toEqual([text]);
  });

  it('is short for one transaction', () => {
    expect(steps('AVG_POINTS_BOUGHT', [transaction('2024-01-01T00:00:00Z', -1500, 0)])).toEqual(['−1,500 / 1']);
  });

  it('takes the later line for the more recent one of four at the same time', () => {
    const same = [8, 4, 2, 1].map((points) => transaction('2024-01-01T00:00:00Z', points, 0));
    expect(inOrderOfTime(same)).toEqual(same);
    expect(steps('LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT', same)).toEqual(['(4 + 2 + 1) / 3']);
  });

  it('cuts a sum that does not fit, and adds its total', () => {
    const many = Array.from({ length: 1100 }, () => transaction('2024-01-01T00:00:00Z', 2000, 0));
    const [sum, total] = steps('AVG_POINTS_BOUGHT', many, 42);
    expect([sum, total]).toEqual(['(2,000 + 2,000 + … 1,098 more) / 1,100', '2,200,000 / 1,100']);
    expect(steps('AVG_POINTS_BOUGHT', many, 20)).toEqual(['2,200,000 / 1,100']);
  });

  it('has the total to the last digit as the features stage sums it, line by line', () => {
    const tenths = [0.3, 0.2, 0.1].map((revenue, days) => transaction(`2024-01-0${3 - days}T00:00:00Z`, 0, revenue));
    // 0.3 + 0.2 + 0.1 is 0.6; in order of time, 0.1 + 0.2 + 0.3, it would be 0.6000000000000001.
    expect(steps('AVG_REVENUE_USD', tenths, 10)).toEqual(['0.6 / 3']);
    expect(steps('LAST_3_TRANSACTIONS_AVG_REVENUE_USD', tenths, 10)).toEqual(['0.6 / 3']);
  });

  it('loses no digit of very small and very large numbers', () => {
    const odd = [1e-7, -1e15, 0.1].map((points) => transaction('2024-01-01T00:00:00Z', points, 0));
    expect(steps('AVG_POINTS_BOUGHT', odd)).toEqual(['(1e-7 − 1,000,000,000,000,000 + 0.1) / 3']);
  });
});
