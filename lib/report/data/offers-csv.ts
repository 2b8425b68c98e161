import { type Options, stringify } from 'csv-stringify/sync';
import type { Calls } from '../../calls.ts';
import { predictionIn, type ScoredMember } from '../../run/contracts.ts';
import { harmlessText } from './formulas.ts';

/** All texts are quoted, because readers differ in which texts they need quoted. */
const OPTIONS: Options = { quoted_string: true };

/** The first line of `offers.csv`. */
export function offersHeader({ models, offer }: Calls): string {
  const predictions = models.map(({ label }) => harmlessText(`${label}_PREDICTION`));
  return stringify([['MEMBER_ID', ...(offer === undefined ? [] : ['OFFER']), ...predictions]]);
}

/** A line for each member that was scored: whoever has no offer must not be taken for one with an empty offer. */
export function offersLines(members: readonly ScoredMember[], { models, offer }: Calls): string {
  const rows = members.flatMap(({ memberId, outcome }) => {
    if (outcome.status === 'FAILED') return [];
    const predictions = models.map(({ name }) => predictionIn(outcome, name));
    const offers = offer === undefined ? [] : [harmlessText(outcome.offer ?? '')];
    return [[harmlessText(memberId), ...offers, ...predictions]];
  });
  return stringify(rows, OPTIONS);
}
