import { excerpt } from '../../excerpt.ts';

// Neither HTML nor XML can hold most control characters, and those that turn the direction of writing garble a line.
const UNPRINTABLE = /[\p{Cc}\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]+/gu;

const MAX_NAME_LENGTH = 60;

/** A text from outside on one line: without control characters, cut when it is longer. Escaping is left to markup. */
export function plainText(text: string, longest = Number.POSITIVE_INFINITY): string {
  const printable = text.toWellFormed().replace(UNPRINTABLE, ' ').trim();
  return excerpt(printable, longest).toWellFormed();
}

/** A name that somebody else gave: an offer, a member, a file. */
export function plainName(name: string): string {
  return plainText(name, MAX_NAME_LENGTH) || '(no name)';
}
