import { counted } from '../../../counted.ts';
import type { Summary } from '../../../run/summary.ts';
import { largestOffers, MAX_DRAWN_OFFERS } from '../../figures/largest-offers.ts';
import { nameOf } from '../../view/offers.ts';
import { plainName } from '../../view/plain-text.ts';

/** Each offer has a shape besides its colour, for people who cannot distinguish the colours. */
export const SHAPES = ['circle', 'diamond', 'triangle', 'square', 'wedge'] as const;
export type Shape = (typeof SHAPES)[number];

/** How charts show an offer, or all offers together that they do not show separately. */
export interface RankedOffer {
  name: string;
  members: number;
  /** False for the one that stands for all offers that are not shown separately. */
  named: boolean;
  /** A custom property of the page's style. */
  colour: string;
  shape: Shape;
}

/** The offers as charts show them: the largest first, and all others as one. */
export interface OfferRanks {
  ranked: RankedOffer[];
  /** The entry of `ranked` for an offer; for undefined, the entry of all offers that are not shown separately. */
  of(offer: string | undefined): RankedOffer | undefined;
}

export function rankOffers(summary: Pick<Summary, 'offers' | 'otherOffers'>): OfferRanks {
  const { named, others } = largestOffers(summary, MAX_DRAWN_OFFERS);
  const slots = slotsOf(named.map(({ offer }) => offer));
  const byName = new Map<string | undefined, RankedOffer>(
    named.map(({ offer, members }) => {
      const slot = slots.get(offer) ?? 0;
      const shape = SHAPES[slot % SHAPES.length] ?? 'circle';
      return [offer, { name: plainName(nameOf(offer)), members, named: true, colour: `var(--c${slot + 1})`, shape }];
    }),
  );
  const rest: RankedOffer = {
    name: counted(others.offers, 'other offer'),
    members: others.members,
    named: false,
    colour: 'var(--muted)',
    shape: 'circle',
  };
  const ranked = [...byName.values(), ...(others.offers === 0 ? [] : [rest])];
  return { ranked, of: (offer) => byName.get(offer) ?? (others.offers === 0 ? undefined : rest) };
}

/** Makes the sum of the characters of `OFFER_1` a multiple of eight. */
const OFFSET = 6;

/**
 * Chooses colours by the offers' names. So an offer has the same colour in every run, unless another offer has taken
 * it. Names that differ only in a number get neighbouring colours.
 */
function slotsOf(offers: readonly string[]): Map<string, number> {
  const free = new Set(Array.from({ length: MAX_DRAWN_OFFERS }, (_, slot) => slot));
  const slots = new Map<string, number>();
  for (const offer of offers.toSorted()) {
    let slot = numberOf(offer);
    while (!free.delete(slot)) slot = (slot + 1) % MAX_DRAWN_OFFERS;
    slots.set(offer, slot);
  }
  return slots;
}

/** A number from 0 for a name. `OFFER_1` has 0, so that it begins with the colours that are easiest to distinguish. */
function numberOf(name: string): number {
  const sum = [...name].reduce((total, character) => total + (character.codePointAt(0) ?? 0), OFFSET);
  return sum % MAX_DRAWN_OFFERS;
}
