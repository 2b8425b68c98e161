/** The longest line, in columns, when the output is not a terminal. */
export const USUAL_COLUMNS = 110;

/** The longest line on a stream, in columns. */
export function columnsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  // A terminal that does not say how wide it is says 0.
  return isTTY && columns > 0 ? columns : USUAL_COLUMNS;
}

/** The smallest width of a line without its indent. */
const MIN_COLUMNS = 20;

/**
 * Wraps a text to lines of at most `columns`. It breaks between words, and within a word that is longer than a line.
 *
 * @param indent of each line after the first, in columns
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

/**
 * Where a line ends: at its last blank that fits, unless that blank is in the indent or the word after it does not fit
 * on the next line either.
 */
function breakIn(text: string, columns: number, { from, margin }: { from: number; margin: number }): number {
  const blank = text.lastIndexOf(' ', columns);
  const word = /^ *\S*/.exec(text.slice(blank))?.[0].trim() ?? '';
  if (blank > from && word.length <= columns - margin) return blank;
  // Do not split a character that takes two code units.
  return isHighSurrogate(text, columns - 1) ? columns - 1 : columns;
}

function isHighSurrogate(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(at));
}
