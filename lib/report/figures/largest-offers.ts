import type { Summary } from '../../run/summary.ts';

/** Charts tell this many offers apart; the others are drawn as one. */
export const MAX_DRAWN_OFFERS = 8;

export interface OfferMembers {
  offer: string;
  members: number;
}

/** For sorting: the offers of most members first, those of as many in the order of their names. */
export function byMembers(one: OfferMembers, other: OfferMembers): number {
  return other.members - one.members || (one.offer < other.offer ? -1 : 1);
}

/** The offers of most members, and what all others come to: how many they are, and how many members have one. */
export interface LargestOffers {
  named: OfferMembers[];
  others: { offers: number; members: number };
}

/** @param most how many are named at the most */
export function largestOffers(
  { offers, otherOffers = { offers: 0, members: 0 } }: Pick<Summary, 'offers' | 'otherOffers'>,
  most: number,
): LargestOffers {
  const ranked = Object.entries(offers).map(([offer, members]) => ({ offer, members }));
  ranked.sort(byMembers);
  const rest = ranked.slice(most);
  return {
    named: ranked.slice(0, most),
    others: {
      offers: otherOffers.offers + rest.length,
      members: rest.reduce((sum, { members }) => sum + members, otherOffers.members),
    },
  };
}
