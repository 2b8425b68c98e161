import { dayOf } from './cells.ts';
import type { Forms } from './form-census.ts';

/** What a day, a month and a year in numbers may be in. */
export type DateOrder = 'day/month/year' | 'month/day/year' | 'year/month/day';

/** A date of three numbers, the year not being the first one in full: they do not say their order. */
export interface NumberedDate {
  numbers: readonly [number, number, number];
  /** Whether the year has two digits, so that it may also be the first number. */
  isShort: boolean;
  separator: string;
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

/** The orders in which a date of numbers says a day. */
export function ordersOf(date: NumberedDate): DateOrder[] {
  return [...FORMS.keys()].filter((order) => dayInOrder(date, order) !== undefined);
}

/** The forms of a date: 0 when there is none, or it says the same day in all of them, as 02/02/2024 does. */
export function formsOfDate(date: NumberedDate): Forms {
  return dayInAnyOrder(date) === undefined ? ordersOf(date).reduce((sum, order) => sum | formOfOrder(order), 0) : 0;
}

/** The day of a date whose order does not matter; undefined for other dates. */
export function dayInAnyOrder(date: NumberedDate): number | undefined {
  const days = ordersOf(date).map((order) => dayInOrder(date, order));
  return days.length > 1 && new Set(days).size === 1 ? days[0] : undefined;
}

/** The day that a date of numbers says in an order, as days since the epoch; undefined when there is none. */
export function dayInOrder({ numbers, isShort }: NumberedDate, order: DateOrder): number | undefined {
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
