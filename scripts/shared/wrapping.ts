/** Columns of a line that is not written to a terminal. */
export const USUAL_COLUMNS = 110;

/** How wide a line may be. */
export function columnsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  // A terminal that does not say how wide it is says 0.
  return isTTY && columns > 0 ? columns : USUAL_COLUMNS;
}

/** What a line needs at the least beside its indent. */
const MIN_COLUMNS = 20;

/**
 * A text in lines of so many columns at the most, broken between words, and within one that is longer than a line.
 *
 * @param indent columns that each line after the first begins with; the first one is as it is
 */
export function wrapped(text: string, columns: number, indent = 0): string {
  const lines: string[] = [];
  const margin = ' '.repeat(Math.min(indent, Math.max(0, columns - MIN_COLUMNS)));
  let rest = text;
  while (rest.length > columns) {
    const at = breakIn(rest, columns, { from: lines.length === 0 ? indent : margin.length, margin: margin.length });
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${margin}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}

/** Where a line ends: after its last blank that fits, unless that is in its beginning, or the next line were too short. */
function breakIn(text: string, columns: number, { from, margin }: { from: number; margin: number }): number {
  const blank = text.lastIndexOf(' ', columns);
  const word = /^ *\S*/.exec(text.slice(blank))?.[0].trim() ?? '';
  if (blank > from && word.length <= columns - margin) return blank;
  // No half of a character that takes two units.
  return isHighSurrogate(text, columns - 1) ? columns - 1 : columns;
}

function isHighSurrogate(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(at));
}
