import type { Kind } from '../transactions/cells.ts';
import type { Transaction } from '../transactions/transaction.ts';

/** How many of a member's latest transactions some features look at. */
export const RECENT = 3;

// One member is a stretch of STRIDE doubles: what the features need, whatever the number of its transactions.
const TRANSACTIONS = 0;
const POINTS = 1;
const REVENUE = 2;
const BUYS = 3;
const GIFTS = 4;
const REDEEMS = 5;
const IMPUTED = 6;
const RECENT_TIMES = 7;
const RECENT_POINTS = RECENT_TIMES + RECENT;
const RECENT_REVENUES = RECENT_POINTS + RECENT;
const STRIDE = RECENT_REVENUES + RECENT;

/** Numbers in a member's account. */
export const ACCOUNT_LENGTH = STRIDE;

const KIND_OFFSETS: Record<Kind, number> = { buy: BUYS, gift: GIFTS, redeem: REDEEMS };

/** Members whose numbers lie in one typed array: one for all would be there twice while it grows. */
const PAGE_MEMBERS = 4096;

/**
 * Bytes of memory that a member takes besides its id until its batch is written: 128 for its numbers here, 64 for its
 * features, some 20 for the id's place and header, and 28 in the map of ids, which are 84 while that doubles.
 */
const MEMBER_BYTES = 300;

/** Sums members' transactions as they are read. Memory grows with members and their ids, not with rows. */
export class MemberAggregates {
  readonly #indexes = new Map<string, number>();
  readonly #memberIds: string[] = [];
  readonly #pages: Float64Array[] = [];
  #idBytes = 0;

  /** Members so far. */
  get size(): number {
    return this.#memberIds.length;
  }

  /** Members' ids in order of first appearance: a member's number is its position here. */
  get memberIds(): readonly string[] {
    return this.#memberIds;
  }

  /** Memory that the members take until their batches are written, as measured; a little more rather than less. */
  get bytes(): number {
    return this.#idBytes + this.size * MEMBER_BYTES;
  }

  add(transaction: Transaction): void {
    const member = this.#indexOf(transaction.memberId);
    const numbers = this.#pageOf(member);
    const start = startOf(member);
    increase(numbers, start + TRANSACTIONS, 1);
    increase(numbers, start + POINTS, transaction.points);
    increase(numbers, start + REVENUE, transaction.revenueUsd);
    increase(numbers, start + IMPUTED, transaction.imputedValues);
    if (transaction.kind !== undefined) increase(numbers, start + KIND_OFFSETS[transaction.kind], 1);
    insertRecent(numbers, start, transaction);
  }

  /** All that is known of a member, for other aggregates to add with `merge`. */
  accountOf(member: number): Float64Array {
    return this.#pageOf(member).slice(startOf(member), startOf(member) + STRIDE);
  }

  /**
   * Adds what other aggregates know of a member from a later part of the same file. Sums that are not whole numbers may
   * differ in their last digits from those that are added up row by row.
   */
  merge(memberId: string, account: Float64Array): void {
    const member = this.#indexOf(memberId);
    const numbers = this.#pageOf(member);
    const start = startOf(member);
    for (let column = 0; column < RECENT_TIMES; column++) increase(numbers, start + column, account[column] ?? 0);
    // The oldest first, so that at the same time the later line wins here, too.
    for (let rank = Math.min(RECENT, account[TRANSACTIONS] ?? 0) - 1; rank >= 0; rank--) {
      insertRecent(numbers, start, {
        time: account[RECENT_TIMES + rank] ?? 0,
        points: account[RECENT_POINTS + rank] ?? 0,
        revenueUsd: account[RECENT_REVENUES + rank] ?? 0,
      });
    }
  }

  transactions(member: number): number {
    return this.#read(member, TRANSACTIONS);
  }

  /** Blank cells that were read as a default. */
  imputedValues(member: number): number {
    return this.#read(member, IMPUTED);
  }

  totalPoints(member: number): number {
    return this.#read(member, POINTS);
  }

  totalRevenueUsd(member: number): number {
    return this.#read(member, REVENUE);
  }

  ofKind(member: number, kind: Kind): number {
    return this.#read(member, KIND_OFFSETS[kind]);
  }

  /** Time of the latest transaction, milliseconds since the epoch. */
  lastTime(member: number): number {
    return this.#read(member, RECENT_TIMES);
  }

  /** Mean points of the most recent transactions, three at the most. */
  recentMeanPoints(member: number): number {
    return this.#recentMean(member, RECENT_POINTS);
  }

  /** Mean revenue (USD) of the most recent transactions, three at the most. */
  recentMeanRevenueUsd(member: number): number {
    return this.#recentMean(member, RECENT_REVENUES);
  }

  #recentMean(member: number, column: number): number {
    const known = Math.min(RECENT, this.transactions(member));
    let sum = 0;
    for (let rank = 0; rank < known; rank++) sum += this.#read(member, column + rank);
    return sum / known;
  }

  #read(member: number, column: number): number {
    return this.#pageOf(member)[startOf(member) + column] ?? 0;
  }

  #pageOf(member: number): Float64Array {
    return this.#pages[Math.floor(member / PAGE_MEMBERS)] ?? NO_PAGE;
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
    if (member % PAGE_MEMBERS === 0) this.#pages.push(new Float64Array(PAGE_MEMBERS * STRIDE));
    const times = startOf(member) + RECENT_TIMES;
    this.#pageOf(member).fill(Number.NEGATIVE_INFINITY, times, times + RECENT);
    return member;
  }
}

const NO_PAGE = new Float64Array();

/** Where a member's numbers begin in its page. */
function startOf(member: number): number {
  return (member % PAGE_MEMBERS) * STRIDE;
}

function increase(numbers: Float64Array, position: number, by: number): void {
  numbers[position] = (numbers[position] ?? 0) + by;
}

/** Puts a transaction where it belongs among the latest ones, newest first; at the same time the later line wins. */
function insertRecent(
  numbers: Float64Array,
  start: number,
  { time, points, revenueUsd }: Pick<Transaction, 'time' | 'points' | 'revenueUsd'>,
): void {
  const times = start + RECENT_TIMES;
  let rank = RECENT;
  while (rank > 0 && time >= (numbers[times + rank - 1] ?? 0)) rank--;
  if (rank === RECENT) return;
  insert(numbers, times, rank, time);
  insert(numbers, start + RECENT_POINTS, rank, points);
  insert(numbers, start + RECENT_REVENUES, rank, revenueUsd);
}

function insert(numbers: Float64Array, column: number, rank: number, value: number): void {
  for (let at = column + RECENT - 1; at > column + rank; at--) numbers[at] = numbers[at - 1] ?? 0;
  numbers[column + rank] = value;
}
