import { counted, formatCount } from '../../counted.ts';
import { excerpt } from '../../excerpt.ts';
import type { Summary } from '../../run/summary.ts';
import { largestOffers } from '../figures/largest-offers.ts';
import { formatShare, shareOf } from './numbers.ts';

const MAX_NAME_LENGTH = 60;

/** An offer and how many members get it. One row may stand for all offers that there is no room for. */
export interface OfferRow {
  /** The name that the offer service gave; undefined for the row of all offers that there is no room for. */
  offer: string | undefined;
  /** The name for people. */
  name: string;
  members: number;
  membersText: string;
  /** Share of all members that have an offer, 0 to 1. */
  share: number;
  shareText: string;
}

/** The offers and their members, most members first. @param most number of offers that there is room for */
export function offerRows(summary: Pick<Summary, 'offers' | 'otherOffers' | 'members'>, most: number): OfferRow[] {
  const { scored } = summary.members;
  const { named, others } = largestWithin(summary, most);
  const rows = named.map(({ offer, members }) => rowOf({ offer, name: nameOf(offer), members, scored }));
  if (others.offers === 0) return rows;
  const name = counted(others.offers, 'other offer');
  return [...rows, rowOf({ offer: undefined, name, members: others.members, scored })];
}

/** If only one offer is left over, the row for all others shows that offer itself. */
function largestWithin(summary: Pick<Summary, 'offers' | 'otherOffers'>, most: number) {
  const largest = largestOffers(summary, most);
  return largest.others.offers === 1 ? largestOffers(summary, most + 1) : largest;
}

function rowOf({ scored, ...offer }: Pick<OfferRow, 'offer' | 'name' | 'members'> & { scored: number }): OfferRow {
  const share = shareOf(offer.members, scored);
  return { ...offer, membersText: formatCount(offer.members), share, shareText: formatShare(share) };
}

/** A name from outside, of an offer, a member or a partner, cut to the room that there is. */
export function nameOf(name: string): string {
  return excerpt(name.trim(), MAX_NAME_LENGTH) || '(no name)';
}
