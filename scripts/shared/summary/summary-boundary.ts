import { beyond, isExtreme } from '../../../lib/report/view/numbers.ts';
import type { Boundary, Summary } from '../../../lib/run/summary.ts';
import { printable } from '../../../local/terminal/printable.ts';
import { count } from '../../../local/terminal/units.ts';

const MIN_DIGITS = 6;
/** As many as tell any two numbers apart. */
const MAX_DIGITS = 17;

const LINES = 2;
const OFFER_COLUMNS = 14;

/** Where one offer ends and the next begins. */
export function boundaryLines({ boundaries }: Summary): string[] {
  const shown = boundaries.length > LINES ? LINES - 1 : LINES;
  const others = boundaries.length - shown;
  const more = others > 0 ? [`${count(others)} others, see the report`] : [];
  return [...boundaries.slice(0, shown).map(sentence), ...more].map(
    (line, place) => `  ${place === 0 ? 'boundary' : '        '} ${line}`,
  );
}

function sentence({ below, above, highestBelow, lowestAbove, near, overlapping }: Boundary): string {
  const [one, other] = [printable(below, OFFER_COLUMNS), printable(above, OFFER_COLUMNS)];
  const [end = '', begin = ''] = apart(highestBelow, lowestAbove);
  return overlapping > 0
    ? `${one} and ${other} overlap from ATS × RESP = ${begin} to ${end}, for ${members(overlapping)}`
    : `${one} ends at ATS × RESP = ${end}, ${other} begins at ${begin}; ${members(near)} within a tenth`;
}

/** Two values with as many digits as it takes to see that they differ. */
function apart(...values: [number, number]): string[] {
  const notation = values.some((value) => isExtreme(value)) ? 'scientific' : 'standard';
  for (let digits = MIN_DIGITS; ; digits++) {
    const format = new Intl.NumberFormat('en-US', {
      maximumSignificantDigits: digits,
      notation,
      signDisplay: 'negative',
    });
    const texts = values.map((value) => `${format.format(value)}${beyond(value)}`);
    if (texts[0] !== texts[1] || values[0] === values[1] || digits === MAX_DIGITS) return texts;
  }
}

function members(many: number): string {
  return `${count(many)} ${many === 1 ? 'member' : 'members'}`;
}
