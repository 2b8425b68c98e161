import type { Losses, RejectedRow } from './row-account.ts';

/** How much is kept of members whose rows are rejected, so that no file takes any amount of memory. */
export interface LossLimits {
  members: number;
  /** Of their ids and reasons. */
  characters: number;
  /** Members without an accepted row that are listed. */
  listed: number;
}

export const LOSS_LIMITS: LossLimits = { members: 100_000, characters: 16 * 1024 * 1024, listed: 1000 };

/** The rejected rows of a member. */
interface Account {
  rows: number;
  /** Of the first of them. */
  line: number;
  reason: string;
}

/** Counts rejected rows by member, as far as their ids can be read. */
export class RejectedMembers {
  readonly #limits: LossLimits;
  readonly #accounts = new Map<string, Account>();
  #characters = 0;
  #unknownRows = 0;
  #isFull = false;

  constructor(limits: LossLimits = LOSS_LIMITS) {
    this.#limits = limits;
  }

  /** @param memberId undefined when it cannot be read */
  add(memberId: string | undefined, { line, reason }: Pick<RejectedRow, 'line' | 'reason'>): void {
    const account = memberId === undefined ? undefined : this.#accounts.get(memberId);
    if (account !== undefined) {
      account.rows += 1;
      // Rows that are no CSV are told of before the other rows of their stretch.
      if (line < account.line) Object.assign(account, { line, reason });
    } else if (memberId === undefined || !this.#hasRoom(memberId, reason)) {
      this.#unknownRows += 1;
    } else {
      // A part of a string would keep the block of the file in memory that it was read from.
      this.#accounts.set(Buffer.from(memberId).toString(), { rows: 1, line, reason });
    }
  }

  /** How many of a member's rows were rejected, as far as that is known. */
  rowsOf(memberId: string): number {
    return this.#accounts.get(memberId)?.rows ?? 0;
  }

  /** What members have lost; undefined when no row was rejected. @param isAccepted whether a member has another row */
  losses(isAccepted: (memberId: string) => boolean): Losses | undefined {
    if (this.#accounts.size === 0 && this.#unknownRows === 0) return undefined;
    const incomplete = { members: 0, rows: 0 };
    const missing: Losses['missing'] = { members: 0, rows: 0, first: [] };
    for (const [memberId, account] of this.#accounts) {
      const sum = isAccepted(memberId) ? incomplete : missing;
      sum.members += 1;
      sum.rows += account.rows;
      if (sum === missing) missing.first.push({ memberId, ...account });
    }
    missing.first = missing.first.toSorted((one, other) => one.line - other.line).slice(0, this.#limits.listed);
    const rest = { unknownRows: this.#unknownRows, ...(this.#isFull && { isLowerBound: true }) };
    return { incomplete, missing, ...rest };
  }

  #hasRoom(memberId: string, reason: string): boolean {
    this.#characters += memberId.length + reason.length;
    this.#isFull ||= this.#accounts.size >= this.#limits.members || this.#characters > this.#limits.characters;
    return !this.#isFull;
  }
}
