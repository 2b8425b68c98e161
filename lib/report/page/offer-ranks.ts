import type { Summary } from '../../contracts.ts';
import { counted } from '../numbers.ts';
import { plainName } from '../plain-text.ts';

const MOST_OFFERS = 8;

/** Each offer has a shape besides its colour, for those who do not tell the colours apart. */
export const SHAPES = ['circle', 'diamond', 'triangle', 'square', 'wedge'] as const;
export type Shape = (typeof SHAPES)[number];

/** An offer, or all those that are too many to name, and how charts show it. */
export interface RankedOffer {
  name: string;
  members: number;
  /** False for the one that stands for those that are too many to name. */
  named: boolean;
  /** A custom property of the page's style. */
  colour: string;
  shape: Shape;
}

/** The offers as the page shows them: the largest first, what is beyond the eighth as one. */
export interface OfferRanks {
  ranked: RankedOffer[];
  /** The one among `ranked` that stands for an offer. */
  of(offer: string): RankedOffer | undefined;
}

export function rankOffers(offers: Summary['offers']): OfferRanks {
  const all = Object.entries(offers).toSorted(([, a], [, b]) => b - a);
  const named = all.slice(0, MOST_OFFERS).map(([offer, members], index): [string, RankedOffer] => [
    offer,
    {
      name: plainName(offer),
      members,
      named: true,
      colour: `var(--c${index + 1})`,
      shape: SHAPES[index % SHAPES.length] ?? 'circle',
    },
  ]);
  const rest = all.slice(MOST_OFFERS);
  const others: RankedOffer = {
    name: counted(rest.length, 'other offer'),
    members: rest.reduce((sum, [, members]) => sum + members, 0),
    named: false,
    colour: 'var(--muted)',
    shape: 'circle',
  };
  const byName = new Map(named);
  return {
    ranked: [...byName.values(), ...(rest.length > 0 ? [others] : [])],
    of: (offer) => byName.get(offer) ?? (rest.length > 0 ? others : undefined),
  };
}
