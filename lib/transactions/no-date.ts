import { dayOf, MS_PER_DAY } from './cells.ts';

/** The day that spreadsheets write where there is no date: 1899-12-30, their day 0. */
const DAY_ZERO = -25_569 * MS_PER_DAY;

/** The day that .NET and Java write where there is no date: 0001-01-01, their first one. */
const FIRST_DAY = (dayOf(1, 1, 1) ?? 0) * MS_PER_DAY;

/** What spreadsheets and programs write where there is no date, and is none, or has its day in one place alone. */
const NO_DATE =
  /^(?:nat|1900-0?1-0?0|0?1\/0?0\/1900|0?0[./]0?1[./]1900|0?0[./-]0?0[./-]0000|(?:30[./-]12|12[./-]30)[./-]1899)(?:[T ]0?0:00(?::00(?:\.0+)?)?)?$/i;

/** Whether a time is of a day that stands for no date. @param clocks what they show, milliseconds since the epoch */
export function isOfNoDay(clocks: number): boolean {
  return isOfDay(clocks, DAY_ZERO) || isOfDay(clocks, FIRST_DAY);
}

function isOfDay(clocks: number, midnight: number): boolean {
  return clocks >= midnight && clocks < midnight + MS_PER_DAY;
}

/** Whether a cell says that there is no date. */
export function saysNoDate(cell: string): boolean {
  return NO_DATE.test(cell);
}
