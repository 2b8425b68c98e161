import { type Options, stringify } from 'csv-stringify/sync';
import { PREDICTION_DEFINITION, PREDICTIONS, type Prediction } from '../../calls.ts';
import type { ScoredMember } from '../../run/contracts.ts';
import { harmlessText } from './formulas.ts';

/** All texts are quoted, because readers differ in which texts they need quoted. */
const OPTIONS: Options = { quoted_string: true };

/** The first line of `offers.csv`. */
export function offersHeader(): string {
  return stringify([['MEMBER_ID', 'OFFER', ...PREDICTIONS.map(columnOf)]]);
}

/** A line for each member that has an offer. The others are left out, so that no reader sees an empty offer. */
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
