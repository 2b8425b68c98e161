import { DATE_ORDERS } from '../partners/date-format.ts';
import { dayInOrder } from './date-orders.ts';
import { monthNamed } from './months.ts';
import { type WrittenTime, writtenTime } from './written-time.ts';

/** A cell that is no time as people write it, and what it looks like, as the end of a sentence. */
interface Hint {
  fits(cell: string): boolean;
  text: string;
}

/** The first one that fits counts. None has anything of the cell, so that rows with the same problem can be counted. */
const HINTS: readonly Hint[] = [
  pattern(/^[2-7]\d{4}(?:[.,]\d+)?$/, 'looks like an Excel day number; set format: excel'),
  pattern(/^\d{13}(?:\.\d+)?$/, 'looks like milliseconds since 1970; set format: epochMillis'),
  pattern(/^\d{10}(?:\.\d+)?$/, 'looks like seconds since 1970; set format: epoch'),
  pattern(/^\d{16}$/, 'looks like microseconds since 1970; have milliseconds written and set format: epochMillis'),
  pattern(/^\d{19}$/, 'looks like nanoseconds since 1970; have milliseconds written and set format: epochMillis'),
  pattern(/^6\d{17}$/, 'looks like ticks of .NET; have dates written instead'),
  pattern(/^\/Date\(.*\)\/$/i, 'is a date as .NET writes it in JSON; have dates such as 2024-01-31T10:15:02Z written'),
  pattern(
    /^\d[.,]\d+E\+(?:12|0?9)$/i,
    'looks like a count since 1970 that a spreadsheet has rounded; export it anew, without opening it there',
  ),
  { fits: isOfMoreDays, text: 'is a week, a quarter or a month, and a day is wanted' },
  { fits: isOfNoDay, text: 'is a day that the calendar does not have' },
  { fits: hasOtherMonth, text: 'has a month that is not known; month names are read in English' },
  { fits: hasOtherWeekday, text: 'names a weekday that is not the one of its date' },
  { fits: hasOtherHalf, text: 'has AM or PM after an hour that is none from 1 to 12' },
  {
    fits: hasZone,
    text: 'names a time zone, of which only UTC, GMT and offsets such as -05:00 are read; leave others out and set timezone, as in timezone: America/New_York',
  },
];

/** What a cell looks like that is no time as people write it, as the end of a sentence; undefined when of nothing. */
export function hintOf(cell: string): string | undefined {
  return HINTS.find(({ fits }) => fits(cell))?.text;
}

function pattern(shape: RegExp, text: string): Hint {
  return { fits: (cell) => shape.test(cell), text };
}

const WEEK_QUARTER_MONTH =
  /^(?:\d{4}-?W\d\d(?:-?\d)?|\d{4}[- ]?Q[1-4]|Q[1-4][-/ ]?\d{4}|\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4})$/i;
const MONTH_AND_YEAR = /^([a-z]+)\.?[- ](?:\d{4}|\d\d)$/i;

function isOfMoreDays(cell: string): boolean {
  const [, name = ''] = MONTH_AND_YEAR.exec(cell) ?? [];
  return WEEK_QUARTER_MONTH.test(cell) || monthNamed(name) > 0;
}

/** A date in one of the shapes that most have, with the name of its month, if it has one. */
const DATE =
  /^(?:\d{4}([-/. ])\d{1,2}\1\d{1,2}|\d{1,2}([-/. ])\d{1,2}\2(?:\d{4}|\d\d)|\d{8}(?=$|[T ])|\d{1,2}[-/. ]*(?<name>[a-z]{3,9})\.?[-/. ]*(?:\d{4}|\d\d))(?!\d)/i;

function isOfNoDay(cell: string): boolean {
  const match = DATE.exec(cell);
  if (match === null) return false;
  const name = match.groups?.name;
  return (name === undefined || monthNamed(name) > 0) && !saysDay(writtenTime(match[0]));
}

function saysDay(written: WrittenTime | undefined): boolean {
  if (written === undefined) return false;
  const { date } = written;
  return typeof date === 'number' || DATE_ORDERS.some((order) => dayInOrder(date, order) !== undefined);
}

const NAMED_MONTH = /^\d{1,2}\.?(?:[-/. ]+| de )(?<name>\p{L}{3,})\.?(?:[-/. ,]+| de )(?:\d{4}|\d\d)(?!\d)/iu;

function hasOtherMonth(cell: string): boolean {
  const name = NAMED_MONTH.exec(cell)?.groups?.name;
  return name !== undefined && monthNamed(name) === 0;
}

function hasOtherWeekday(cell: string): boolean {
  const written = writtenTime(cell);
  return written !== undefined && !saysDay(written) && hasWeekday(written);
}

function hasWeekday({ date }: WrittenTime): boolean {
  return typeof date !== 'number' && date.weekday !== undefined;
}

function hasOtherHalf(cell: string): boolean {
  return /[ap]\.?m\.?$/i.test(cell) && saysDay(writtenTime(cell.replace(/ ?[ap]\.?m\.?$/i, '')));
}

function hasZone(cell: string): boolean {
  const zone = /\d (?!(?:am|pm|utc|gmt)$)([a-z]{3,5}|[a-z]+(?:\/[a-z_]+)+)$/i.exec(cell)?.[1];
  return zone !== undefined && saysDay(writtenTime(cell.slice(0, -zone.length).trim()));
}
