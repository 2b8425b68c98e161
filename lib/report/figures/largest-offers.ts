import type { Summary } from '../../run/summary.ts';

/** Charts show so many offers separately and all others as one. */
export const MAX_DRAWN_OFFERS = 8;

export interface OfferMembers {
  offer: string;
  members: number;
}

/** For sorting: the offers of most members come first; offers of equally many members are sorted by name. */
export function byMembers(one: OfferMembers, other: OfferMembers): number {
  return other.members - one.members || (one.offer < other.offer ? -1 : 1);
}

/** The offers of most members by name; of all others, how many there are and how many members have one of them. */
export interface LargestOffers {
  named: OfferMembers[];
  others: { offers: number; members: number };
}

/** @param most the largest number of offers that are named */
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
