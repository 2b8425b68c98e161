import { beginningOf } from '../../excerpt.ts';

/** Excel's limit of characters in a cell. */
const MAX_TEXT_LENGTH = 32_767;

const CUT_MARK = '… (cut)';

// What XML 1.0 cannot hold, and the other control characters: https://www.w3.org/TR/xml/#charsets
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu;

// Excel reads `_x0041_` as an A; with its first underscore escaped the text stays what it is (ECMA-376, ST_Xstring).
const EXCEL_ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** A text from outside as a cell can hold it: U+FFFD for what XML cannot hold, marked when cut. */
export function cellText(text: string): string {
  const printable = text.toWellFormed().replace(NOT_IN_XML, '\uFFFD').replace(EXCEL_ESCAPE, '_x005F_');
  if (printable.length <= MAX_TEXT_LENGTH) return printable;
  return `${beginningOf(printable, MAX_TEXT_LENGTH - CUT_MARK.length).toWellFormed()}${CUT_MARK}`;
}
