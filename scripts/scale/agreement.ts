import type { MemberAggregates } from '../../lib/members/aggregates.ts';
import { FeatureTable } from '../../lib/members/feature-table.ts';

/** How well merged members agree with those of a single pass. */
export interface Agreement {
  /** Members whose numbers are all the same to the last bit. */
  exact: number;
  /** The largest relative difference of a number. */
  worst: number;
}

/** @throws when the members, or their order of first appearance, are not the same */
export function agreement(merged: MemberAggregates, whole: MemberAggregates): Agreement {
  if (merged.size !== whole.size) throw new Error(`${merged.size} members were merged, but there are ${whole.size}`);
  const mergedNumbers = numbersOf(merged);
  const wholeNumbers = numbersOf(whole);
  const found = { exact: 0, worst: 0 };
  for (const [member, memberId] of whole.memberIds.entries()) {
    if (merged.memberIds[member] !== memberId) throw new Error(`member ${member} is not ${memberId}`);
    const expected = wholeNumbers(member);
    const difference = Math.max(...mergedNumbers(member).map((value, at) => relative(value, expected[at])));
    if (difference === 0) found.exact++;
    found.worst = Math.max(found.worst, difference);
  }
  return found;
}

/** All that a batch says of a member. */
function numbersOf(aggregates: MemberAggregates): (member: number) => number[] {
  const table = new FeatureTable(aggregates);
  return (member) => {
    return [aggregates.transactions(member), aggregates.imputedValues(member), ...Object.values(table.of(member))];
  };
}

function relative(value: number, expected = Number.NaN): number {
  return value === expected ? 0 : Math.abs(value - expected) / Math.max(Math.abs(value), Math.abs(expected));
}
