import type { MemberAggregates } from '../../../../lib/members/aggregates.ts';
import { mergeInto, partitioned } from '../../../../scripts/scale/accounts.ts';
import { agreement } from '../../../../scripts/scale/agreement.ts';
import { needsOf } from '../../../../scripts/scale/needs.ts';
import { defaultAggregates, totalOf, transactionOf } from '../../../default-partner.ts';

function aggregatesOf(...rows: [memberId: string, revenue: number][]): MemberAggregates {
  const aggregates = defaultAggregates();
  for (const [memberId, revenue] of rows) {
    aggregates.add(transactionOf({ memberId, time: 0, kind: 'buy', points: 1, revenue, imputedValues: 0 }));
  }
  return aggregates;
}

function merged(...stored: Buffer[]): MemberAggregates {
  const aggregates = defaultAggregates();
  for (const one of stored) mergeInto(aggregates, one);
  return aggregates;
}

describe('Accounts that are stored by partition', () => {
  it('come back as they were, whatever is in the ids', () => {
    const ids = ['ANNA', 'Zoë 🦊', 'a,"b"', '-'];
    const [stored = Buffer.alloc(0)] = partitioned(aggregatesOf(...ids.map((id): [string, number] => [id, 0.1])), 1);
    const aggregates = merged(stored);
    expect(aggregates.memberIds).toEqual(ids);
    expect(ids.map((_, member) => totalOf(aggregates, 'revenue', member))).toEqual([0.1, 0.1, 0.1, 0.1]);
  });

  it('are in the same partition in every range, so that each partition can be merged alone', () => {
    const ids = Array.from({ length: 200 }, (_, member) => `M${member}`);
    const first = partitioned(aggregatesOf(...ids.map((id): [string, number] => [id, 1])), 3);
    const second = partitioned(aggregatesOf(...ids.toReversed().map((id): [string, number] => [id, 2])), 3);
    const partitions = first.map((stored, partition) => merged(stored, second[partition] ?? Buffer.alloc(0)));
    expect(partitions.flatMap(({ memberIds }) => memberIds).toSorted()).toEqual(ids.toSorted());
    for (const aggregates of partitions) {
      expect(aggregates.size).toBeGreaterThan(40);
      for (const member of aggregates.memberIds.keys()) expect(totalOf(aggregates, 'revenue', member)).toBe(3);
    }
  });

  it('may be of nobody', () => {
    expect(merged(...partitioned(aggregatesOf(['A', 1]), 5)).memberIds).toEqual(['A']);
  });
});

describe('Agreement', () => {
  it('is exact where all numbers are the same, and else as far as the one that differs the most', () => {
    const whole = aggregatesOf(['A', 4], ['B', 1], ['C', 2]);
    expect(agreement(aggregatesOf(['A', 4], ['B', 1], ['C', 2]), whole)).toEqual({ exact: 3, worst: 0 });
    expect(agreement(aggregatesOf(['A', 3], ['B', 1], ['C', 1.9]), whole)).toEqual({ exact: 1, worst: 0.25 });
  });

  it('is refused when members are missing or in another order', () => {
    const whole = aggregatesOf(['A', 1], ['B', 1]);
    expect(() => agreement(aggregatesOf(['A', 1]), whole)).toThrow('1 members were merged, but there are 2');
    expect(() => agreement(aggregatesOf(['B', 1], ['A', 1]), whole)).toThrow('member 0 is not A');
  });
});

describe('What large files take', () => {
  it('follows from rows a second, memory per member and merges a second', () => {
    const needs = needsOf({ rowsPerSecond: 200_000, bytesPerMember: 512, mergesPerSecond: 500_000 });
    expect(needs.slice(1)).toEqual([
      ['10,000,000', '1,000,000', '50', '488', '1', '1', '0'],
      ['100,000,000', '10,000,000', '500', '4,883', '1', '1', '0'],
      // 1e9 / 200,000 s / 600 = 8.3 ranges; 5.12e9 bytes / 1024³ = 4.8 partitions; 1e7 × 9 / 500,000 / 5 = 36 s
      ['1,000,000,000', '10,000,000', '5,000', '4,883', '9', '5', '36'],
    ]);
  });
});
