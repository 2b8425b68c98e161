// Spreadsheets run a cell as a formula when it begins with = + - or @, also in full width, and some do when it begins
// with a tab or a line break: https://owasp.org/www-community/attacks/CSV_Injection
//
// When its list separator is not a comma, a spreadsheet such as LibreOffice splits fields at its own separator, even
// within quotes. Line breaks and quotes in a field then begin a cell, too. Blanks and control characters before a
// formula may be dropped.
//
// The look-behind comes last, so that it runs only where a formula could begin. Otherwise a text of blanks alone would
// take time that grows with the square of its length.
const RUNNABLE = /^(?=[\t\r\n])|(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])(?<=(?:^|[,;\t|\r\n"])[\s\p{C}]*)/gu;

/** A number is no formula, whatever its sign. */
const SIGNED_NUMBER = /^[+-]\d+(?:\.\d+)?$/;

/**
 * Nor is a telephone number as people write it, of seven digits or more: even where a spreadsheet calculates with it, it
 * calls nothing and refers to no cell. As a member's id it must stay as it is.
 */
const TELEPHONE_NUMBER = /^\+(?:\d[ ./()-]{0,2}){6,}\d$/;

/**
 * A text for a line of CSV that no spreadsheet runs as a formula, whether the list separator is a comma, a semicolon, a
 * tab or a pipe: an apostrophe is put before each beginning of a formula. A number stays as it is, also of a telephone.
 */
export function harmlessText(text: string): string {
  return SIGNED_NUMBER.test(text) || TELEPHONE_NUMBER.test(text) ? text : text.replace(RUNNABLE, "'");
}
