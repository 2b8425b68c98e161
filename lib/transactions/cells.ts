import { MAX_NUMBER } from '../partners/definition.ts';

/**
 * Parsers for the cells of a row. Millions of cells pass through them, so they are written for speed: no schema, no
 * regular expression on the common path, no allocation. Each returns `undefined` for what it cannot read.
 */

/** Reads a decimal number, such as `-12.5` or `1e3`; no hexadecimal, no infinity, nothing beyond `MAX_NUMBER`. */
export function parseNumber(cell: string): number | undefined {
  const value = Number(cell);
  if (!(Math.abs(value) <= MAX_NUMBER)) return undefined;
  return hasRadixPrefix(cell) ? undefined : value;
}

/** `Number` also reads 0x10, 0o17 and 0b11, and nothing else with such a letter second. */
function hasRadixPrefix(cell: string): boolean {
  const second = cell.charCodeAt(1) | LOWER_CASE_BIT;
  return second === LETTER_X || second === LETTER_O || second === LETTER_B;
}

const ZERO = 48;
const NINE = 57;
const LOWER_CASE_BIT = 0x20;
const LETTER_B = 98;
const LETTER_O = 111;
const LETTER_T = 116;
const LETTER_X = 120;
const LETTER_Z = 122;
const SPACE = 32;
const MINUS = 45;
const COLON = 58;

const MS_PER_MINUTE = 60_000;
export const MS_PER_DAY = 86_400_000;

/**
 * Reads a time as milliseconds since the epoch, UTC unless it carries an offset: `2024-01-31`, `2024-01-31 10:15:02`,
 * or ISO 8601 such as `2024-01-31T10:15:02.5+02:00`. Fractions below a millisecond are dropped.
 */
export function parseTime(cell: string): number | undefined {
  const day = parseDay(cell);
  if (day === undefined) return undefined;
  const midnight = day * MS_PER_DAY;
  if (cell.length === 10) return midnight;
  const separator = cell.charCodeAt(10);
  if (separator !== SPACE && (separator | LOWER_CASE_BIT) !== LETTER_T) return undefined;
  return parseClock(cell, midnight);
}

/** Reads the leading `YYYY-MM-DD` of a cell as days since the epoch; the date must exist in the calendar. */
export function parseDay(cell: string): number | undefined {
  if (cell.charCodeAt(4) !== MINUS || cell.charCodeAt(7) !== MINUS) return undefined;
  return dayOf(twoDigits(cell, 0) * 100 + twoDigits(cell, 2), twoDigits(cell, 5), twoDigits(cell, 8));
}

/** Days since the epoch of a date; undefined when the calendar does not have it, or one of the numbers is none. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= 0 && day >= 1 && day <= daysInMonth(year, month))) return undefined;
  return daysFromCivil(year, month, day);
}

/** A day as `parseDay` reads it. @param day days since the epoch */
export function isoDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

const END_OF_MINUTES = 'YYYY-MM-DD HH:MM'.length;

/** Reads `HH:MM[:SS[.fff]]` and an optional offset, both from position 11 on. */
function parseClock(cell: string, midnight: number): number | undefined {
  const hour = twoDigits(cell, 11);
  const minute = twoDigits(cell, 14);
  if (!(hour <= 23 && minute <= 59) || cell.charCodeAt(13) !== COLON) return undefined;
  let time = midnight + (hour * 60 + minute) * MS_PER_MINUTE;
  let end = END_OF_MINUTES;
  if (cell.charCodeAt(end) === COLON) {
    const second = twoDigits(cell, 17);
    if (!(second <= 59)) return undefined;
    time += second * 1000;
    end = 19;
  }
  if (end === cell.length) return time;
  return parseTail(cell, end, time);
}

const TAIL = /^(?:\.(\d+))?(?:z|([+-])(\d\d)(?::?(\d\d))?)?$/i;

/** Reads what few times carry: a fraction of a second and an offset from UTC. */
function parseTail(cell: string, start: number, time: number): number | undefined {
  const last = cell.charCodeAt(start);
  if (cell.length === start + 1 && (last | LOWER_CASE_BIT) === LETTER_Z) return time;
  const match = TAIL.exec(cell.slice(start));
  if (match === null) return undefined;
  const [, fraction = '', sign, hours = '0', minutes = '0'] = match;
  // After HH:MM it would be a fraction of a minute, which nobody means.
  if (fraction !== '' && start === END_OF_MINUTES) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return time + milliseconds + (sign === '-' ? offset : -offset);
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Two decimal digits at a position, or NaN, which fails every comparison. */
function twoDigits(cell: string, position: number): number {
  const tens = cell.charCodeAt(position);
  const ones = cell.charCodeAt(position + 1);
  if (!(tens >= ZERO && tens <= NINE && ones >= ZERO && ones <= NINE)) return Number.NaN;
  return (tens - ZERO) * 10 + (ones - ZERO);
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** 0 for a month that does not exist. */
function daysInMonth(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar. Unlike `Date.UTC` it takes years below 100 as they are.
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
