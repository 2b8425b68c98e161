import { FeatureTable } from '../../../lib/members/feature-table.ts';
import { FIRST_FEATURES } from '../../../lib/run/contract-version.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { defaultAggregates, type Kind, type Row, transactionOf } from '../../default-partner.ts';

const AS_OF_DAY = Date.UTC(2024, 0, 31) / MS_PER_DAY;

function transaction(time: string, points: number, revenue: number, kind?: Kind): Row {
  return { memberId: 'A', time: Date.parse(time), kind, points, revenue, imputedValues: 0 };
}

function featuresOf(...transactions: Row[]) {
  const aggregates = defaultAggregates(AS_OF_DAY);
  for (const one of transactions) aggregates.add(transactionOf(one));
  return new FeatureTable(aggregates).of(0);
}

describe('features', () => {
  it('are those of the definitions, whatever the order of the rows', () => {
    const rows = [
      transaction('2024-01-10T00:00:00Z', 400, 4, 'buy'),
      transaction('2023-06-01T00:00:00Z', 1000, 10, 'gift'),
      transaction('2024-01-30T23:59:59Z', -200, 0, 'redeem'),
      transaction('2024-01-20T00:00:00Z', 100, 1, 'buy'),
      transaction('2022-01-01T00:00:00Z', 700, 5),
    ];
    const expected = {
      AVG_POINTS_BOUGHT: 400, // (400 + 1000 − 200 + 100 + 700) / 5
      AVG_REVENUE_USD: 4, // (4 + 10 + 0 + 1 + 5) / 5
      LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 100, // (−200 + 100 + 400) / 3
      LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 5 / 3, // (0 + 1 + 4) / 3
      PCT_BUY_TRANSACTIONS: 0.4,
      PCT_GIFT_TRANSACTIONS: 0.2,
      PCT_REDEEM_TRANSACTIONS: 0.2,
      DAYS_SINCE_LAST_TRANSACTION: 1,
    };
    expect(featuresOf(...rows)).toEqual(expected);
    expect(featuresOf(...rows.toReversed())).toEqual(expected);
  });

  it('look at fewer than three transactions where there are fewer', () => {
    const features = featuresOf(
      transaction('2024-01-31T12:00:00Z', 10, 1, 'buy'),
      transaction('2024-01-01T00:00:00Z', 20, 2, 'buy'),
    );
    expect(features).toMatchObject({
      LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 15,
      LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 1.5,
      DAYS_SINCE_LAST_TRANSACTION: 0,
    });
  });

  it('take the later line for the more recent one at the same time', () => {
    const at = '2024-01-01T00:00:00Z';
    const features = featuresOf(...[1, 2, 4, 8].map((points) => transaction(at, points, 0, 'buy')));
    expect(features.LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT).toBe((2 + 4 + 8) / 3);
  });

  it('count whole UTC days, also before 1970', () => {
    expect(featuresOf(transaction('2024-01-30T23:59:59.999Z', 1, 1)).DAYS_SINCE_LAST_TRANSACTION).toBe(1);
    expect(featuresOf(transaction('1969-12-31T12:00:00Z', 1, 1)).DAYS_SINCE_LAST_TRANSACTION).toBe(AS_OF_DAY + 1);
  });

  it('are kept apart for thousands of members, each step timed over all of them', () => {
    const aggregates = defaultAggregates(AS_OF_DAY);
    for (const round of [1, 2]) {
      for (let member = 0; member < 5000; member++) {
        const row = transaction('2024-01-01T00:00:00Z', member * round, 0, 'gift');
        aggregates.add(transactionOf({ ...row, memberId: `M${member}` }));
      }
    }
    const table = new FeatureTable(aggregates);
    expect(table.of(4999)).toMatchObject({ AVG_POINTS_BOUGHT: 4999 * 1.5, PCT_GIFT_TRANSACTIONS: 1 });
    expect(table.steps.map(({ step }) => step)).toEqual(Object.keys(table.of(0)));
    expect(table.steps.map(({ count }) => count)).toEqual(FIRST_FEATURES.map(() => 79)); // ceil(5000 / 64)
    for (const { unit, items, throughputPerSecond, span = { from: 0, to: 0 } } of table.steps) {
      expect([unit, items]).toEqual(['64 members', 'members']);
      expect((throughputPerSecond * (span.to - span.from)) / 1000).toBeCloseTo(5000, 3);
    }
  });

  it('are timed as often as there are 64 members, and once more only for a rest', () => {
    const aggregates = defaultAggregates(AS_OF_DAY);
    const counts = [];
    for (let member = 1; member <= 129; member++) {
      aggregates.add(transactionOf({ ...transaction('2024-01-01T00:00:00Z', 1, 0), memberId: `M${member}` }));
      if (member >= 127) counts.push(new FeatureTable(aggregates).steps[0]?.count);
    }
    expect(counts).toEqual([2, 2, 3]); // of 127, 128 and 129 members
  });
});
