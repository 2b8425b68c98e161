import { type DatePart, datePartsOf } from '../partners/date-format.ts';
import type { Calendar } from './calendar.ts';
import { dayOf, MS_PER_DAY } from './cells.ts';
import { BLANK, type CellReader } from './column-form.ts';
import { monthNamed } from './months.ts';
import { isOfNoDay } from './no-date.ts';

/** Reads the times of a field as its format says, as milliseconds since the epoch. */
export function formattedTimeReader(format: string, calendar: Calendar): CellReader {
  switch (format) {
    case 'epoch':
      return countReader((seconds) => Math.round(seconds * 1000));
    case 'epochMillis':
      return countReader((milliseconds) => Math.round(milliseconds));
    case 'excel':
      return countReader((days) => instantOrBlank(Math.round((days - EXCEL_DAY_OF_EPOCH) * MS_PER_DAY), calendar));
    default:
      return formatReader(datePartsOf(format), calendar);
  }
}

/** The number that Excel has for 1970-01-01. */
const EXCEL_DAY_OF_EPOCH = 25_569;

/** What dates can be, on both sides of 1970: beyond it, `Date` has none. */
const MAX_TIME_MS = 8.64e15;

/** Of times that are counted. Excel writes a fraction of a day with the decimal sign of its language. */
function countReader(timeOf: (count: number) => number): CellReader {
  return (cell) => {
    if (!/^-?\d+(?:[.,]\d+)?$/.test(cell)) return Number.NaN;
    const count = Number(cell.replace(',', '.'));
    const time = timeOf(count);
    return time === BLANK || Math.abs(time) <= MAX_TIME_MS ? time : Number.NaN;
  };
}

/** What has been read of a cell so far. */
interface Reading {
  cell: string;
  at: number;
  year: number;
  month: number;
  day: number;
  hour: number;
  isAfternoon: boolean | undefined;
  /** Since the hour. */
  milliseconds: number;
  /** Milliseconds ahead of UTC; undefined when the cell does not say. */
  offset: number | undefined;
}

function formatReader(parts: readonly DatePart[], calendar: Calendar): CellReader {
  const steps = parts.map(stepOf);
  return (cell) => {
    const reading: Reading = {
      cell,
      at: 0,
      year: 0,
      month: 0,
      day: 0,
      hour: 0,
      isAfternoon: undefined,
      milliseconds: 0,
      offset: undefined,
    };
    for (const step of steps) if (!step(reading)) return Number.NaN;
    return reading.at === cell.length ? instantOf(reading, calendar) : Number.NaN;
  };
}

const HOUR_MS = 3_600_000;

function instantOf(reading: Reading, calendar: Calendar): number {
  const { year, month, day, hour, isAfternoon, milliseconds, offset } = reading;
  const days = dayOf(year, month, day);
  if (days === undefined || (isAfternoon !== undefined && (hour < 1 || hour > 12))) return Number.NaN;
  const hours = isAfternoon === undefined ? hour : (hour % 12) + (isAfternoon ? 12 : 0);
  const clocks = days * MS_PER_DAY + hours * HOUR_MS + milliseconds;
  if (offset !== undefined) return clocks - offset;
  return instantOrBlank(clocks, calendar);
}

function instantOrBlank(clocks: number, calendar: Calendar): number {
  return isOfNoDay(clocks) ? BLANK : calendar.instantOf(clocks);
}

/** Reads a part of a cell, and says whether it could. */
type Step = (reading: Reading) => boolean;

function stepOf(part: DatePart): Step {
  if ('literal' in part) return (reading) => readLiteral(reading, part.literal);
  switch (part.read) {
    case 'year':
      return digits(4, 4, 9999, (reading, value) => {
        reading.year = value;
      });
    case 'short year':
      // As POSIX has it.
      return digits(2, 2, 99, (reading, value) => {
        reading.year = value + (value < 69 ? 2000 : 1900);
      });
    case 'month':
      return digits(1, 2, 12, (reading, value) => {
        reading.month = value;
      });
    case 'day':
      return digits(1, 2, 31, (reading, value) => {
        reading.day = value;
      });
    case 'hour':
    case 'half-day hour':
      return digits(1, 2, 23, (reading, value) => {
        reading.hour = value;
      });
    case 'minute':
      return digits(1, 2, 59, (reading, value) => {
        reading.milliseconds += value * 60_000;
      });
    case 'second':
      return digits(1, 2, 59, (reading, value) => {
        reading.milliseconds += value * 1000;
      });
    case 'month name':
      return readMonthName;
    case 'half of day':
      return readHalfOfDay;
    case 'fraction':
      return readFraction;
    case 'offset':
      return readOffset;
  }
}

function readLiteral(reading: Reading, literal: string): boolean {
  const isThere = reading.cell.startsWith(literal, reading.at);
  reading.at += literal.length;
  return isThere;
}

const ZERO = 48;
const NINE = 57;

function digits(fewest: number, most: number, largest: number, take: (reading: Reading, value: number) => void): Step {
  return (reading) => {
    const from = reading.at;
    let value = 0;
    while (reading.at < from + most) {
      const code = reading.cell.charCodeAt(reading.at);
      if (!(code >= ZERO && code <= NINE)) break;
      value = value * 10 + (code - ZERO);
      reading.at += 1;
    }
    take(reading, value);
    return reading.at - from >= fewest && value <= largest;
  };
}

function readMonthName(reading: Reading): boolean {
  const name = /^\p{L}+/u.exec(reading.cell.slice(reading.at))?.[0].toLowerCase() ?? '';
  reading.at += name.length;
  reading.month = monthNamed(name);
  return reading.month > 0;
}

function readHalfOfDay(reading: Reading): boolean {
  const half = reading.cell.slice(reading.at, reading.at + 2).toLowerCase();
  reading.at += 2;
  reading.isAfternoon = half === 'pm';
  return half === 'am' || half === 'pm';
}

/** Digits below a millisecond are dropped. */
function readFraction(reading: Reading): boolean {
  const fraction = /^\d{1,9}/.exec(reading.cell.slice(reading.at))?.[0] ?? '';
  reading.at += fraction.length;
  reading.milliseconds += Number(fraction.slice(0, 3).padEnd(3, '0'));
  return fraction !== '';
}

function readOffset(reading: Reading): boolean {
  const [text, sign, hours = '0', minutes = '0'] =
    /^(?:z|([+-])(\d\d):?(\d\d)?)/i.exec(reading.cell.slice(reading.at)) ?? [];
  reading.at += text?.length ?? 0;
  const offset = Number(hours) * HOUR_MS + Number(minutes) * 60_000;
  reading.offset = sign === '-' ? -offset : offset;
  return text !== undefined && Number(hours) <= 23 && Number(minutes) <= 59;
}
