import { beginningOf } from '../../excerpt.ts';

/** The largest number of characters in a cell of Excel. */
const MAX_TEXT_LENGTH = 32_767;

const CUT_MARK = '… (cut)';

// Characters that XML 1.0 cannot hold, and the other control characters: https://www.w3.org/TR/xml/#charsets
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu;

// Excel reads `_x0041_` as an A, unless the first underscore is escaped (ECMA-376, ST_Xstring).
const EXCEL_ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** A text from outside in a form that a cell can hold: U+FFFD replaces what XML cannot hold, and a cut is marked. */
export function cellText(text: string): string {
  const printable = text.toWellFormed().replace(NOT_IN_XML, '\uFFFD').replace(EXCEL_ESCAPE, '_x005F_');
  if (printable.length <= MAX_TEXT_LENGTH) return printable;
  return `${beginningOf(printable, MAX_TEXT_LENGTH - CUT_MARK.length).toWellFormed()}${CUT_MARK}`;
}
