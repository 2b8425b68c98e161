import { dayOf, isDigit } from './cells.ts';
import { fullYear, type NumberedDate } from './date-orders.ts';
import { monthNamed } from './months.ts';

/** A time as people and programs write it. */
export interface WrittenTime {
  /** Days since the epoch, or what says the day in an order that is not known. */
  date: number | NumberedDate;
  /** Milliseconds since midnight. */
  clock: number;
  /** Milliseconds ahead of UTC; undefined when it does not say. */
  offset: number | undefined;
}

/** No time is as long. */
const MAX_LENGTH = 80;

const WEEKDAY = '(sun|mon|tue|wed|thu|fri|sat)[a-z]*\\.?';
const WEEKDAY_BEFORE = new RegExp(`^${WEEKDAY},? `, 'i');
const WEEKDAY_AFTER = new RegExp(`^,? (?:${WEEKDAY}|\\(${WEEKDAY}\\))(?=$|[ ,])`, 'i');

/** Takes a time apart; undefined for what is none, or none that exists in the calendar. */
export function writtenTime(cell: string): WrittenTime | undefined {
  if (cell.length > MAX_LENGTH) return undefined;
  const text = withPlainSigns(cell);
  const before = isDigit(text.charCodeAt(0)) ? null : WEEKDAY_BEFORE.exec(text);
  const dated = before === null ? text : text.slice(before[0].length);
  const written = withYearAtEnd(dated) ?? dated;
  for (const { pattern, dateOf } of DATES) {
    const match = pattern.exec(written);
    if (match === null) continue;
    const date = dateOf(match);
    const rest = written.slice(match[0].length);
    const after = WEEKDAY_AFTER.exec(rest);
    const clock = date === undefined ? undefined : clockIn(after === null ? rest : rest.slice(after[0].length));
    if (date === undefined || clock === undefined) return undefined;
    return { date: withWeekday(date, before?.[1] ?? after?.[1] ?? after?.[2]), ...clock };
  }
  return undefined;
}

const UNUSUAL = /^'|[^ -~]| {2}/;

/** With hyphens and blanks as keyboards have them, and without the apostrophe by which spreadsheets mark texts. */
function withPlainSigns(cell: string): string {
  if (!UNUSUAL.test(cell)) return cell;
  const text = cell.startsWith("'") ? cell.slice(1) : cell;
  return text.replaceAll(/[\u2010-\u2013\u2212]/g, '-').replaceAll(/\s+/g, ' ');
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function withWeekday(date: number | NumberedDate, name: string | undefined): number | NumberedDate {
  if (typeof date === 'number' || name === undefined) return date;
  return { ...date, weekday: WEEKDAYS.indexOf(name.toLowerCase()) };
}

/** `Jan 31 10:15:02 UTC 2024`, as Unix and Java write it, with the year where others have it. */
function withYearAtEnd(text: string): string | undefined {
  const [, date, clock, year] = /^([a-z]{3} +\d{1,2}) +(\d.*) (\d{4})$/i.exec(text) ?? [];
  return date === undefined ? undefined : `${date} ${year} ${clock}`;
}

interface DateForm {
  pattern: RegExp;
  /** Undefined for a day that does not exist. */
  dateOf(match: RegExpExecArray): number | NumberedDate | undefined;
}

const MONTH = '(?<name>[a-z]{3,9})\\.?';

/** In each, the first one whose pattern fits counts. */
const DATES: readonly DateForm[] = [
  {
    // 2024-1-31, 2024/01/31, 2024.01.31
    pattern: /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?!\d)/,
    dateOf: ([, year, , month, day]) => dayOf(Number(year), Number(month), Number(day)),
  },
  {
    // 2024年1月31日
    pattern: /^(\d{4})年(\d{1,2})月(\d{1,2})日/,
    dateOf: ([, year, month, day]) => dayOf(Number(year), Number(month), Number(day)),
  },
  {
    // 20240131, 20240131T101502, 20240131101502, 20240131101502.123Z
    pattern: /^(\d{4})(\d\d)(\d\d)(?=$|[Tt ]|\d{6}(?:$|[ .,Zz+-]))/,
    dateOf: ([, year, month, day]) => dayOf(Number(year), Number(month), Number(day)),
  },
  {
    // 31/01/2024, 1/31/24, 31. 1. 2024
    pattern: /^(\d{1,2})(\. |[-/. ])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/,
    dateOf: ([, first, , second, third = '']) => {
      const numbers = [Number(first), Number(second), Number(third)] as const;
      return { numbers, isShort: third.length === 2 };
    },
  },
  {
    // 31-Jan-2024, 31 January 2024, 31JAN2024, 02-JAN-24: nobody begins with a short year when the month is a name
    pattern: new RegExp(`^(?<day>\\d{1,2})(?:st|nd|rd|th)?[-/. ]*${MONTH}[-/. ,]*(?<year>\\d{4}|\\d{2})(?!\\d)`, 'i'),
    dateOf: ({ groups }) => namedDay(groups),
  },
  {
    // Jan 31, 2024, January 31st 2024
    pattern: new RegExp(`^${MONTH}[-/. ]*(?<day>\\d{1,2})(?:st|nd|rd|th)?[-/. ,]+(?<year>\\d{4})(?!\\d)`, 'i'),
    dateOf: ({ groups }) => namedDay(groups),
  },
  {
    // 2024-Jan-31
    pattern: new RegExp(`^(?<year>\\d{4})[-/. ]*${MONTH}[-/. ,]*(?<day>\\d{1,2})(?!\\d)`, 'i'),
    dateOf: ({ groups }) => namedDay(groups),
  },
];

