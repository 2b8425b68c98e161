import { createHash } from 'node:crypto';
import type { Summary } from '../../run/summary.ts';
import { byMembers, type OfferMembers } from './largest-offers.ts';
import { NumberColumn } from './spread.ts';

/** The largest number of offers that a report names. When each member has an offer of its own, no list helps. */
export const MAX_NAMED_OFFERS = 1000;

/** Longer names are replaced by a digest. It is longer than this, so that it equals no short name. */
const MAX_KEY_LENGTH = 20;

/** An offer with its number. */
type Known = OfferMembers & { index: number };

/**
 * Counts members by offer. All offers are counted exactly and take some 100 bytes each, however long their names are.
 * Only the names of the offers with most members are kept.
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
    // A name that is dropped here belongs to an offer with fewer members than MAX_NAMED_OFFERS others. It can only get
    // more members when the offer is added again, and then its name is known again.
    if (this.#names.size > 2 * MAX_NAMED_OFFERS) this.#names = namesOf(this.largest(MAX_NAMED_OFFERS));
    return index;
  }

  /** The offers of most members, in this order. */
  largest(most: number): Known[] {
    const known = [...this.#names].map(([index, offer]) => ({ index, offer, members: this.#members.at(index) }));
    return known.toSorted(byMembers).slice(0, most);
  }

  /** Members by offer: as many offers as a report names, and all others as one. */
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
