import { placeInWords } from './cell-place.ts';
import type { FormCensus } from './form-census.ts';
import { DECIMAL_CHARS } from './sign-tally.ts';
import { COMMA, COMMA_OR_GROUP, POINT, POINT_OR_GROUP, valueIn, writtenNumber } from './written-number.ts';

/** Of a cell in a column that nothing decides, as the end of a sentence. */
export const IN_TWO_WAYS = `can be read in two ways; set ${DECIMAL_CHARS}`;

/**
 * Why a cell that can be read in two ways is read in none, and what to write into the partner's file; undefined where
 * there is no such cell.
 */
export function undecidedInWords(census: FormCensus): string | undefined {
  const undecided = census.firstOf(POINT_OR_GROUP) ?? census.firstOf(COMMA_OR_GROUP);
  const number = undecided && writtenNumber(undecided.cell);
  if (undecided === undefined || number === undefined) return undefined;
  const [group, decimal] = number.forms === COMMA_OR_GROUP ? [POINT, COMMA] : [COMMA, POINT];
  const [grouped, fraction] = [valueIn(number, group), valueIn(number, decimal)];
  const [groupChar, decimalChar] = group === POINT ? ['.', ','] : [',', '.'];
  const advice = `set decimalChar: "${groupChar}" to read ${grouped}, decimalChar: "${decimalChar}" to read ${fraction}`;
  return `${JSON.stringify(undecided.cell)} in ${placeInWords(undecided)} is ${grouped} or ${fraction}, and ${whyUndecided(census)}; ${advice}`;
}

function whyUndecided(census: FormCensus): string {
  const [one, other] = census.conflictIn([POINT, COMMA]) ?? [];
  if (one === undefined || other === undefined) return 'no cell of the column decides it';
  const signs = writtenNumber(one.cell)?.forms === POINT ? ['point', 'comma'] : ['comma', 'point'];
  return [one, other]
    .map(
      (each, place) =>
        `${JSON.stringify(each.cell)} in ${placeInWords(each)} ${place === 0 ? 'has ' : ''}a decimal ${signs[place]}`,
    )
    .join(' and ');
}
