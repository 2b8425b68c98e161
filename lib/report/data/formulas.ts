// A cell that begins with one of = + - @, also in full width, is run as a formula; so may be what begins with a tab or a
// line break: https://owasp.org/www-community/attacks/CSV_Injection
//
// A spreadsheet whose list separator is not a comma cuts at its own one, also within quotes, as LibreOffice does; line
// breaks and quotes in a field begin cells then, too. Blanks and control characters before a formula may be dropped.
//
// Looking back comes last, so that it is done from what could begin a formula alone: else a text of nothing but blanks
// would take the square of its length.
const RUNNABLE = /^(?=[\t\r\n])|(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])(?<=(?:^|[,;\t|\r\n"])[\s\p{C}]*)/gu;

/** A number is none, whatever its sign: it does nothing, and may be a member's telephone number, by which it is found. */
const SIGNED_NUMBER = /^[+-]\d+(?:\.\d+)?$/;

/**
 * A text as a line of CSV can hold it, so that no spreadsheet runs any of it, whether its list separator is a comma, a
 * semicolon, a tab or a pipe: an apostrophe stands before what would begin a formula. A number stays as it is.
 */
export function harmlessText(text: string): string {
  return SIGNED_NUMBER.test(text) ? text : text.replace(RUNNABLE, "'");
}
