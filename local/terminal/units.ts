const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number for people: `1,250,000`. */
export function count(value: number): string {
  return COUNTS.format(value);
}
