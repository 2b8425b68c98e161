import type { SignTally } from './sign-tally.ts';

/**
 * Numbers as nearly all cells of nearly all files have them: digits after a minus or none. Millions of cells are read so,
 * faster than by `Number`. Both functions are undefined for everything else.
 */

const PLUS = 43;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;

/** Fewer digits than numbers can hold exactly. */
const MOST_DIGITS = 15;

/** Reads what is the same in all forms, digits alone or after a minus, without a look at anything else. */
export function wholeNumber(cell: string): number | undefined {
  if (cell.length > MOST_DIGITS) return undefined;
  const isNegative = cell.charCodeAt(0) === MINUS;
  const from = isNegative ? 1 : 0;
  if (cell.length === from) return undefined;
  let value = 0;
  for (let at = from; at < cell.length; at++) {
    const code = cell.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return undefined;
    value = value * 10 + (code - ZERO);
  }
  return isNegative ? -value : value;
}

/** Both parts of a quotient are exact, so that it is what `Number` reads. */
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS }, (_, exponent) => 10 ** exponent);

/**
 * Reads digits with a decimal sign or none.
 * @param decimal the code of the sign
 * @param tally in which is counted what has one
 */
export function decimalNumber(cell: string, decimal: number, tally: SignTally): number | undefined {
  if (cell.length > MOST_DIGITS) return undefined;
  const sign = cell.charCodeAt(0);
  const from = sign === MINUS || sign === PLUS ? 1 : 0;
  let value = 0;
  let place = -1;
  for (let at = from; at < cell.length; at++) {
    const code = cell.charCodeAt(at);
    if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else if (code === decimal && place < 0) place = at;
    else return undefined;
  }
  if (cell.length - from <= (place < 0 ? 0 : 1)) return undefined;
  if (place >= 0) {
    const decimals = cell.length - place - 1;
    if (decimals === 3 && mayBeGroup(cell, from, place)) tally.addAmbiguous(cell);
    else tally.agreeing += 1;
    value /= POWERS_OF_TEN[decimals] ?? 1;
  }
  return sign === MINUS ? -value : value;
}

/** Whether digits before a sign may be the first group, as in 1.500. */
function mayBeGroup(cell: string, from: number, to: number): boolean {
  return to > from && to - from <= 3 && cell.charCodeAt(from) !== ZERO;
}
