import { isAscii, isUtf8 } from 'node:buffer';
import { BlockRows, rawText } from './block-rows.ts';
import { LINE_FEED, QUOTE } from './fields.ts';
import type { FileLimits } from './limits.ts';
import type { RejectedRow } from './row-account.ts';
import type { RowPlaces } from './row-places.ts';
import { type Dialect, RowScanner } from './scan.ts';
import type { Separator } from './separators.ts';
import type { TypedCell } from './typed-cell.ts';

/** Rows of a stretch of a file, parsed but not interpreted. */
export interface Rows {
  /** The lines above the header, in the stretch that begins with it. */
  above?: Rows;
  /** Fields of each row. A blank line is a row of one empty field. */
  fields: string[][];
  separator: Separator;
  /** Of each row what its cells are that are no texts, by their places; undefined in a CSV, in which all are. */
  typed?: readonly (readonly (TypedCell | undefined)[])[];
  /** Line of the file on which a row begins, the first line being 1. */
  lineOf(row: number): number;
  /** A row as it stands in the file, without its line end. */
  rawOf(row: number): string;
  /** The same before it was decoded, with its line end. */
  bytesOf(row: number): Buffer;
  /** The rows that have more than one line, because quoted fields hold line breaks; undefined in a sheet. */
  ofSeveralLines?: readonly number[];
  /** Whether all rows hold ASCII characters alone, as most do. */
  readonly isAscii: boolean;
  /** Whether some of the rows hold letters in UTF-8 that are not ASCII's. */
  readonly holdsUtf8: boolean;
  /** Why a row's bytes are not those of text, so that its fields do not say what the file does. */
  problemOf(row: number): string | undefined;
  /** What could not be split into fields. */
  malformed: RejectedRow[];
  /** How much of the stretch was dealt with; what follows is the beginning of a row that goes on. */
  bytes: number;
  /** Line breaks in those bytes. */
  lines: number;
  /** Whether the stretch ends within a line that is too long: the rest of it has to be skipped. */
  isCutInLine: boolean;
}

/** What is known of a file before its rows are read. */
export interface RowOptions {
  dialect: Dialect;
  limits: FileLimits;
}

/**
 * Splits lines into rows: those without quotes at their separators, the others with csv-parse. Where a quote is opened
 * and never closed, or stands where none may, that line alone is malformed; the next line is read as if nothing had
 * happened.
 *
 * @param block begins at the beginning of a line
 * @param firstLine number of the block's first line in the file
 * @param isLast whether the file ends with this block
 */
export function parseRows(block: Buffer, firstLine: number, isLast: boolean, { dialect, limits }: RowOptions): Rows {
  const rows = new BlockRows(block, firstLine, dialect.separator, limits);
  takeRows(rows, block, new RowScanner(block, dialect, limits, isLast), limits);
  const { places, malformed, ofSeveralLines, bytes, line, isCutInLine } = rows;
  const fields = rows.fields();
  const stretch = block.subarray(0, bytes);
  return {
    fields,
    separator: dialect.separator,
    lineOf: (row) => places.lineOf(row),
    ...textOf(stretch, places, fields, cutRowOf(fields, stretch, isLast, dialect)),
    malformed,
    ofSeveralLines,
    bytes,
    lines: line - firstLine,
    isCutInLine,
  };
}

/**
 * Up to the next quote, a line is a row. The scan is for the others: where they begin, which csv-parse does not tell, and
 * how to go on after one that is none.
 */
function takeRows(rows: BlockRows, block: Buffer, scanner: RowScanner, { lineBytes }: FileLimits): void {
  let quote = -1;
  let isQuoted = false;
  for (;;) {
    // After a row with quotes there is mostly another one, so that no lines are looked for.
    if (!isQuoted) {
      if (quote < rows.bytes) quote = nextQuote(block, rows.bytes);
      rows.takeLines(endOfLines(block, rows.bytes, Math.min(quote, rows.bytes + lineBytes)));
    }
    const row = rows.bytes < block.length ? scanner.scan(rows.bytes) : undefined;
    if (row === undefined) return;
    rows.takeRow(row);
    isQuoted = row.isQuoted;
  }
}

/** The end of the block when there is none. */
function nextQuote(block: Buffer, from: number): number {
  const quote = block.indexOf(QUOTE, from);
  return quote < 0 ? block.length : quote;
}

/** Where the last line ends that ends before a place, which is looked for from there: it is near. */
function endOfLines(block: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && block[end - 1] !== LINE_FEED) end--;
  return end;
}

const NUL = 0;
/** In which encoding the file is, other rows tell, too. */
export const NOT_UTF8 = 'bytes that are not UTF-8; save the file as UTF-8, or name its encoding in the partner file';
const CUT = 'the file ends within the row, which has fewer fields than the header: it may have been cut';
export const HOLDS_NUL = 'NUL bytes, which no text has';

/** A row's text, and whether it is one; looked for in each row only when something is wrong in the stretch. */
function textOf(
  stretch: Buffer,
  places: RowPlaces,
  rows: readonly string[][],
  cutRow: number | undefined,
): Pick<Rows, 'rawOf' | 'bytesOf' | 'problemOf' | 'holdsUtf8' | 'isAscii'> {
  const isPlain = isAscii(stretch);
  const bytesOf = (row: number) => places.bytesOf(row);
  const isWhole = isPlain || isUtf8(stretch);
  const isText = isWhole && !stretch.includes(NUL);
  const holdsUtf8 = !isPlain && (isWhole || rows.some((_, row) => isLettersInUtf8(bytesOf(row))));
  const problemOf = (row: number) =>
    (isText ? undefined : byteProblem(bytesOf(row))) ?? (row === cutRow ? CUT : undefined);
  return { rawOf: (row) => rawText(bytesOf(row)), bytesOf, problemOf, holdsUtf8, isAscii: isPlain };
}

/** The last row of a file that ends within a row, where the end of that is missing: it may say less than it did. */
function cutRowOf(
  fields: readonly string[][],
  stretch: Buffer,
  isLast: boolean,
  { titled }: Dialect,
): number | undefined {
  if (!isLast || stretch.at(-1) === LINE_FEED) return undefined;
  return (fields.at(-1)?.length ?? titled) < titled ? fields.length - 1 : undefined;
}

function isLettersInUtf8(bytes: Buffer): boolean {
  return !isAscii(bytes) && isUtf8(bytes);
}

function byteProblem(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return NOT_UTF8;
  return bytes.includes(NUL) ? HOLDS_NUL : undefined;
}
