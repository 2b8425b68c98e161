import { type Options, stringify } from 'csv-stringify/sync';
import { PREDICTION_DEFINITION, PREDICTIONS, type Prediction } from '../../calls.ts';
import type { ScoredMember } from '../../run/contracts.ts';
import { harmlessText } from './formulas.ts';

/** Texts are quoted, whatever they hold: which of them have to be is the reader's business. */
const OPTIONS: Options = { quoted_string: true };

/** The first line of `offers.csv`. */
export function offersHeader(): string {
  return stringify([['MEMBER_ID', 'OFFER', ...PREDICTIONS.map(columnOf)]]);
}

/** A line for each member that has an offer: whoever has none must not be taken for one with an empty offer. */
export function offersLines(members: readonly ScoredMember[]): string {
  const rows = members.flatMap(({ memberId, outcome }) =>
    outcome.status === 'SCORED'
      ? [[harmlessText(memberId), harmlessText(outcome.offer), ...PREDICTIONS.map((prediction) => outcome[prediction])]]
      : [],
  );
  return stringify(rows, OPTIONS);
}

function columnOf(prediction: Prediction): string {
  return `${PREDICTION_DEFINITION[prediction].label}_PREDICTION`;
}
