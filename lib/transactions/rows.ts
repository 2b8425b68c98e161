import { isAscii, isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { CARRIAGE_RETURN, LINE_FEED, QUOTE } from './fields.ts';
import type { FileLimits } from './limits.ts';
import type { RejectedRow } from './row-account.ts';
import { type Dialect, RowScanner, type ScannedRow } from './scan.ts';
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
 * Splits lines into rows with csv-parse. Where a quote is opened and never closed, or stands where none may, that
 * line alone is malformed; the next line is read as if nothing had happened.
 *
 * @param block begins at the beginning of a line
 * @param firstLine number of the block's first line in the file
 * @param isLast whether the file ends with this block
 */
export function parseRows(block: Buffer, firstLine: number, isLast: boolean, options: RowOptions): Rows {
  // The scan is for what csv-parse does not tell: where rows begin, and how to go on after one that is none.
  const isPlain = block.length <= options.limits.lineBytes && !block.includes(QUOTE);
  return isPlain ? parsePlain(block, firstLine, isLast, options) : parseScanned(block, firstLine, isLast, options);
}

/** Without quotes a line is a row, so that line numbers and raw text cost nothing until they are asked for. */
function parsePlain(block: Buffer, firstLine: number, isLast: boolean, { dialect }: RowOptions): Rows {
  const bytes = isLast ? block.length : block.lastIndexOf(LINE_FEED) + 1;
  const stretch = block.subarray(0, bytes);
  let starts: number[] | undefined;
  const linesOf = () => {
    starts ??= startsOfLines(stretch);
    return starts;
  };
  const bytesOf = (row: number) => stretch.subarray(linesOf()[row], linesOf()[row + 1]);
  const fields = splitLines(stretch.toString(), dialect.separator);
  return {
    fields,
    separator: dialect.separator,
    lineOf: (row) => firstLine + row,
    ...textOf(stretch, bytesOf, fields, cutRowOf(fields, stretch, isLast, dialect)),
    malformed: [],
    bytes,
    lines: fields.length,
    isCutInLine: false,
  };
}

/**
 * Without quotes a field is what stands between separators: nothing that takes a parser of CSV, and most rows of most
 * files, which are read three times as fast this way. To cut them out of the text takes two thirds of the time of
 * splitting it into lines, and these into fields.
 */
function splitLines(text: string, separator: Separator): string[][] {
  const rows: string[][] = [];
  // Looked for again only when it has been passed: where no line has any, each character is looked at once all the same.
  let next = placeIn(text, separator, 0);
  for (let from = 0; from < text.length; ) {
    const end = placeIn(text, '\n', from);
    const cells: string[] = [];
    for (; next < end; next = placeIn(text, separator, from)) {
      cells.push(text.slice(from, next));
      from = next + 1;
    }
    cells.push(text.slice(from, text[end - 1] === '\r' ? end - 1 : end));
    rows.push(cells);
    from = end + 1;
  }
  return rows;
}

/** Where a sign stands next, the end of the text if nowhere. */
function placeIn(text: string, sign: string, from: number): number {
  const place = text.indexOf(sign, from);
  return place < 0 ? text.length : place;
}

function startsOfLines(stretch: Buffer): number[] {
  const starts = [0];
  for (
    let at = stretch.indexOf(LINE_FEED) + 1;
    at > 0 && at < stretch.length;
    at = stretch.indexOf(LINE_FEED, at) + 1
  ) {
    starts.push(at);
  }
  return starts;
}

function parseScanned(block: Buffer, firstLine: number, isLast: boolean, { dialect, limits }: RowOptions): Rows {
  const scanner = new RowScanner(block, dialect, limits, isLast);
  const good: (ScannedRow & { line: number })[] = [];
  const malformed: RejectedRow[] = [];
  let line = firstLine;
  let bytes = 0;
  let isCutInLine = false;
  while (bytes < block.length) {
    const row = scanner.scan(bytes);
    if (row === undefined) break;
    if (row.problem === undefined) good.push({ ...row, line });
    else malformed.push({ line, problem: row.problem, reason: row.problem, raw: rawOfMalformed(block, row, limits) });
    isCutInLine = row.lines === 0;
    line += row.lines;
    bytes = row.to;
  }
  const bytesOf = (row: number) => block.subarray(good[row]?.from, good[row]?.to);
  const fields = parseFields(block, good, dialect);
  const stretch = block.subarray(0, bytes);
  return {
    fields,
    separator: dialect.separator,
    lineOf: (row) => good[row]?.line ?? firstLine,
    ...textOf(stretch, bytesOf, fields, cutRowOf(fields, stretch, isLast, dialect)),
    malformed,
    bytes,
    lines: line - firstLine,
    isCutInLine,
  };
}

/** How much of a line that is too long is kept for the report. */
const KEPT_OF_LONG_LINE_BYTES = 1024;

function rawOfMalformed(block: Buffer, { from, to }: ScannedRow, { lineBytes }: FileLimits): string {
  if (to - from <= lineBytes + 1) return rawText(block.subarray(from, to));
  const beginning = block.subarray(from, from + Math.min(lineBytes, KEPT_OF_LONG_LINE_BYTES));
  // A decoder that expects more keeps half a character to itself.
  return `${new TextDecoder().decode(beginning, { stream: true })}… (cut)`;
}

const NUL = 0;
/** In which encoding the file is, other rows tell, too. */
export const NOT_UTF8 = 'bytes that are not UTF-8; save the file as UTF-8, or name its encoding in the partner file';
const CUT = 'the file ends within the row, which has fewer fields than the header: it may have been cut';
const HOLDS_NUL = 'NUL bytes, which no text has';

/** A row's text, and whether it is one; looked for in each row only when something is wrong in the stretch. */
function textOf(
  stretch: Buffer,
  bytesOf: (row: number) => Buffer,
  rows: readonly string[][],
  cutRow: number | undefined,
): Pick<Rows, 'rawOf' | 'bytesOf' | 'problemOf' | 'holdsUtf8' | 'isAscii'> {
  const isPlain = isAscii(stretch);
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

function rawText(bytes: Buffer): string {
  return bytes.toString().replace(/\r?\n$/, '');
}

/** Splits rows into fields: those with quotes by csv-parse, the others at their separators. */
function parseFields(block: Buffer, rows: readonly ScannedRow[], { separator }: Dialect): string[][] {
  const parsed = parseQuoted(block, rows, separator);
  return rows.map(
    (row) =>
      row.loose ??
      (row.isQuoted
        ? (parsed.get(row.fields)?.next().value ?? [])
        : block.toString('utf8', row.from, endOfText(block, row)).split(separator)),
  );
}

/**
 * Parses the rows with quotes, those with as many fields together: where the number changes, csv-parse makes an error
 * with a stack of each row, and a megabyte of such rows would take 50 times as long.
 *
 * @returns the rows by their number of fields, in order
 */
function parseQuoted(
  block: Buffer,
  rows: readonly ScannedRow[],
  delimiter: Separator,
): Map<number, IterableIterator<string[]>> {
  const byFields = Map.groupBy(
    rows.filter(({ isQuoted }) => isQuoted),
    ({ fields }) => fields,
  );
  const parsed = new Map<number, IterableIterator<string[]>>();
  for (const [fields, group] of byFields) {
    const bytes = Buffer.concat(group.map(({ from, to }) => block.subarray(from, to)));
    parsed.set(fields, parseQuotedRows(bytes, delimiter).values());
  }
  return parsed;
}

/** Splits rows that the scan finds nothing wrong with, all with as many fields. */
export function parseQuotedRows(bytes: Buffer, delimiter: Separator): string[][] {
  return parse(bytes, { delimiter, record_delimiter: ['\r\n', '\n'] });
}

/** Where a row's line break begins. */
function endOfText(block: Buffer, { from, to }: ScannedRow): number {
  if (block[to - 1] !== LINE_FEED) return to;
  return to - 2 >= from && block[to - 2] === CARRIAGE_RETURN ? to - 2 : to - 1;
}
