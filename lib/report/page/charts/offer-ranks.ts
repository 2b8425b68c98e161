import type { Summary } from '../../../run/summary.ts';
import { largestOffers, MAX_DRAWN_OFFERS } from '../../figures/largest-offers.ts';
import { counted } from '../../view/numbers.ts';
import { plainName } from '../../view/plain-text.ts';

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

/** The offers as the page shows them: the largest first, what is beyond those as one. */
export interface OfferRanks {
  ranked: RankedOffer[];
  /** The one among `ranked` that stands for an offer; for undefined, that of those which are not told apart. */
  of(offer: string | undefined): RankedOffer | undefined;
}

export function rankOffers(summary: Pick<Summary, 'offers' | 'otherOffers'>): OfferRanks {
  const { named, others } = largestOffers(summary, MAX_DRAWN_OFFERS);
  const byName = new Map<string | undefined, RankedOffer>(
    named.map(({ offer, members }, index) => [
      offer,
      {
        name: plainName(offer),
        members,
        named: true,
        colour: `var(--c${index + 1})`,
        shape: SHAPES[index % SHAPES.length] ?? 'circle',
      },
    ]),
  );
  const rest: RankedOffer[] =
    others.offers === 0
      ? []
      : [
          {
            name: counted(others.offers, 'other offer'),
            members: others.members,
            named: false,
            colour: 'var(--muted)',
            shape: 'circle',
          },
        ];
  return { ranked: [...byName.values(), ...rest], of: (offer) => byName.get(offer) ?? rest[0] };
}
