import type { Columns } from './columns.ts';
import { TIME_VALUE } from './transaction.ts';
import { writtenTime } from './written-time.ts';

/** Commas in a date: `Wed, Jan 31, 2024` has the most. */
const MOST_COMMAS = 2;

/**
 * A row whose date holds the separator and is not in quotes, with its date in one field again: `Jan 15, 2024` in a file
 * with commas, which can be nothing else.
 * @returns undefined when the row has no such date, or would have another number of fields than the header all the same
 */
export function withWholeDate(cells: readonly string[], { width, values, separator }: Columns): string[] | undefined {
  const more = cells.length - width;
  if (more < 1 || more > MOST_COMMAS) return undefined;
  const place = values[TIME_VALUE] ?? 0;
  const date = cells.slice(place, place + more + 1).join(separator);
  const isWhole = typeof timeOf(date) === 'number' && timeOf(cells[place] ?? '') === undefined;
  return isWhole ? [...cells.slice(0, place), date, ...cells.slice(place + more + 1)] : undefined;
}

function timeOf(cell: string) {
  return writtenTime(cell.trim())?.date;
}
