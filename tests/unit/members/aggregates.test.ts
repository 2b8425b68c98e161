import { MemberAggregates } from '../../../lib/members/aggregates.ts';
import type { Transaction } from '../../../lib/transactions/transaction.ts';

type Row = [memberId: string, day: number, kind: Transaction['kind'], points: number, revenueUsd: number];

function aggregatesOf(...rows: Row[]): MemberAggregates {
  const aggregates = new MemberAggregates();
  for (const [memberId, time, kind, points, revenueUsd] of rows) {
    aggregates.add({ memberId, time, kind, points, revenueUsd, imputedValues: kind === undefined ? 1 : 0 });
  }
  return aggregates;
}

function merge(aggregates: MemberAggregates, later: MemberAggregates): MemberAggregates {
  for (const [member, memberId] of later.memberIds.entries()) aggregates.merge(memberId, later.accountOf(member));
  return aggregates;
}

describe('A aggregates', () => {
  it('takes 300 bytes for each member, and for its id one byte for each character, or two when one is not ASCII', () => {
    expect(new MemberAggregates().bytes).toBe(0);
    expect(aggregatesOf(['Ada', 1, 'buy', 1, 1], ['Ada', 2, 'buy', 1, 1]).bytes).toBe(300 + 3);
    expect(aggregatesOf(['Ada', 1, 'buy', 1, 1], ['Zoé', 2, 'buy', 1, 1]).bytes).toBe(600 + 3 + 6);
  });
});

describe('Ledgers of two parts of a file, merged', () => {
  it('have the sums and counts of both, and members in order of first appearance', () => {
    const merged = merge(
      aggregatesOf(['A', 1, 'buy', 100, 1.5], ['B', 1, 'gift', 10, 0.5], ['A', 2, 'redeem', -50, 0]),
      aggregatesOf(['C', 3, 'buy', 7, 7], ['A', 3, 'buy', 200, 2.25], ['A', 0, undefined, 1, 0.25]),
    );
    expect(merged.memberIds).toEqual(['A', 'B', 'C']);
    expect(merged.transactions(0)).toBe(4);
    expect(merged.totalPoints(0)).toBe(251); // 100 − 50 + 200 + 1
    expect(merged.totalRevenueUsd(0)).toBe(4); // 1.5 + 0 + 2.25 + 0.25
    expect(merged.imputedValues(0)).toBe(1);
    expect([merged.ofKind(0, 'buy'), merged.ofKind(0, 'gift'), merged.ofKind(0, 'redeem')]).toEqual([2, 0, 1]);
    expect(merged.lastTime(0)).toBe(3);
    expect([merged.transactions(1), merged.totalPoints(1), merged.lastTime(1)]).toEqual([1, 10, 1]);
    expect([merged.transactions(2), merged.totalPoints(2), merged.lastTime(2)]).toEqual([1, 7, 3]);
  });

  it('have the three most recent transactions of both, wherever they are', () => {
    const merged = merge(
      aggregatesOf(['A', 5, 'buy', 10, 0], ['A', 1, 'buy', 1000, 0], ['A', 9, 'buy', 20, 0]),
      aggregatesOf(['A', 7, 'buy', 30, 0], ['A', 2, 'buy', 5000, 0]),
    );
    expect(merged.recentMeanPoints(0)).toBe(20); // days 9, 7 and 5: (20 + 30 + 10) / 3
  });

  it('take nothing else of a long part for a time', () => {
    const days = [1, 2, 3, 4, 5, 6, 7];
    const long = aggregatesOf(...days.map((day): Row => ['A', day, 'buy', 1000 * day, 1000]));
    const merged = merge(aggregatesOf(['A', 6, 'buy', 500, 0]), long);
    expect(merged.lastTime(0)).toBe(7);
    expect(merged.recentMeanPoints(0)).toBe((7000 + 6000 + 500) / 3);
  });

  it('take the later line for the more recent one at the same time, within a part and across them', () => {
    const merged = merge(
      aggregatesOf(['A', 1, 'buy', 1, 100], ['A', 1, 'buy', 2, 200]),
      aggregatesOf(['A', 1, 'buy', 4, 400], ['A', 1, 'buy', 8, 800]),
    );
    expect(merged.recentMeanPoints(0)).toBe((2 + 4 + 8) / 3);
    expect(merged.recentMeanRevenueUsd(0)).toBe((200 + 400 + 800) / 3);
    // And the earlier lines go on being the older ones.
    const again = merge(merged, aggregatesOf(['A', 1, 'buy', 16, 0]));
    expect(again.recentMeanPoints(0)).toBe((4 + 8 + 16) / 3);
  });

  it('know no more transactions than there were, also with times before 1970', () => {
    const merged = merge(aggregatesOf(['A', -5, 'buy', 10, 1]), aggregatesOf(['A', -7, 'buy', 20, 2]));
    expect(merged.recentMeanPoints(0)).toBe(15);
    expect(merged.lastTime(0)).toBe(-5);
  });
});
