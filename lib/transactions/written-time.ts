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

const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+/i;

/** Takes a time apart; undefined for what is none, or none that exists in the calendar. */
export function writtenTime(cell: string): WrittenTime | undefined {
  if (cell.length > MAX_LENGTH) return undefined;
  const text = isDigit(cell.charCodeAt(0)) ? cell : cell.replace(WEEKDAY, '');
  const written = withYearAtEnd(text) ?? text;
  for (const { pattern, dateOf } of DATES) {
    const match = pattern.exec(written);
    if (match === null) continue;
    const date = dateOf(match);
    const rest = date === undefined ? undefined : clockIn(written.slice(match[0].length));
    return date === undefined || rest === undefined ? undefined : { date, ...rest };
  }
  return undefined;
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
    // 20240131, 20240131T101502, 20240131101502
    pattern: /^(\d{4})(\d\d)(\d\d)(?=$|[Tt ]|\d{6}$)/,
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
  /^(?<blank>[T_:]| *,? *|-(?=\d\d\.))(?:(?<hour>\d{1,2})(?:(?<colon>[:.])(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?)?|(?<hours>\d\d)(?<minutes>\d\d)(?:(?<seconds>\d\d)(?:[.,](?<parts>\d+))?)?)(?! *\d)(?: ?(?<half>[ap])\.?m\.?)?/i;

const ZONE =
  /^ *(?:(?<name>z|utc|gmt)|(?:utc|gmt)?(?<sign>[+-])(?<hours>\d\d)(?::?(?<minutes>\d\d))?)?(?: *(?:(?<again>utc|gmt)|\(.*\)|\[.*\]))?$/i;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type WrittenClock = Omit<WrittenTime, 'date'>;

/** Reads what follows a date: nothing, or a clock and, if it is there, an offset from UTC. */
function clockIn(rest: string): WrittenClock | undefined {
  if (rest === '') return { clock: 0, offset: undefined };
  const text = rest.replaceAll(/[\s\u00a0\u202f]+/g, ' ');
  const match = CLOCK.exec(text);
  const { groups } = match ?? {};
  if (match === null || groups === undefined) return undefined;
  const clock = clockOf(groups);
  const zone = zoneIn(text.slice(match[0].length));
  if (clock === undefined || zone === undefined) return undefined;
  return { clock, offset: zone.offset };
}

type Groups = Record<string, string | undefined>;

function clockOf(groups: Groups): number | undefined {
  const { blank, colon, half } = groups;
  const hour = Number(groups.hour ?? groups.hours);
  const isHourAlone = colon === undefined && groups.hours === undefined;
  // An hour alone is one when it says which half of the day it is in.
  if ((isHourAlone && half === undefined) || (blank === '' && colon !== undefined)) return undefined;
  const minute = Number(groups.minute ?? groups.minutes ?? 0);
  const second = Number(groups.second ?? groups.seconds ?? 0);
  const isHour = half === undefined ? hour <= 23 : hour >= 1 && hour <= 12;
  if (!(isHour && minute <= 59 && second <= 59)) return undefined;
  const hours = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const fraction = groups.fraction ?? groups.parts ?? '';
  return hours * HOUR_MS + minute * MINUTE_MS + second * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function zoneIn(text: string): { offset: number | undefined } | undefined {
  const { groups } = ZONE.exec(text) ?? {};
  if (groups === undefined) return undefined;
  const { name, sign, hours, minutes = '0', again } = groups;
  if (sign === undefined) return { offset: name === undefined && again === undefined ? undefined : 0 };
  const ahead = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  if (Number(hours) > 23 || Number(minutes) > 59 || (again !== undefined && ahead !== 0)) return undefined;
  return { offset: sign === '-' ? -ahead : ahead };
}
