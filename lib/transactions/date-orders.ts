import type { DateOrder } from '../partners/date-format.ts';
import { dayOf, MS_PER_DAY } from './cells.ts';
import type { Forms } from './form-census.ts';

/** A date of three numbers, the year not being the first one in full: they do not say their order. */
export interface NumberedDate {
  numbers: readonly [number, number, number];
  /** Whether the year has two digits, so that it may also be the first number. */
  isShort: boolean;
  /** Where one is written: 0 for Sunday. */
  weekday?: number;
}

/** Each order as a form of its own. */
const FORMS: ReadonlyMap<DateOrder, Forms> = new Map<DateOrder, Forms>([
  ['day/month/year', 1],
  ['month/day/year', 2],
  ['year/month/day', 4],
]);

export const ORDER_FORMS: readonly Forms[] = [...FORMS.values()];

export function orderOfForm(form: Forms): DateOrder | undefined {
  return [...FORMS].find(([, own]) => own === form)?.[0];
}

export function formOfOrder(order: DateOrder): Forms {
  return FORMS.get(order) ?? 0;
}

/** Tells in which orders dates may be. */
export class PossibleOrders {
  /** No date of two-digit years is after it: days since the epoch. */
  readonly #lastDay: number;

  /** @param asOfDay after which no date may be, days since the epoch; undefined where they may be of any year */
  constructor(asOfDay: number | undefined) {
    this.#lastDay = asOfDay === undefined ? Number.POSITIVE_INFINITY : endOfYear(asOfDay);
  }

  /** The orders in which a date says a day, of which that of a two-digit year is not after the as-of year. */
  of(date: NumberedDate): DateOrder[] {
    return [...FORMS.keys()].filter((order) => this.#dayIn(date, order) !== undefined);
  }

  /** The same as forms: 0 when there is none, or it does not matter. Most cells of some files pass through it. */
  formsOf(date: NumberedDate): Forms {
    let forms = 0;
    let first: number | undefined;
    let differs = false;
    for (const [order, form] of FORMS) {
      const day = this.#dayIn(date, order);
      if (day === undefined) continue;
      forms |= form;
      first ??= day;
      differs ||= day !== first;
    }
    return differs || ORDER_FORMS.includes(forms) ? forms : 0;
  }

  /**
   * The day of a date whose order does not matter, as in 02/02/2024, or where the year is too late in all of them;
   * undefined for other dates.
   */
  dayInAny(date: NumberedDate): number | undefined {
    if (this.formsOf(date) !== 0) return undefined;
    const [order] = this.of(date);
    if (order !== undefined) return dayInOrder(date, order);
    return [...FORMS.keys()].flatMap((late) => dayInOrder(date, late) ?? [])[0];
  }

  #dayIn(date: NumberedDate, order: DateOrder): number | undefined {
    const day = dayInOrder(date, order);
    return day !== undefined && date.isShort && day > this.#lastDay ? undefined : day;
  }
}

/** The last day of a day's year. */
function endOfYear(day: number): number {
  const year = new Date(day * MS_PER_DAY).getUTCFullYear();
  return dayOf(year, 12, 31) ?? day;
}

/**
 * The day that a date of numbers says in an order, as days since the epoch; undefined when there is none, or it is on
 * another weekday than the one that is written.
 */
export function dayInOrder(date: NumberedDate, order: DateOrder): number | undefined {
  const day = dayOfNumbers(date, order);
  if (day === undefined || date.weekday === undefined) return day;
  return weekdayOf(day) === date.weekday ? day : undefined;
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function dayOfNumbers({ numbers, isShort }: NumberedDate, order: DateOrder): number | undefined {
  const [first, second, third] = numbers;
  switch (order) {
    case 'day/month/year':
      return dayOf(isShort ? fullYear(third) : third, second, first);
    case 'month/day/year':
      return dayOf(isShort ? fullYear(third) : third, first, second);
    case 'year/month/day':
      return isShort ? dayOf(fullYear(first), second, third) : undefined;
  }
}

/** The year that two digits stand for, as POSIX has it: 1969 to 2068. */
export function fullYear(year: number): number {
  return year + (year < 69 ? 2000 : 1900);
}
