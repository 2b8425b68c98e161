const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function formatCount(value: number): string {
  return COUNTS.format(value);
}

/** A number of things with their name: `1 member`, `2 members`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** As many things as a sentence can list. */
const LISTED = 5;

/** A list, or its beginning and how much longer it is: `a, b, c, d, e and 2 more`. */
export function beginningOfList(things: readonly string[]): string {
  const listed = things.slice(0, LISTED).join(', ');
  return things.length > LISTED ? `${listed} and ${formatCount(things.length - LISTED)} more` : listed;
}
