import type { RejectedRow } from '../contracts.ts';
import { LONGEST_RECORD_BYTES, parseRows, type Rows } from './rows.ts';
import { assertText, utf8Chunks } from './text.ts';

/** Large enough that a call of the parser costs nothing, small enough to stay in the processor's cache. */
const BLOCK_BYTES = 64 * 1024;

/** How much of a line that is too long is kept for the report. */
const KEPT_OF_LONG_LINE_BYTES = 1024;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Reads a CSV file as stretches of rows, in the file's order and in memory that depends neither on the file's size nor
 * on what is in it.
 *
 * Line breaks are LF or CRLF; a file with neither, but CR, is read as one with CR.
 * @throws UnusableFileError when the file is not text
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Rows> {
  const lines = new Lines();
  for await (const chunk of utf8Chunks(chunks)) {
    lines.push(chunk);
    if (lines.pendingBytes >= BLOCK_BYTES) yield* lines.take(false);
  }
  yield* lines.take(true);
}

/** The bytes that have arrived but are not read yet, and the line they begin at. */
class Lines {
  #pending: Buffer[] = [];
  #line = 1;
  #isOldMacFile: boolean | undefined;
  #isSkippingLongLine = false;
  pendingBytes = 0;

  push(chunk: Buffer): void {
    this.#pending.push(chunk);
    this.pendingBytes += chunk.length;
  }

  /** Rows of the lines that are complete; of all that is left when the file has ended. */
  *take(isLast: boolean): Generator<Rows> {
    let bytes = this.#withLineFeeds(Buffer.concat(this.#pending));
    if (this.#isSkippingLongLine) bytes = this.#skipLongLine(bytes);
    const end = isLast ? bytes.length : bytes.lastIndexOf(LINE_FEED) + 1;
    let read = 0;
    if (end > 0) {
      const rows = parseRows(bytes.subarray(0, end), this.#line, isLast);
      this.#line += rows.lines;
      read = rows.bytes;
      yield rows;
    } else if (bytes.length > LONGEST_RECORD_BYTES) {
      yield this.#tooLong(bytes);
      read = bytes.length;
    }
    this.#keep(bytes.subarray(read));
  }

  #keep(rest: Buffer): void {
    this.#pending = rest.length > 0 ? [rest] : [];
    this.pendingBytes = rest.length;
  }

  /** What is there is known when the first block is: its line breaks are those of the whole file. */
  #withLineFeeds(bytes: Buffer): Buffer {
    if (this.#isOldMacFile === undefined && bytes.length > 0) {
      assertText(bytes);
      this.#isOldMacFile = !bytes.includes(LINE_FEED) && bytes.includes(CARRIAGE_RETURN);
    }
    if (this.#isOldMacFile !== true) return bytes;
    return Buffer.from(bytes.map((byte) => (byte === CARRIAGE_RETURN ? LINE_FEED : byte)));
  }

  #tooLong(bytes: Buffer): Rows {
    this.#isSkippingLongLine = true;
    const raw = `${bytes.toString('utf8', 0, KEPT_OF_LONG_LINE_BYTES)}… (cut)`;
    const problem = `the line is longer than ${LONGEST_RECORD_BYTES / 1024} KiB`;
    return rowsOf({ line: this.#line, problem, reason: problem, raw }, bytes.length);
  }

  #skipLongLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LINE_FEED) + 1;
    if (end === 0) return Buffer.alloc(0);
    this.#isSkippingLongLine = false;
    this.#line += 1;
    return bytes.subarray(end);
  }
}

/** A stretch that holds nothing but one row that cannot be read. */
function rowsOf(row: RejectedRow, bytes: number): Rows {
  return { fields: [], lineOf: () => row.line, rawOf: () => row.raw, malformed: [row], isUtf8: true, bytes, lines: 0 };
}
