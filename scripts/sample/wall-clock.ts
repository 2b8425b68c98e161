const DAY_MS = 86_400_000;

/**
 * What clocks show so many days before the end of a day, as if it were UTC; less than nothing is after it.
 * @param day `YYYY-MM-DD`
 */
export function momentBefore(day: string, days: number): Date {
  const endOfDay = Date.parse(day) + DAY_MS - 1000;
  return new Date(endOfDay - Math.floor(days * DAY_MS));
}

/** With two digits at least. */
export function pad(number: number): string {
  return String(number).padStart(2, '0');
}
