/** The first of a list as they are, and the others as one. */
export interface Folded<T> {
  shown: readonly T[];
  /** Empty when all are shown. */
  others: readonly T[];
}

/** @param most lines that there is room for besides that of the others, which may as well be the only other item */
export function folded<T>(items: readonly T[], most: number): Folded<T> {
  const end = items.length === most + 1 ? items.length : most;
  return { shown: items.slice(0, end), others: items.slice(end) };
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
