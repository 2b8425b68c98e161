import { excerpt } from '../../excerpt.ts';

// HTML and XML cannot hold most control characters, and characters that change the writing direction garble a line.
const UNPRINTABLE = /[\p{Cc}\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]+/gu;

const MAX_NAME_LENGTH = 60;

/** A text from outside on one line, without control characters and cut to `longest`. Does not escape it for markup. */
export function plainText(text: string, longest = Number.POSITIVE_INFINITY): string {
  const printable = text.toWellFormed().replace(UNPRINTABLE, ' ').trim();
  return excerpt(printable, longest).toWellFormed();
}

/** A name from outside, of an offer, a member or a file, on one line. */
export function plainName(name: string): string {
  return plainText(name, MAX_NAME_LENGTH) || '(no name)';
}
