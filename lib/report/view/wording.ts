import type { Range } from '../../calls.ts';
import type { Cost } from '../../cost/usage.ts';
import { NOT_IN_ESTIMATES } from '../../cost/usd.ts';
import type { Boundary, OutOfRange, Phase } from '../../run/summary.ts';
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

/** How many predictions are not what is expected of them. @param total members in all */
export function outOfRangeCount({ prediction, expected, members }: OutOfRange, total: number): string {
  const share = formatShare(shareOf(members, total));
  return `${prediction.toUpperCase()} should be ${rangeText(expected)}, and is not for ${counted(members, 'member')} (${share})`;
}

/** The same, what they are instead, and what to do. */
export function outOfRangeSentence(finding: OutOfRange, total: number): string {
  const { prediction } = finding;
  return `${outOfRangeCount(finding, total)}: there it is ${valuesText(finding)}. Look at the model before these offers are used; where this is meant, set EXPECTED_${prediction.toUpperCase()}.`;
}

/** The predictions that are not what is expected of them. */
export function valuesText({ lowest, highest, expected }: OutOfRange): string {
  const [low, high] = [lowest, highest].map((value) => outsideText(value, expected));
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** With as many digits as it takes not to look like an end of the range. */
function outsideText(value: number, { from, to }: Range): string {
  const text = formatValue(value);
  return [from, to].some((end) => end !== undefined && formatValue(end) === text) ? String(value) : text;
}

/** @example `0 to 1`, `0 or more` */
export function rangeText({ from, to }: Range): string {
  if (from === undefined) return to === undefined ? 'any number' : `${formatValue(to)} or less`;
  return to === undefined ? `${formatValue(from)} or more` : `${formatValue(from)} to ${formatValue(to)}`;
}

/** What an estimate rests on, and what is not in it. */
export function costBasis({ prices, isLowerBound }: Cost): string {
  const more = isLowerBound ? ' It is more than that: not every invocation told what it used.' : '';
  return `From the functions' time and requests to S3 until they stored what they had, and their memory, at AWS's prices of ${prices.region} in ${prices.asOf} without free tiers. ${NOT_IN_ESTIMATES}${more}`;
}
