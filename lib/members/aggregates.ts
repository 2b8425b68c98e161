import { calendarOfFile } from '../transactions/calendar.ts';
import { TIME_VALUE, type Transaction } from '../transactions/transaction.ts';
import { type Group, IMPUTED, type Recent, TRANSACTIONS } from './account-layout.ts';
import type { CompiledFeatures } from './compiled-features.ts';
import { beginningOf, isSelected } from './selection.ts';

/** Numbers of members that lie in one typed array: one for all would be there twice while it grows. */
const PAGE_NUMBERS = 65_536;

/**
 * Bytes of memory that a member takes besides its id, its numbers here and its features until its batch is written: some
 * 20 for the id's place and header, and 28 in the map of ids, which are 84 while that doubles.
 */
const MEMBER_BYTES = 108;

/** Sums members' transactions as they are read. Memory grows with members and their ids, not with rows. */
export class MemberAggregates {
  readonly features: CompiledFeatures;
  /** Days since the epoch, UTC. */
  readonly asOfDay: number;
  readonly #groups: readonly Group[];
  /** What is added to row by row: counts of single values by their codes, and all other groups. */
  readonly #tallies: readonly Tally[];
  readonly #others: readonly DatedGroup[];
  readonly #stride: number;
  readonly #pageMembers: number;
  readonly #indexes = new Map<string, number>();
  readonly #memberIds: string[] = [];
  readonly #pages: Float64Array[] = [];
  #idBytes = 0;

  /** @param asOfDay days since the epoch; transactions of later days are not to be added */
  constructor(features: CompiledFeatures, asOfDay: number) {
    this.features = features;
    this.asOfDay = asOfDay;
    this.#groups = features.layout.groups;
    this.#tallies = talliesOf(this.#groups.filter(isTally));
    const others = this.#groups.filter((group) => !isTally(group));
    const calendar = calendarOfFile(features.definition.input);
    this.#others = others.map((group) => ({ group, from: beginningOf(group.selection.days, asOfDay, calendar) }));
    this.#stride = features.layout.length;
    this.#pageMembers = Math.max(1, Math.floor(PAGE_NUMBERS / this.#stride));
  }

  /** Members so far. */
  get size(): number {
    return this.#memberIds.length;
  }

  /** Whether a member has a transaction. */
  has(memberId: string): boolean {
    return this.#indexes.has(memberId);
  }

  /** Members' ids in order of first appearance: a member's number is its position here. */
  get memberIds(): readonly string[] {
    return this.#memberIds;
  }

  /** Memory that the members take until their batches are written, as measured; a little more rather than less. */
  get bytes(): number {
    const numbers = this.#stride + Object.keys(this.features.computations).length;
    return this.#idBytes + this.size * (MEMBER_BYTES + numbers * Float64Array.BYTES_PER_ELEMENT);
  }

  add({ memberId, values, imputedValues }: Transaction): void {
    const member = this.#indexOf(memberId);
    const numbers = this.#pageOf(member);
    const start = this.#startOf(member);
    increase(numbers, start + TRANSACTIONS.at, 1);
    increase(numbers, start + IMPUTED.at, imputedValues);
    for (const { value, slots } of this.#tallies) {
      const at = slots[values[value] ?? 0] ?? 0;
      if (at > 0) increase(numbers, start + at, 1);
    }
    for (const { group, from } of this.#others) {
      if (isSelected(group.selection, from, values)) addTo(group, numbers, start, values);
    }
  }

  /** All that is known of a member, for other aggregates to add with `merge`. */
  accountOf(member: number): Float64Array {
    return this.#pageOf(member).slice(this.#startOf(member), this.#startOf(member) + this.#stride);
  }

  /**
   * Adds what other aggregates know of a member from a later part of the same file. Sums that are not whole numbers may
   * differ in their last digits from those that are added up row by row.
   */
  merge(memberId: string, account: Float64Array): void {
    const member = this.#indexOf(memberId);
    const numbers = this.#pageOf(member);
    const start = this.#startOf(member);
    for (const { at } of [TRANSACTIONS, IMPUTED]) increase(numbers, start + at, account[at] ?? 0);
    for (const group of this.#groups) mergeInto(group, numbers, start, account);
  }

  transactions(member: number): number {
    return this.read(member, TRANSACTIONS.at);
  }

  /** Blank cells. */
  imputedValues(member: number): number {
    return this.read(member, IMPUTED.at);
  }

  /** A number of a member's account, by its place. */
  read(member: number, at: number): number {
    return this.#pageOf(member)[this.#startOf(member) + at] ?? 0;
  }

  #pageOf(member: number): Float64Array {
    return this.#pages[Math.floor(member / this.#pageMembers)] ?? NO_PAGE;
  }

  /** Where a member's numbers begin in its page. */
  #startOf(member: number): number {
    return (member % this.#pageMembers) * this.#stride;
  }

  #indexOf(memberId: string): number {
    return this.#indexes.get(memberId) ?? this.#enter(memberId);
  }

  #enter(memberId: string): number {
    const member = this.#memberIds.length;
    // A part of a string keeps all of it in memory, here the block of the file that it was read from.
    const utf8 = Buffer.from(memberId);
    const ownId = utf8.toString();
    this.#indexes.set(ownId, member);
    this.#memberIds.push(ownId);
    // V8 has one byte for each character of a string, or two for each when one of them needs it.
    this.#idBytes += utf8.length === ownId.length ? ownId.length : 2 * ownId.length;
    if (member % this.#pageMembers === 0) this.#pages.push(new Float64Array(this.#pageMembers * this.#stride));
    for (const group of this.#groups) begin(group, this.#pageOf(member), this.#startOf(member));
    return member;
  }
}

