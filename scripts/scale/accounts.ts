import { hash } from 'node:crypto';
import type { MemberAggregates } from '../../lib/members/aggregates.ts';

const COUNT_BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * The members of aggregates as objects that can be stored, each with the members of one partition in order of first
 * appearance: their number, their accounts, and their ids, a line each, which ids cannot hold.
 */
export function partitioned(aggregates: MemberAggregates, partitions: number): Buffer[] {
  const members = Array.from({ length: partitions }, (): number[] => []);
  for (const [member, memberId] of aggregates.memberIds.entries())
    members[partitionOf(memberId, partitions)]?.push(member);
  return members.map((those) => encode(aggregates, those));
}

/** Adds an object that `partitioned` made of a later range of the file. */
export function mergeInto(aggregates: MemberAggregates, stored: Buffer): void {
  const { length } = aggregates.features.layout;
  const members = stored.readDoubleLE(0);
  const end = COUNT_BYTES + members * length * Float64Array.BYTES_PER_ELEMENT;
  const ids = stored.toString('utf8', end).split('\n');
  // A copy, because a Float64Array has to begin at a multiple of 8 bytes.
  const accounts = new Float64Array(new Uint8Array(stored.subarray(COUNT_BYTES, end)).buffer);
  for (let member = 0; member < members; member++) {
    const start = member * length;
    aggregates.merge(ids[member] ?? '', accounts.subarray(start, start + length));
  }
}

function encode(aggregates: MemberAggregates, members: readonly number[]): Buffer {
  const { length } = aggregates.features.layout;
  const numbers = new Float64Array(1 + members.length * length);
  numbers[0] = members.length;
  for (const [place, member] of members.entries()) numbers.set(aggregates.accountOf(member), 1 + place * length);
  const ids = members.map((member) => aggregates.memberIds[member]).join('\n');
  return Buffer.concat([Buffer.from(numbers.buffer), Buffer.from(ids)]);
}

function partitionOf(memberId: string, partitions: number): number {
  return hash('sha256', memberId, 'buffer').readUInt32LE(0) % partitions;
}
