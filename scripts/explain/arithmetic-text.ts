import type { Arithmetic } from '../../lib/members/feature-kinds.ts';
import { addend, dayText, magnitude, signed } from './numbers.ts';

/**
 * The steps that lead to a feature's value, which is not among them: `(500 + 1,200 − 300) / 3`. A sum that does not
 * fit is cut short, and followed by its total.
 *
 * @param width characters that each step may take
 */
export function arithmeticSteps(arithmetic: Arithmetic, width: number): string[] {
  switch (arithmetic.type) {
    case 'mean':
      return meanSteps(arithmetic, width);
    case 'share':
      return [`${magnitude(arithmetic.part)} ${arithmetic.kind} of ${magnitude(arithmetic.whole)}`];
    case 'days':
      return [`${dayText(arithmetic.to)} \u2212 ${dayText(arithmetic.from)}`];
  }
}

function meanSteps({ terms, total }: { terms: readonly number[]; total: number }, width: number): string[] {
  const divisor = ` / ${magnitude(terms.length)}`;
  const short = `${signed(total)}${divisor}`;
  if (terms.length === 1) return [short];
  // No more can fit, and there may be a million of them.
  for (let shown = Math.min(terms.length, Math.ceil(width / NARROWEST_TERM)); shown > 1; shown--) {
    const left = terms.length - shown;
    const sum = `${sumText(terms.slice(0, shown))}${left > 0 ? ` + … ${magnitude(left)} more` : ''}`;
    const step = `(${sum})${divisor}`;
    if (step.length <= width) return left > 0 ? [step, short] : [step];
  }
  return [short];
}

const NARROWEST_TERM = ' + 0'.length;

function sumText([first = 0, ...others]: readonly number[]): string {
  return signed(first) + others.map(addend).join('');
}
