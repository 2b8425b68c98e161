import { MS_PER_DAY } from './cells.ts';

/** The day that spreadsheets write where there is no date: 1899-12-30, their day 0. */
const DAY_ZERO = -25_569 * MS_PER_DAY;

/** What spreadsheets and programs write where there is no date, and is none. */
const NO_DATE = /^(?:nat|1900-0?1-0?0|0?1\/0?0\/1900|0?0[./]0?1[./]1900)(?:[T ]0?0:00(?::00(?:\.0+)?)?)?$/i;

/** Whether a time is of the day that stands for no date. @param clocks what they show, milliseconds since the epoch */
export function isOfDayZero(clocks: number): boolean {
  return clocks >= DAY_ZERO && clocks < DAY_ZERO + MS_PER_DAY;
}

/** Whether a cell says that there is no date. */
export function saysNoDate(cell: string): boolean {
  return NO_DATE.test(cell);
}