const NO_PAGE = new Float64Array();

interface DatedGroup {
  group: Group;
  /** When its days begin, milliseconds since the epoch. */
  from: number;
}

/** Counts of single values of a field, as shares take them, so that a row is one step whatever their number. */
interface Tally {
  /** The field's place among a transaction's values. */
  value: number;
  /** By code the place of the count in an account; 0 where there is none. */
  slots: Int32Array;
}

/** Whether a group is the count of a single value. */
function isTally({ selection, present, sums, minima, maxima, recent }: Group): boolean {
  const [condition, other] = selection.conditions;
  const isSingle = other === undefined && condition?.isAllowed.filter((one) => one === 1).length === 1;
  const isCount = [present, sums, minima, maxima].every((slots) => slots.length === 0) && recent === undefined;
  return isSingle && isCount && selection.days === undefined;
}

function talliesOf(groups: readonly Group[]): Tally[] {
  const tallies = new Map<number, Tally>();
  for (const { selection, count } of groups) {
    const [condition] = selection.conditions;
    if (condition === undefined || count === undefined) continue;
    const { value, isAllowed } = condition;
    const tally = tallies.get(value) ?? { value, slots: new Int32Array(isAllowed.length) };
    tally.slots[isAllowed.indexOf(1)] = count.at;
    tallies.set(value, tally);
  }
  return [...tallies.values()];
}

/** Sets what does not begin with zero. */
function begin({ minima, maxima, recent }: Group, numbers: Float64Array, start: number): void {
  for (const { at } of minima) numbers[start + at] = Number.POSITIVE_INFINITY;
  for (const { at } of maxima) numbers[start + at] = Number.NEGATIVE_INFINITY;
  if (recent === undefined) return;
  const times = start + recent.times.at;
  numbers.fill(Number.NEGATIVE_INFINITY, times, times + recent.length);
}

// A value that is absent is NaN, which fails every comparison.

function addTo(group: Group, numbers: Float64Array, start: number, values: Transaction['values']): void {
  if (group.count !== undefined) increase(numbers, start + group.count.at, 1);
  for (const { at, value } of group.sums) {
    const term = values[value] ?? 0;
    if (!Number.isNaN(term)) increase(numbers, start + at, term);
  }
  for (const { at, value } of group.present) if (!Number.isNaN(values[value])) increase(numbers, start + at, 1);
  for (const { at, value } of group.minima) lower(numbers, start + at, values[value] ?? 0);
  for (const { at, value } of group.maxima) raise(numbers, start + at, values[value] ?? 0);
  if (group.recent !== undefined) insertRecent(group.recent, numbers, start, values);
}

function mergeInto(group: Group, numbers: Float64Array, start: number, account: Float64Array): void {
  const { count, sums, present, minima, maxima, recent } = group;
  const added = [...(count === undefined ? [] : [count]), ...sums, ...present];
  for (const { at } of added) increase(numbers, start + at, account[at] ?? 0);
  for (const { at } of minima) lower(numbers, start + at, account[at] ?? 0);
  for (const { at } of maxima) raise(numbers, start + at, account[at] ?? 0);
  if (recent === undefined) return;
  const values = new Float64Array(Math.max(TIME_VALUE, ...recent.values.map(({ value }) => value)) + 1);
  // The oldest first, so that at the same time the later line wins here, too.
  for (let rank = recent.length - 1; rank >= 0; rank--) {
    const time = account[recent.times.at + rank] ?? 0;
    if (time === Number.NEGATIVE_INFINITY) continue;
    values[TIME_VALUE] = time;
    for (const { at, value } of recent.values) values[value] = account[at + rank] ?? 0;
    insertRecent(recent, numbers, start, values);
  }
}

function increase(numbers: Float64Array, position: number, by: number): void {
  numbers[position] = (numbers[position] ?? 0) + by;
}

function lower(numbers: Float64Array, position: number, value: number): void {
  if (value < (numbers[position] ?? 0)) numbers[position] = value;
}

function raise(numbers: Float64Array, position: number, value: number): void {
  if (value > (numbers[position] ?? 0)) numbers[position] = value;
}

/** Puts a transaction where it belongs among the latest ones, newest first; at the same time the later line wins. */
function insertRecent(recent: Recent, numbers: Float64Array, start: number, values: Transaction['values']): void {
  const { length } = recent;
  const times = start + recent.times.at;
  const time = values[TIME_VALUE] ?? 0;
  let rank = length;
  while (rank > 0 && time >= (numbers[times + rank - 1] ?? 0)) rank--;
  if (rank === length) return;
  insert(numbers, times, { rank, length, value: time });
  for (const { at, value } of recent.values) insert(numbers, start + at, { rank, length, value: values[value] ?? 0 });
}

function insert(
  numbers: Float64Array,
  column: number,
  { rank, length, value }: { rank: number; length: number; value: number },
): void {
  for (let at = column + length - 1; at > column + rank; at--) numbers[at] = numbers[at - 1] ?? 0;
  numbers[column + rank] = value;
}
