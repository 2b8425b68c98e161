import { TIME_VALUE } from '../transactions/transaction.ts';
import { keyOf, type Selection } from './selection.ts';

/** The place of a number in a member's account; known when all that is needed has been asked for. */
export interface Slot {
  at: number;
}

/** A number of an account that a field's values go into. */
interface ValueSlot extends Slot {
  /** The field's place among a transaction's values. */
  value: number;
}

/** The latest transactions of a selection, newest first: a stretch of their times, and one for each field of use. */
export interface Recent {
  length: number;
  times: Slot;
  values: ValueSlot[];
}

/** What an account keeps of the transactions of one selection. */
export interface Group {
  selection: Selection;
  /** How many there are. */
  count: Slot | undefined;
  /** How many have a value. */
  present: ValueSlot[];
  sums: ValueSlot[];
  minima: ValueSlot[];
  maxima: ValueSlot[];
  recent: Recent | undefined;
}

/** Transactions of a member, and blank cells among them. */
export const TRANSACTIONS: Slot = { at: 0 };
export const IMPUTED: Slot = { at: 1 };

/**
 * What a member's account keeps: as much as the features need, whatever the number of transactions, and each number
 * once, however many features use it. First all that is needed is asked for, then `arrange` finds the places.
 */
export class AccountLayout {
  readonly #groups = new Map<string, Group>();
  #length = 2;

  get groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** Numbers in an account. */
  get length(): number {
    return this.#length;
  }

  /** How many transactions are selected. */
  count(selection: Selection): Slot {
    if (selection.conditions.length === 0 && selection.days === undefined) return TRANSACTIONS;
    const group = this.#groupOf(selection);
    group.count ??= { at: 0 };
    return group.count;
  }

  /** Over a field of the selected transactions. */
  over(what: 'present' | 'sums' | 'minima' | 'maxima', selection: Selection, value: number): Slot {
    return slotIn(this.#groupOf(selection)[what], value);
  }

  /** The latest of the selected transactions, so many at the least; of all days, as each tells its own. */
  recent(selection: Selection, length: number): Recent {
    const group = this.#groupOf({ ...selection, days: undefined });
    group.recent ??= { length: 0, times: { at: 0 }, values: [] };
    group.recent.length = Math.max(group.recent.length, length);
    return group.recent;
  }

  /** Where the latest transactions have a field. */
  recentValue({ times, values }: Recent, value: number): Slot {
    return value === TIME_VALUE ? times : slotIn(values, value);
  }

  /** Gives everything its place. */
  arrange(): void {
    const take = (slot: Slot | undefined, length = 1) => {
      if (slot === undefined) return;
      slot.at = this.#length;
      this.#length += length;
    };
    for (const { count, present, sums, minima, maxima, recent } of this.#groups.values()) {
      for (const slot of [count, ...present, ...sums, ...minima]) take(slot);
      if (recent !== undefined) for (const slot of [recent.times, ...recent.values]) take(slot, recent.length);
      // The latest time is the first of the recent ones.
      for (const slot of maxima) if (recent === undefined || slot.value !== TIME_VALUE) take(slot);
      const latest = maxima.find(({ value }) => value === TIME_VALUE);
      if (recent !== undefined && latest !== undefined) {
        latest.at = recent.times.at;
        maxima.splice(maxima.indexOf(latest), 1);
      }
    }
  }

  #groupOf(selection: Selection): Group {
    const key = keyOf(selection);
    const group = this.#groups.get(key) ?? {
      selection,
      count: undefined,
      present: [],
      sums: [],
      minima: [],
      maxima: [],
      recent: undefined,
    };
    this.#groups.set(key, group);
    return group;
  }
}

function slotIn(slots: ValueSlot[], value: number): ValueSlot {
  const known = slots.find((slot) => slot.value === value);
  if (known !== undefined) return known;
  const slot = { at: 0, value };
  slots.push(slot);
  return slot;
}
