/** The first items of a list, and the others, which share one line. */
export interface Folded<T> {
  shown: readonly T[];
  /** Empty when all are shown. */
  others: readonly T[];
}

/** @param most lines that there is room for, and one more for the others; a single other item takes that line itself */
export function folded<T>(items: readonly T[], most: number): Folded<T> {
  const end = items.length === most + 1 ? items.length : most;
  return { shown: items.slice(0, end), others: items.slice(end) };
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
