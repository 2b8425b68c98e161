import type { ScoredMember } from '../../../lib/run/contracts.ts';
import { scored } from '../../builders/members.ts';

const { MAX_VALUE, MIN_VALUE } = Number;

/** Predictions by what is extreme about them. All are finite; their products, sums or differences may not be. */
export const EXTREMES: Record<string, readonly number[]> = {
  'large predictions': [1.7e308, 1.6e308],
  'nothing but the largest number': [MAX_VALUE],
  'large predictions of either sign': [MAX_VALUE, -MAX_VALUE],
  'the smallest numbers': [MIN_VALUE, 2 * MIN_VALUE],
  'zeros of either sign': [0, -0],
  'all of them': [MAX_VALUE, 1.7e308, 1, 1e-9, 1e-200, MIN_VALUE, 0].flatMap((size) => [size, -size]),
};

/** A member for each pair of predictions, with one of two offers by turns. */
export function membersWith(predictions: readonly number[]): ScoredMember[] {
  const pairs = predictions.flatMap((ats) => predictions.map((resp) => ({ ats, resp })));
  return pairs.map(({ ats, resp }, index) => scored(`M${index}`, ats, resp, index % 2 === 0 ? 'EVEN' : 'ODD'));
}
