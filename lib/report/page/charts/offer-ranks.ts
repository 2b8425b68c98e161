import type { Summary } from '../../../run/summary.ts';
import { largestOffers, MAX_DRAWN_OFFERS } from '../../figures/largest-offers.ts';
import { counted } from '../../view/numbers.ts';
import { nameOf } from '../../view/offers.ts';
import { plainName } from '../../view/plain-text.ts';

/** Each offer has a shape besides its colour, for those who do not tell the colours apart. */
export const SHAPES = ['circle', 'diamond', 'triangle', 'square', 'wedge'] as const;
export type Shape = (typeof SHAPES)[number];

/** An offer, or all those that are too many to tell apart, and how charts show it. */
export interface RankedOffer {
  name: string;
  members: number;
  /** False for the one that stands for those that are too many to tell apart. */
  named: boolean;
  /** A custom property of the page's style. */
  colour: string;
  shape: Shape;
}

/** The offers as charts tell them apart: the largest first, what is beyond those as one. */
export interface OfferRanks {
  ranked: RankedOffer[];
  /** The one among `ranked` that stands for an offer; for undefined, that of those which are not told apart. */
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

/** What takes the sum of the characters of `OFFER_1` to a multiple of eight. */
const OFFSET = 6;

/**
 * Colours by the names of the offers, so that an offer has the same in every run in which no other one has taken it.
 * Names that differ in a number take colours next to each other.
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

/** Of a name, from 0; that of `OFFER_1` is 0, so that its colours are the ones told apart best. */
function numberOf(name: string): number {
  const sum = [...name].reduce((total, character) => total + (character.codePointAt(0) ?? 0), OFFSET);
  return sum % MAX_DRAWN_OFFERS;
}
