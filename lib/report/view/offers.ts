import { excerpt } from '../../excerpt.ts';
import type { Summary } from '../../run/summary.ts';
import { largestOffers } from '../figures/largest-offers.ts';
import { counted, formatCount, formatShare, shareOf } from './numbers.ts';

const MAX_NAME_LENGTH = 60;

/** An offer, or all those that there is no room for, and who gets it. */
export interface OfferRow {
  /** As the service named it; undefined for those that there is no room for. */
  offer: string | undefined;
  /** As it is shown. */
  name: string;
  members: number;
  membersText: string;
  /** Of all members that have an offer, 0 to 1. */
  share: number;
  shareText: string;
}

/** Who gets which offer, most members first. @param most offers that there is room for */
export function offerRows(summary: Pick<Summary, 'offers' | 'otherOffers' | 'members'>, most: number): OfferRow[] {
  const { scored } = summary.members;
  const { named, others } = largestWithin(summary, most);
  const rows = named.map(({ offer, members }) => rowOf({ offer, name: nameOf(offer), members, scored }));
  if (others.offers === 0) return rows;
  const name = counted(others.offers, 'other offer');
  return [...rows, rowOf({ offer: undefined, name, members: others.members, scored })];
}

/** A line that stands for one offer may as well be that offer. */
function largestWithin(summary: Pick<Summary, 'offers' | 'otherOffers'>, most: number) {
  const largest = largestOffers(summary, most);
  return largest.others.offers === 1 ? largestOffers(summary, most + 1) : largest;
}

function rowOf({ scored, ...offer }: Pick<OfferRow, 'offer' | 'name' | 'members'> & { scored: number }): OfferRow {
  const share = shareOf(offer.members, scored);
  return { ...offer, membersText: formatCount(offer.members), share, shareText: formatShare(share) };
}

/** A name that somebody else gave, as there is room for it: an offer's, a member's, a partner's. */
export function nameOf(name: string): string {
  return excerpt(name.trim(), MAX_NAME_LENGTH) || '(no name)';
}
