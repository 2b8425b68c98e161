import type { Arithmetic } from '../../lib/members/arithmetic.ts';
import { isoDay } from '../../lib/transactions/cells.ts';
import { addend, magnitude, signed } from './numbers.ts';

/**
 * The steps that lead to a feature's value, which is not among them: `(500 + 1,200 − 300) / 3`. A sum that does not
 * fit is cut short, and followed by its total.
 *
 * @param width characters that each step may take
 */
export function arithmeticSteps(arithmetic: Arithmetic, width: number): string[] {
  switch (arithmetic.type) {
    case 'mean':
      return sumSteps(arithmetic, ` / ${magnitude(arithmetic.terms.length)}`, width);
    case 'sum':
      return arithmetic.terms.length === 1 ? [] : sumSteps(arithmetic, '', width).slice(0, 1);
    case 'min':
      return [extremeStep('the least of', arithmetic.terms, width)];
    case 'max':
      return [extremeStep('the most of', arithmetic.terms, width)];
    case 'count':
      return [];
    case 'default':
      return ['no such transaction'];
    case 'share':
      return [`${magnitude(arithmetic.part)} ${arithmetic.kind} of ${magnitude(arithmetic.whole)}`];
    case 'days':
      return [`${isoDay(arithmetic.to)} \u2212 ${isoDay(arithmetic.from)}`];
  }
}

/** @param divisor what follows the sum */
function sumSteps(
  { terms, total }: { terms: readonly number[]; total: number },
  divisor: string,
  width: number,
): string[] {
  const short = `${signed(total)}${divisor}`;
  if (terms.length === 1) return [short];
  const sum = (shown: number) => (divisor === '' ? cutSum(terms, shown) : `(${cutSum(terms, shown)})${divisor}`);
  const shown = mostThatFit(terms, width, sum);
  if (shown < 2) return [short];
  return shown < terms.length ? [sum(shown), short] : [sum(shown)];
}

function extremeStep(words: string, terms: readonly number[], width: number): string {
  const list = (shown: number) => {
    const left = terms.length - shown;
    return `${words} ${terms.slice(0, shown).map(signed).join(' and ')}${left > 0 ? ` and ${magnitude(left)} more` : ''}`;
  };
  const shown = mostThatFit(terms, width, list);
  return shown === 0 ? `${words} ${magnitude(terms.length)} values` : list(shown);
}

const NARROWEST_TERM = ' + 0'.length;

/** How many terms, from the first on, can be shown in a text; none where one is too much. */
function mostThatFit(terms: readonly number[], width: number, textOf: (shown: number) => string): number {
  // No more can fit, and there may be a million of them.
  for (let shown = Math.min(terms.length, Math.ceil(width / NARROWEST_TERM)); shown > 0; shown--) {
    if (textOf(shown).length <= width) return shown;
  }
  return 0;
}

function cutSum(terms: readonly number[], shown: number): string {
  const left = terms.length - shown;
  return `${sumText(terms.slice(0, shown))}${left > 0 ? ` + … ${magnitude(left)} more` : ''}`;
}

function sumText([first = 0, ...others]: readonly number[]): string {
  return signed(first) + others.map(addend).join('');
}
