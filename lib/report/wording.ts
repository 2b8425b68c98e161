import type { Boundary, Phase } from '../contracts.ts';
import type { Cost } from '../cost/usage.ts';
import { counted, formatShare, formatValue, shareOf } from './numbers.ts';
import { plainName } from './plain-text.ts';

/** What happens in each stretch of a run. */
export const PHASE_NOTES: Record<Phase['phase'], string> = {
  'wait features': 'from the upload to the function that it started',
  features: 'reading the file, computing features, writing batches',
  scoring: 'calling the endpoints, with batches that wait for a free function; until the last result',
  'wait report': 'from the last result to the function that it started',
  report: 'gathering the results, writing the report',
};

/**
 * Where one offer ends and the next begins, as observed, and for how many members it was close.
 *
 * @param scored members in all that have an offer
 */
export function boundarySentence(boundary: Boundary, scored: number): string {
  const { highestBelow, lowestAbove, near, overlapping } = boundary;
  const [below, above] = [plainName(boundary.below), plainName(boundary.above)];
  const [end, begin] = [formatValue(highestBelow), formatValue(lowestAbove)];
  const members = (count: number) => `${counted(count, 'member')} (${formatShare(shareOf(count, scored))})`;
  if (overlapping > 0) {
    return `${below} and ${above} overlap: expected values (ATS × RESP) from ${begin} to ${end} occur with either, for ${members(overlapping)}. Something other than this value decides there.`;
  }
  const verb = near === 1 ? 'is' : 'are';
  return `${below} ends at an expected value (ATS × RESP) of ${end}, ${above} begins at ${begin}; ${members(near)} ${verb} within a tenth of that boundary.`;
}

/** What an estimate rests on, and what is not in it. */
export function costBasis({ prices, isLowerBound }: Cost): string {
  const more = isLowerBound ? ' It is more than that: not every invocation told what it used.' : '';
  return `From the functions' time until they stored what they had, their memory and their requests to S3, at AWS's prices of ${prices.region} in ${prices.asOf} without free tiers. Cold starts, attempts that died, logs, storage and your endpoints are not in it.${more}`;
}
