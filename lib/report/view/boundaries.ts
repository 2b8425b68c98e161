import { counted } from '../../counted.ts';
import { shownCallsOf } from '../../run/run-definition.ts';
import type { Boundary, Summary } from '../../run/summary.ts';
import { folded } from './folding.ts';
import { formatApart, formatShare, shareOf } from './numbers.ts';
import { nameOf } from './offers.ts';

/** A sentence for each boundary between two offers. @param most the number of sentences that there is room for */
export function boundarySentences(summary: Summary, most: number): string[] {
  const { boundaries, members } = summary;
  const { formula = '' } = shownCallsOf(summary).expectedValue ?? {};
  const { shown, others } = folded(boundaries, most);
  const sentences = shown.map((boundary) => boundarySentence(boundary, members.scored, formula));
  if (others.length === 0) return sentences;
  return [...sentences, `${counted(others.length, 'other boundary', 'other boundaries')}.`];
}

/**
 * A boundary as it was observed, and how many members are near it.
 *
 * @param scored number of all members that have an offer
 * @param formula of the expected value
 */
function boundarySentence(boundary: Boundary, scored: number, formula: string): string {
  const { highestBelow, lowestAbove, near, overlapping } = boundary;
  const [below, above] = [nameOf(boundary.below), nameOf(boundary.above)];
  const [end, begin] = formatApart(highestBelow, lowestAbove);
  const members = (count: number) => `${counted(count, 'member')} (${formatShare(shareOf(count, scored))})`;
  if (overlapping > 0) {
    return `${below} and ${above} overlap: values of ${formula} from ${begin} to ${end} occur with either, for ${members(overlapping)}. Something other than this value decides there.`;
  }
  const verb = near === 1 ? 'is' : 'are';
  return `${below} ends at ${formula} = ${end}, ${above} begins at ${begin}; ${members(near)} ${verb} within a tenth of it.`;
}
