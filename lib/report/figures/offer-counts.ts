import { createHash } from 'node:crypto';
import type { Summary } from '../../run/summary.ts';
import { byMembers, type OfferMembers } from './largest-offers.ts';
import { NumberColumn } from './spread.ts';

/** A report names this many offers at the most. Where each member has a code of its own, no list of them helps. */
export const MAX_NAMED_OFFERS = 1000;

/** Longer names are told apart by a digest, which is longer than this itself. */
const MAX_KEY_LENGTH = 20;

/** An offer with its number. */
type Known = OfferMembers & { index: number };

/**
 * Counts members by offer. All offers are counted exactly, in some 100 bytes each whatever their names; by name only
 * those of most members are known.
 */
export class OfferCounts {
  readonly #indexes = new Map<string, number>();
  readonly #members = new NumberColumn();
  #names = new Map<number, string>();
  #total = 0;

  /** How many different offers there are. */
  get size(): number {
    return this.#members.length;
  }

  /** Counts a member. @returns the offer's number, from 0 in the order of first appearance */
  add(offer: string): number {
    const index = this.#indexOf(offer);
    this.#total += 1;
    this.#members.set(index, this.#members.at(index) + 1);
    this.#names.set(index, offer);
    // What is forgotten here has fewer members than as many others as are named. Should that change, it is because the
    // offer comes again, with its name.
    if (this.#names.size > 2 * MAX_NAMED_OFFERS) this.#names = namesOf(this.largest(MAX_NAMED_OFFERS));
    return index;
  }

  /** Those of most members, in this order. */
  largest(most: number): Known[] {
    const known = [...this.#names].map(([index, offer]) => ({ index, offer, members: this.#members.at(index) }));
    return known.toSorted(byMembers).slice(0, most);
  }

  /** By name as many as a report names, the others as one. */
  counts(): Pick<Summary, 'offers' | 'otherOffers'> {
    const named = this.largest(MAX_NAMED_OFFERS);
    const inOrder = named.toSorted((one, other) => (one.offer < other.offer ? -1 : 1));
    const offers = Object.fromEntries(inOrder.map(({ offer, members }) => [offer, members]));
    const others = this.size - named.length;
    if (others === 0) return { offers };
    const members = named.reduce((left, known) => left - known.members, this.#total);
    return { offers, otherOffers: { offers: others, members } };
  }

  #indexOf(offer: string): number {
    const key = offer.length > MAX_KEY_LENGTH ? createHash('sha256').update(offer, 'utf16le').digest('base64') : offer;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.size;
    this.#indexes.set(key, index);
    this.#members.push(0);
    return index;
  }
}

function namesOf(offers: readonly Known[]): Map<number, string> {
  return new Map(offers.map(({ index, offer }) => [index, offer]));
}