function namedDay({ year = '', name = '', day }: Record<string, string> = {}): number | undefined {
  const month = monthNamed(name);
  return dayOf(year.length === 2 ? fullYear(Number(year)) : Number(year), month, Number(day));
}

const CLOCK =
  /^(?<blank>[T_:]| *,? *|-(?=\d\d\.))(?:(?<hour>\d{1,2})(?:(?<colon>[:.])(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)(?:[.,](?<fraction>\d+)|:(?<thousandths>\d{3}))?)?)?|(?<hours>\d\d)(?<minutes>\d\d)(?:(?<seconds>\d\d)(?:[.,](?<parts>\d+))?)?)(?! *\d)(?: ?(?<half>[ap])\.?(?: ?m\.?)?(?![a-z]))?/i;

/** After GMT and UTC, hours may have one digit. */
const ZONE =
  /^ *(?:(?<name>z|utc|gmt)|(?:(?:utc|gmt)(?=[+-]\d)|(?=[+-]\d\d))(?<sign>[+-])(?<hours>\d\d?)(?::(?<minutes>\d\d)(?::00)?|(?<=\d\d)(?<pair>\d\d))?)?(?: *(?:(?<again>utc|gmt)|\(.*\)|\[.*\]))?$/i;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type WrittenClock = Omit<WrittenTime, 'date'>;

/** Reads what follows a date: nothing, or a clock and, if it is there, an offset from UTC. */
function clockIn(rest: string): WrittenClock | undefined {
  if (rest === '') return { clock: 0, offset: undefined };
  const match = CLOCK.exec(rest);
  const { groups } = match ?? {};
  if (match === null || groups === undefined) return undefined;
  const zone = zoneIn(rest.slice(match[0].length));
  const clock = clockOf(groups, zone?.offset !== undefined);
  if (clock === undefined || zone === undefined) return undefined;
  return { clock, offset: zone.offset };
}

type Groups = Record<string, string | undefined>;

const LAST_MINUTE = 24 * 60 - 1;

/** @param hasOffset whether an offset follows */
function clockOf(groups: Groups, hasOffset: boolean): number | undefined {
  const { blank = '', colon, half } = groups;
  const isHourAlone = colon === undefined && groups.hours === undefined;
  // An hour alone is one when it says which half of the day it is in, or in ISO 8601 where an offset is.
  const isKnownHour = half !== undefined || (hasOffset && /t/i.test(blank));
  if ((isHourAlone && !isKnownHour) || (blank === '' && colon !== undefined)) return undefined;
  const hour = hourOf(Number(groups.hour ?? groups.hours), half);
  const minute = Number(groups.minute ?? groups.minutes ?? 0);
  const second = Number(groups.second ?? groups.seconds ?? 0);
  const fraction = groups.fraction ?? groups.thousandths ?? groups.parts ?? '';
  const minutes = hour * 60 + minute;
  // A second that is inserted at the end of a day; other counts have none, and show the one before it twice.
  const isInserted = second === 60 && minutes === LAST_MINUTE;
  if (!(minute <= 59 && (second <= 59 || isInserted))) return undefined;
  const seconds = isInserted ? 59 : second;
  const clock = minutes * MINUTE_MS + seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  // 24:00 is the end of a day.
  return clock <= 24 * HOUR_MS ? clock : undefined;
}

/** The hour of a day; NaN for what is none. */
function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour <= 24 ? hour : Number.NaN;
  if (!(hour >= 1 && hour <= 12)) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function zoneIn(text: string): { offset: number | undefined } | undefined {
  const { groups } = ZONE.exec(text) ?? {};
  if (groups === undefined) return undefined;
  const { name, sign, hours, pair = '0', minutes = pair, again } = groups;
  if (sign === undefined) return { offset: name === undefined && again === undefined ? undefined : 0 };
  const ahead = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  if (Number(hours) > 23 || Number(minutes) > 59 || (again !== undefined && ahead !== 0)) return undefined;
  return { offset: sign === '-' ? -ahead : ahead };
}
