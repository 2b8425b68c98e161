import type { MemberAggregates } from '../../../lib/members/aggregates.ts';
import { FeatureTable } from '../../../lib/members/feature-table.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { defaultAggregates, type Kind, totalOf, transactionOf } from '../../default-partner.ts';

type Row = [memberId: string, day: number, kind: Kind | undefined, points: number, revenue: number];

function aggregatesOf(...rows: Row[]): MemberAggregates {
  const aggregates = defaultAggregates();
  for (const [memberId, day, kind, points, revenue] of rows) {
    const row = { memberId, time: day * MS_PER_DAY, kind, points, revenue, imputedValues: kind === undefined ? 1 : 0 };
    aggregates.add(transactionOf(row));
  }
  return aggregates;
}

function merge(aggregates: MemberAggregates, later: MemberAggregates): MemberAggregates {
  for (const [member, memberId] of later.memberIds.entries()) aggregates.merge(memberId, later.accountOf(member));
  return aggregates;
}

/** How many of a member's transactions are of a kind. */
function countOf(aggregates: MemberAggregates, member: number, kind: Kind): number {
  const share = new FeatureTable(aggregates).of(member)[`PCT_${kind.toUpperCase()}_TRANSACTIONS`] ?? Number.NaN;
  return share * aggregates.transactions(member);
}

function lastDay(aggregates: MemberAggregates, member: number): number {
  return aggregates.asOfDay - (new FeatureTable(aggregates).of(member).DAYS_SINCE_LAST_TRANSACTION ?? Number.NaN);
}

function recentMean(aggregates: MemberAggregates, field: 'POINTS_BOUGHT' | 'REVENUE_USD'): number | undefined {
  return new FeatureTable(aggregates).of(0)[`LAST_3_TRANSACTIONS_AVG_${field}`];
}

describe('Aggregates', () => {
  it('takes 300 bytes for each member, and for its id one byte for each character, or two when one is not ASCII', () => {
    expect(defaultAggregates().bytes).toBe(0);
    expect(aggregatesOf(['Ada', 1, 'buy', 1, 1], ['Ada', 2, 'buy', 1, 1]).bytes).toBe(300 + 3);
    expect(aggregatesOf(['Ada', 1, 'buy', 1, 1], ['Zoé', 2, 'buy', 1, 1]).bytes).toBe(600 + 3 + 6);
  });
});

describe('Aggregates of two parts of a file, merged', () => {
  it('have the sums and counts of both, and members in order of first appearance', () => {
    const merged = merge(
      aggregatesOf(['A', 1, 'buy', 100, 1.5], ['B', 1, 'gift', 10, 0.5], ['A', 2, 'redeem', -50, 0]),
      aggregatesOf(['C', 3, 'buy', 7, 7], ['A', 3, 'buy', 200, 2.25], ['A', 0, undefined, 1, 0.25]),
    );
    expect(merged.memberIds).toEqual(['A', 'B', 'C']);
    expect(merged.transactions(0)).toBe(4);
    expect(totalOf(merged, 'points', 0)).toBe(251); // 100 − 50 + 200 + 1
    expect(totalOf(merged, 'revenue', 0)).toBe(4); // 1.5 + 0 + 2.25 + 0.25
    expect(merged.imputedValues(0)).toBe(1);
    expect([countOf(merged, 0, 'buy'), countOf(merged, 0, 'gift'), countOf(merged, 0, 'redeem')]).toEqual([2, 0, 1]);
    expect(lastDay(merged, 0)).toBe(3);
    expect([merged.transactions(1), totalOf(merged, 'points', 1), lastDay(merged, 1)]).toEqual([1, 10, 1]);
    expect([merged.transactions(2), totalOf(merged, 'points', 2), lastDay(merged, 2)]).toEqual([1, 7, 3]);
  });

  it('have the three most recent transactions of both, wherever they are', () => {
    const merged = merge(
      aggregatesOf(['A', 5, 'buy', 10, 0], ['A', 1, 'buy', 1000, 0], ['A', 9, 'buy', 20, 0]),
      aggregatesOf(['A', 7, 'buy', 30, 0], ['A', 2, 'buy', 5000, 0]),
    );
    expect(recentMean(merged, 'POINTS_BOUGHT')).toBe(20); // days 9, 7 and 5: (20 + 30 + 10) / 3
  });

  it('take nothing else of a long part for a time', () => {
    const days = [1, 2, 3, 4, 5, 6, 7];
    const long = aggregatesOf(...days.map((day): Row => ['A', day, 'buy', 1000 * day, 1000]));
    const merged = merge(aggregatesOf(['A', 6, 'buy', 500, 0]), long);
    expect(lastDay(merged, 0)).toBe(7);
    expect(recentMean(merged, 'POINTS_BOUGHT')).toBe((7000 + 6000 + 500) / 3);
  });

  it('take the later line for the more recent one at the same time, within a part and across them', () => {
    const merged = merge(
      aggregatesOf(['A', 1, 'buy', 1, 100], ['A', 1, 'buy', 2, 200]),
      aggregatesOf(['A', 1, 'buy', 4, 400], ['A', 1, 'buy', 8, 800]),
    );
    expect(recentMean(merged, 'POINTS_BOUGHT')).toBe((2 + 4 + 8) / 3);
    expect(recentMean(merged, 'REVENUE_USD')).toBe((200 + 400 + 800) / 3);
    // And the earlier lines go on being the older ones.
    const again = merge(merged, aggregatesOf(['A', 1, 'buy', 16, 0]));
    expect(recentMean(again, 'POINTS_BOUGHT')).toBe((4 + 8 + 16) / 3);
  });

  it('know no more transactions than there were, also with times before 1970', () => {
    const merged = merge(aggregatesOf(['A', -5, 'buy', 10, 1]), aggregatesOf(['A', -7, 'buy', 20, 2]));
    expect(recentMean(merged, 'POINTS_BOUGHT')).toBe(15);
    expect(lastDay(merged, 0)).toBe(-5);
  });
});
