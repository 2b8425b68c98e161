import { CARRIAGE_RETURN, LINE_FEED, scanFields } from './fields.ts';
import { type FileLimits, sizeText } from './limits.ts';
import { looseFields } from './loose-fields.ts';
import type { Separator } from './separators.ts';

/** How a file's rows are written. */
export interface Dialect {
  separator: Separator;
  /** Fields of the header. */
  width: number;
  /** Those up to the last that has a name. */
  titled: number;
  /** Places of the needed fields; none before the header is known. */
  needed: readonly number[];
}

/** A row's place in a block, and why it cannot be split into fields, if so. */
export interface ScannedRow {
  from: number;
  /** Where the next row begins. */
  to: number;
  /** Line breaks in it; more than one when quoted fields hold some, none when its line goes on beyond the block. */
  lines: number;
  fields: number;
  /** Whether any of them is quoted. */
  isQuoted: boolean;
  /** The fields themselves, where the quotes break the rules and the fields are certain all the same. */
  loose?: string[];
  problem?: string;
}

/**
 * Finds the rows of a block. What cannot be a row costs its first line alone: the next row begins on the line after
 * it, so that a quote opened by mistake does not swallow the rows that follow.
 *
 * Every byte is looked at a bounded number of times, whatever quotes there are: of two successive lines that a row is
 * tried from, only one can have the same line breaks inside quotes.
 */
export class RowScanner {
  readonly #bytes: Buffer;
  readonly #dialect: Dialect;
  readonly #maxLineBytes: number;
  readonly #isLast: boolean;

  /** @param isLast whether the file ends with these bytes */
  constructor(bytes: Buffer, dialect: Dialect, { lineBytes }: FileLimits, isLast: boolean) {
    this.#bytes = bytes;
    this.#dialect = dialect;
    this.#maxLineBytes = lineBytes;
    this.#isLast = isLast;
  }

  /** The row that begins at a place; undefined when more bytes must tell its end. */
  scan(from: number): ScannedRow | undefined {
    const lineFeed = this.#bytes.indexOf(LINE_FEED, from);
    const isOpen = lineFeed < 0;
    const to = isOpen ? this.#bytes.length : lineFeed + 1;
    const length = (isOpen ? to : lineFeed) - from;
    if (length > this.#maxLineBytes) return this.#longLine(from, to, isOpen);
    if (isOpen && !this.#isLast) return undefined;
    return this.#scanFields(from, to);
  }

  /** @param endOfLine where the first line of the row ends, which is the only one that a problem costs */
  #scanFields(from: number, endOfLine: number): ScannedRow | undefined {
    const { separator, width } = this.#dialect;
    const maxEnd = from + this.#maxLineBytes + 1;
    const fields = scanFields(this.#bytes, from, separator, Math.min(this.#bytes.length, maxEnd));
    const firstLine = (problem: string) => this.#brokenLine(from, endOfLine, problem);
    if (fields.problem !== undefined) return firstLine(fields.problem);
    if (fields.to === undefined && this.#bytes.length >= maxEnd) {
      return firstLine(fields.isOpen ? this.#longQuote : this.#longRow);
    }
    if (fields.to === undefined && !this.#isLast) return undefined;
    if (fields.isOpen) return firstLine('a quote is opened and never closed');
    const to = fields.to ?? this.#bytes.length;
    const lines = linesIn(this.#bytes, from, to);
    const isOfSeveralRows = lines > 1 && width > 0 && fields.count !== width;
    if (isOfSeveralRows) return firstLine(CLOSED_TOO_LATE);
    return { from, to, lines, fields: fields.count, isQuoted: fields.isQuoted };
  }

  /** A line whose quotes break the rules is a row where its fields are certain. */
  #brokenLine(from: number, to: number, problem: string): ScannedRow {
    const line = this.#bytes.toString('utf8', from, to).replace(/\r?\n$/, '');
    const loose = this.#dialect.width > 0 ? looseFields(line, this.#dialect) : undefined;
    if (loose === undefined) return { from, to, lines: 1, fields: 0, isQuoted: false, problem };
    return { from, to, lines: 1, fields: loose.length, isQuoted: false, loose };
  }

  #longLine(from: number, to: number, isOpen: boolean): ScannedRow {
    const problem = `the line is longer than ${sizeText(this.#maxLineBytes)}`;
    // A carriage return at the end may be a line break, which only the next byte tells.
    const isUndecided = isOpen && this.#bytes[to - 1] === CARRIAGE_RETURN;
    return { from, to: isUndecided ? to - 1 : to, lines: isOpen ? 0 : 1, fields: 0, isQuoted: false, problem };
  }

  get #longQuote(): string {
    return `a quote is opened and not closed within ${sizeText(this.#maxLineBytes)}`;
  }

  get #longRow(): string {
    return `line breaks in quotes make the row longer than ${sizeText(this.#maxLineBytes)}`;
  }
}

const CLOSED_TOO_LATE =
  'a quote is closed on a later line, and the fields up to there are not as many as in the header';

function linesIn(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; lines++) {
    const lineFeed = bytes.indexOf(LINE_FEED, at);
    at = lineFeed < 0 ? to : lineFeed + 1;
  }
  return lines;
}
