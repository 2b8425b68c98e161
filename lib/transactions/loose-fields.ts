import type { Separator } from './separators.ts';

/** How a line is read whose quotes break the rules. */
export interface LooseReading {
  separator: Separator;
  /** How many fields it must have for them to be certain; any number when 0. */
  width: number;
  /** The fields that are needed: a quote where none may stand must not be in one of these. */
  needed: readonly number[];
}

/**
 * Splits one line whose quotes break the rules, where its fields are certain all the same: blanks stand around quoted
 * fields, a backslash stands before a quote instead of a second quote, a field is `="…"`, or a field that is not needed
 * holds a quote such as the one of 55" screens.
 * @returns undefined when the fields are not certain
 */
export function looseFields(line: string, reading: LooseReading): string[] | undefined {
  const fields = split(line, reading, false);
  if (fields !== undefined || !line.includes('\\"')) return fields;
  return split(line, reading, true);
}

function split(
  line: string,
  { separator, width, needed }: LooseReading,
  hasBackslashes: boolean,
): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const opening = afterBlanks(line, at, separator);
    const field =
      line[opening] === '"'
        ? quotedField(line, opening, separator, hasBackslashes)
        : plainField(line, at, separator, needed.includes(fields.length));
    if (field === undefined) return undefined;
    fields.push(field.text);
    at = field.end + 1;
  }
  return width === 0 || fields.length === width ? fields : undefined;
}

interface Field {
  text: string;
  /** Of the separator, or of the line's end. */
  end: number;
}

function quotedField(line: string, opening: number, separator: Separator, hasBackslashes: boolean): Field | undefined {
  const closing = closingQuote(line, opening + 1, hasBackslashes);
  if (closing === undefined) return undefined;
  const end = afterBlanks(line, closing + 1, separator);
  if (end < line.length && line[end] !== separator) return undefined;
  const inside = line.slice(opening + 1, closing);
  const text = hasBackslashes
    ? inside.replaceAll(ESCAPED, (_, escaped = '"') => escaped)
    : inside.replaceAll('""', '"');
  return { text, end };
}

const ESCAPED = /\\(["\\])|""/g;

function closingQuote(line: string, from: number, hasBackslashes: boolean): number | undefined {
  for (let at = from; at < line.length; at++) {
    if (hasBackslashes && line[at] === '\\') at++;
    else if (line[at] === '"') {
      if (line[at + 1] !== '"') return at;
      at++;
    }
  }
  return undefined;
}

function plainField(line: string, from: number, separator: Separator, isNeeded: boolean): Field | undefined {
  const next = line.indexOf(separator, from);
  const end = next < 0 ? line.length : next;
  const text = line.slice(from, end);
  return isNeeded && text.includes('"') && formulaText(text.trim()) === undefined ? undefined : { text, end };
}

function afterBlanks(line: string, from: number, separator: Separator): number {
  let at = from;
  while (line[at] === ' ' || (line[at] === '\t' && separator !== '\t')) at++;
  return at;
}

export const EQUALS = '='.charCodeAt(0);

/** The text in a cell that is written `="…"`, so that Excel does not make a number of it; undefined for other cells. */
export function formulaText(cell: string): string | undefined {
  return /^="([^"]*)"$/.exec(cell)?.[1];
}
