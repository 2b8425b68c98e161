import {
  blankBeginning,
  DEFAULT_DIALECT,
  type DialectOptions,
  type FoundDialect,
  findDialect,
  type Skip,
} from './dialect.ts';
import { CARRIAGE_RETURN, LINE_FEED } from './fields.ts';
import { assertKnownKind } from './file-kinds.ts';
import { breaksAtCarriageReturn, putLineFeeds } from './line-breaks.ts';
import { parseRows, type Rows } from './rows.ts';
import { BLANK_LINES, skipLines } from './understood.ts';
import { type EncodingOptions, utf8Chunks } from './utf8.ts';

/** Large enough that a call of the parser costs nothing, small enough to stay in the processor's cache. */
const BLOCK_BYTES = 64 * 1024;

const CONTROL_Z = 26;

/** How a CSV is read, and where what was understood of it is noted. */
export interface CsvOptions extends DialectOptions, EncodingOptions {
  /** What it was taken out of, if it was packed, such as `gzip archive`. */
  archive?: string | undefined;
}

/**
 * Reads a CSV file as stretches of rows, in the file's order and in memory that depends neither on the file's size nor
 * on what is in it; in the same stretches whatever chunks it arrives in.
 *
 * Line breaks are LF or CRLF; in a file whose first line break is CR, that, too.
 * @throws UnusableFileError when the file is not text
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>, options: CsvOptions): AsyncGenerator<Rows> {
  const lines = new PendingLines(options);
  for await (const block of blocksOf(utf8Chunks(chunks, options))) {
    lines.push(block);
    if (lines.isWorthReading) yield* lines.take(false);
  }
  yield* lines.take(true);
}

/** The same bytes in blocks of one size, but for the last. */
async function* blocksOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let missing = BLOCK_BYTES;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.length >= missing) {
      yield pending.length === 0 ? rest.subarray(0, missing) : Buffer.concat([...pending, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      pending = [];
      missing = BLOCK_BYTES;
    }
    if (rest.length > 0) pending.push(rest);
    missing -= rest.length;
  }
  yield Buffer.concat(pending);
}

/** The bytes that have arrived but are not read yet, and the line they begin at. */
class PendingLines {
  readonly #options: CsvOptions;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #wantedBytes = BLOCK_BYTES;
  #line = 1;
  #isBeginning = true;
  #breaksAtCarriageReturn: boolean | undefined;
  #dialect: FoundDialect | undefined;
  #isSkippingLongLine = false;
  #above: Rows | undefined;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
  }

  get isWorthReading(): boolean {
    return this.#pendingBytes >= this.#wantedBytes;
  }

  /** Rows of the lines that are complete; of all that is left when the file has ended. */
  *take(isLast: boolean): Generator<Rows> {
    let bytes = this.#withLineBreaks(Buffer.concat(this.#pending), isLast);
    if (this.#isSkippingLongLine) bytes = this.#skipLongLine(bytes);
    else bytes = this.#afterPreamble(bytes, isLast);
    if (!this.#isSkippingLongLine && this.#isReadable(bytes, isLast)) {
      const rows = this.#parse(bytes, isLast);
      if (this.#above !== undefined) rows.above = this.#above;
      this.#above = undefined;
      this.#isSkippingLongLine = rows.isCutInLine;
      bytes = bytes.subarray(rows.bytes);
      yield rows;
    }
    this.#keep(bytes);
  }

  #parse(bytes: Buffer, isLast: boolean): Rows {
    const { limits } = this.#options;
    const rows = parseRows(bytes, this.#line, isLast, { dialect: this.#dialect ?? DEFAULT_DIALECT, limits });
    this.#line += rows.lines;
    return rows;
  }

  /** Without the header nothing can be read, unless it does not come within the length of a line. */
  #isReadable(bytes: Buffer, isLast: boolean): boolean {
    return isLast || this.#dialect !== undefined || bytes.length > this.#options.limits.lineBytes;
  }

  /** What could not be read is looked at again when as much again has arrived: often would be too often. */
  #keep(rest: Buffer): void {
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    this.#wantedBytes = rest.length + Math.max(rest.length, BLOCK_BYTES);
  }

  #withLineBreaks(bytes: Buffer, isLast: boolean): Buffer {
    if (this.#isBeginning) assertKnownKind(bytes, this.#options.archive);
    this.#isBeginning = false;
    this.#breaksAtCarriageReturn ??= breaksAtCarriageReturn(bytes, isLast);
    if (this.#breaksAtCarriageReturn === true) putLineFeeds(bytes, isLast);
    return isLast ? this.#withoutEnd(bytes) : bytes;
  }

  /** Halves of CRLF at the end of a file that was cut are none of its last cell, nor is DOS's mark of the end of a text. */
  #withoutEnd(bytes: Buffer): Buffer {
    let end = bytes.length;
    while (bytes[end - 1] === CONTROL_Z) end--;
    if (end < bytes.length) this.#options.understood?.notes.push('A Ctrl-Z at the end of the file is not read.');
    while (bytes[end - 1] === CARRIAGE_RETURN) end--;
    return bytes.subarray(0, end);
  }

  /** Finds the dialect, when that is not known, and takes what stands before the header and is no row. */
  #afterPreamble(bytes: Buffer, isLast: boolean): Buffer {
    if (this.#dialect !== undefined) return bytes;
    const blank = blankBeginning(bytes, this.#options.limits);
    skipLines(this.#options.understood, BLANK_LINES, blank.lines);
    const rest = this.#skip(bytes, blank);
    this.#dialect = findDialect(rest, isLast, this.#options);
    return this.#dialect === undefined ? rest : this.#afterLinesAbove(rest, this.#dialect);
  }

  #afterLinesAbove(bytes: Buffer, { skip, above }: FoundDialect): Buffer {
    if (skip.lines > 0) {
      skipLines(this.#options.understood, BLANK_LINES, skip.lines - 1);
      skipLines(this.#options.understood, 'the line that names the separator', 1);
    }
    const rest = this.#skip(bytes, skip);
    if (above.lines > 0) this.#above = this.#parse(rest.subarray(0, above.bytes), true);
    return rest.subarray(above.bytes);
  }

  #skip(bytes: Buffer, skip: Skip): Buffer {
    this.#line += skip.lines;
    return bytes.subarray(skip.bytes);
  }

  #skipLongLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LINE_FEED) + 1;
    // A carriage return at the end may be a line break, which only the next byte tells.
    if (end === 0) return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(-1) : bytes.subarray(bytes.length);
    this.#isSkippingLongLine = false;
    this.#line += 1;
    return bytes.subarray(end);
  }
}
