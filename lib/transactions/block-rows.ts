import { parse } from 'csv-parse/sync';
import type { FileLimits } from './limits.ts';
import type { RejectedRow } from './row-account.ts';
import { RowPlaces } from './row-places.ts';
import type { ScannedRow } from './scan.ts';
import type { Separator } from './separators.ts';

/** A row with quotes, and its place among the rows. */
interface QuotedRow {
  row: ScannedRow;
  place: number;
}

/** Takes the rows of a block one after the other, and splits them into fields. */
export class BlockRows {
  readonly places: RowPlaces;
  readonly malformed: RejectedRow[] = [];
  readonly ofSeveralLines: number[] = [];
  readonly #block: Buffer;
  readonly #separator: Separator;
  readonly #limits: FileLimits;
  readonly #fields: string[][] = [];
  readonly #quoted: QuotedRow[] = [];
  /** How much of the block was taken. */
  bytes = 0;
  /** Of the file, at which the rest begins. */
  line: number;
  /** Whether the rest begins within a line. */
  isCutInLine = false;

  constructor(block: Buffer, line: number, separator: Separator, limits: FileLimits) {
    this.places = new RowPlaces(block);
    this.#block = block;
    this.line = line;
    this.#separator = separator;
    this.#limits = limits;
  }

  /** Takes lines without quotes, each of which is a row. */
  takeLines(to: number): void {
    if (to === this.bytes) return;
    const row = this.#fields.length;
    this.places.addLines(row, this.line, { from: this.bytes, to });
    this.#split(this.bytes, to);
    this.line += this.#fields.length - row;
    this.bytes = to;
  }

  takeRow(row: ScannedRow): void {
    if (row.problem === undefined) this.#takeGood(row);
    else this.malformed.push(malformedRow(this.#block, this.line, row, row.problem, this.#limits));
    this.isCutInLine = row.lines === 0;
    this.line += row.lines;
    this.bytes = row.to;
  }

  #takeGood(row: ScannedRow): void {
    this.places.addRow(this.#fields.length, this.line, row);
    if (row.lines > 1) this.ofSeveralLines.push(this.#fields.length);
    if (row.isQuoted) this.#quoted.push({ row, place: this.#fields.length });
    if (row.isQuoted || row.loose !== undefined) this.#fields.push(row.loose ?? []);
    else this.#split(row.from, row.to);
  }

  #split(from: number, to: number): void {
    splitLines(this.#block.toString('utf8', from, to), this.#separator, this.#fields);
  }

  /**
   * The fields of all rows. Those with quotes are parsed together where they have as many: where the number changes,
   * csv-parse makes an error with a stack of each row, and a megabyte of such rows would take 50 times as long.
   */
  fields(): string[][] {
    for (const group of Map.groupBy(this.#quoted, ({ row }) => row.fields).values()) {
      const bytes = Buffer.concat(group.map(({ row }) => this.#block.subarray(row.from, row.to)));
      const parsed = parseQuotedRows(bytes, this.#separator);
      for (const [index, { place }] of group.entries()) this.#fields[place] = parsed[index] ?? [];
    }
    return this.#fields;
  }
}

/** Splits rows that the scan finds nothing wrong with, all with as many fields. */
export function parseQuotedRows(bytes: Buffer, delimiter: Separator): string[][] {
  return parse(bytes, { delimiter, record_delimiter: ['\r\n', '\n'] });
}

/**
 * Without quotes a field is what stands between separators: nothing that takes a parser of CSV, and most rows of most
 * files, which are read three times as fast this way. To cut them out of the text takes two thirds of the time of
 * splitting it into lines, and these into fields.
 *
 * @param rows to which the fields of each line are added
 */
function splitLines(text: string, separator: Separator, rows: string[][]): void {
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
}

/** Where a sign stands next, the end of the text if nowhere. */
function placeIn(text: string, sign: string, from: number): number {
  const place = text.indexOf(sign, from);
  return place < 0 ? text.length : place;
}

function malformedRow(
  block: Buffer,
  line: number,
  row: ScannedRow,
  problem: string,
  { lineBytes }: FileLimits,
): RejectedRow {
  return { line, problem, reason: problem, raw: rawOfMalformed(block, row, lineBytes) };
}

/** How much of a line that is too long is kept for the report. */
const KEPT_OF_LONG_LINE_BYTES = 1024;

function rawOfMalformed(block: Buffer, { from, to }: ScannedRow, lineBytes: number): string {
  if (to - from <= lineBytes + 1) return rawText(block.subarray(from, to));
  const beginning = block.subarray(from, from + Math.min(lineBytes, KEPT_OF_LONG_LINE_BYTES));
  // A decoder that expects more keeps half a character to itself.
  return `${new TextDecoder().decode(beginning, { stream: true })}… (cut)`;
}

/** A row as it stands in the file, without its line end. */
export function rawText(bytes: Buffer): string {
  return bytes.toString().replace(/\r?\n$/, '');
}
