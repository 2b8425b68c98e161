import { isDigit } from '../transactions/cells.ts';
import { monthNamed } from '../transactions/months.ts';
import type { Verb } from './found-ids.ts';
import { DIGIT, LOST, MISREAD } from './id-marks.ts';

/** Ids that a look at each alone makes doubtful. */
interface IdKind {
  /** @param marks of the id. Few ids may come to an expression: there are many of them. */
  has(id: string, marks: number): boolean;
  says: Verb;
  /** What may be wrong with an example, and what to do about it. */
  advice(example: string): string;
  /** Whether a file in which most ids are so has always had them. */
  isUsualInMost?: boolean;
}

const HASH = 35;
const HYPHEN = 45;
const ZERO = 48;

/** How a spreadsheet shows a number that is too long for it, as in 1.23457E+11. */
const ROUNDED = /^\d(?:[.,]\d+)?E\+\d{1,3}$/i;
/** What a spreadsheet shows where a column is too narrow. */
const NARROW = /^##+$/;
/** `#REF!`, `#NAME?`, `#BEZUG!`, `#DIV/0!`, and what some spreadsheets write without a sign at the end. */
const ERROR = /^#(?:[\p{Lu}/0¡¿]+[!?]|NV|N\/A|N\/D)$/u;
/** A month with a day or a year, as spreadsheets write dates by themselves. */
const MONTH = /^(?:\d{1,2}-(\p{L}{3})|(\p{L}{3})-\d{2})$/u;
const LONGEST_MONTH = 6;
/** Letters such as ü, and signs such as ’, whose bytes in UTF-8 are read as characters of Windows-1252. */
const READ_AS_WINDOWS_1252 =
  /[ÂÃ][\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[\u0080€][\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/;

export const ID_KINDS: readonly IdKind[] = [
  {
    has: (id) => isDigit(id.charCodeAt(0)) && id.includes('+') && ROUNDED.test(id),
    says: [
      'looks like a long number that a spreadsheet has rounded',
      'look like long numbers that a spreadsheet has rounded',
    ],
    advice: (example) =>
      `${example} may stand for several members. Format the column as text before the file is saved, or export it again.`,
  },
  {
    has: (_, marks) => (marks & LOST) !== 0,
    says: ['has lost letters', 'have lost letters'],
    advice: (example) =>
      `${example} may stand for several members: a program that could not read a letter has put U+FFFD in its place. Export the file again, as UTF-8.`,
  },
  {
    has: (id, marks) => (marks & MISREAD) !== 0 && READ_AS_WINDOWS_1252.test(id),
    says: ['looks like UTF-8 that was read as Windows-1252', 'look like UTF-8 that was read as Windows-1252'],
    advice: (example) =>
      `${example} was spoilt before the file was saved, and may be there in its right form as another member. Export the file again, as UTF-8.`,
  },
  {
    has: (id) => id.charCodeAt(0) === HASH && id.charCodeAt(1) === HASH && NARROW.test(id),
    says: ['is nothing but number signs', 'are nothing but number signs'],
    advice: (example) =>
      `${example} is what a spreadsheet writes where a column is too narrow: all such members are one here. Make the column wider before the file is saved, or export it again.`,
  },
  {
    has: (id) => id.charCodeAt(0) === HASH && !isDigit(id.charCodeAt(1)) && ERROR.test(id),
    says: ['is an error of a spreadsheet', 'are errors of a spreadsheet'],
    advice: (example) => `${example} may stand for several members. Correct its formula before the file is saved.`,
  },
  {
    has: (id) => id.length <= LONGEST_MONTH && mayHaveMonth(id) && isMonth(id),
    says: ['looks like a date that a spreadsheet has made', 'look like dates that a spreadsheet has made'],
    advice: (example) =>
      `${example} may have been another id, such as MAR1 or 3-1. Format the column as text before the ids are put in, or export it again.`,
    isUsualInMost: true,
  },
];

/** How many digits of a number a spreadsheet keeps. */
const DIGITS_KEPT = 15;

/** How many zeros a long number has in place of the digits that a spreadsheet drops; 0 when it has others there, -1 when it is none. */
export function zerosBehindKeptDigits(id: string, marks: number): number {
  if (marks !== DIGIT || id.length <= DIGITS_KEPT || id.charCodeAt(0) === ZERO) return -1;
  for (let at = DIGITS_KEPT; at < id.length; at++) if (id.charCodeAt(at) !== ZERO) return 0;
  return id.length - DIGITS_KEPT;
}

/** Few ids pass, so that the others are looked at quickly. */
export function mayHaveFraction(id: string): boolean {
  return isDigit(id.charCodeAt(0)) && id.charCodeAt(id.length - 1) === ZERO && id.includes('.');
}

function mayHaveMonth(id: string): boolean {
  return id.charCodeAt(1) === HYPHEN || id.charCodeAt(2) === HYPHEN || id.charCodeAt(3) === HYPHEN;
}

function isMonth(id: string): boolean {
  const found = MONTH.exec(id);
  return found !== null && monthNamed(found[1] ?? found[2] ?? '') > 0;
}
