import { isUtf8 } from 'node:buffer';
import { CsvError, type Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { RejectedRow } from '../contracts.ts';

/** Rows of a stretch of a file, parsed but not interpreted. */
export interface Rows {
  /** Fields of each row. A blank line is a row of one empty field. */
  fields: string[][];
  /** Line of the file on which a row begins, the first line being 1. */
  lineOf(row: number): number;
  /** A row as it stands in the file, without its line end. */
  rawOf(row: number): string;
  /** What could not be split into fields. */
  malformed: RejectedRow[];
  /** False: some bytes were not UTF-8 and read as U+FFFD. */
  isUtf8: boolean;
  /** How much of the stretch was dealt with; what follows is the beginning of a row that goes on. */
  bytes: number;
  /** Line breaks in those bytes. */
  lines: number;
}

/** A quoted field that is still open after so many bytes was never meant to be one. */
export const LONGEST_RECORD_BYTES = 256 * 1024;

const LINE_FEED = 10;
const QUOTE = 34;

/**
 * Splits whole lines into rows with csv-parse. Where a quote is opened and never closed, or stands where none may,
 * that line alone is malformed; the next line is read as if nothing had happened.
 *
 * @param block whole lines: its last byte is a line break, unless it is the end of the file
 * @param firstLine number of the block's first line in the file
 * @param isLast whether the file ends with this block
 */
export function parseRows(block: Buffer, firstLine: number, isLast: boolean): Rows {
  return block.includes(QUOTE) ? parseQuoted(block, firstLine, isLast) : parseUnquoted(block, firstLine);
}

/** Without quotes a line is a row, so that line numbers and raw text cost nothing until they are asked for. */
function parseUnquoted(block: Buffer, firstLine: number): Rows {
  let lines: string[] | undefined;
  const fields = parseFields(block);
  return {
    fields,
    lineOf: (row) => firstLine + row,
    rawOf: (row) => {
      lines ??= block.toString().split('\n');
      return withoutCarriageReturn(lines[row] ?? '');
    },
    malformed: [],
    isUtf8: isUtf8(block),
    bytes: block.length,
    lines: fields.length,
  };
}

/** A row's place in a block. */
interface Frame {
  from: number;
  to: number;
  line: number;
  /** Line breaks in it; more than one when a quoted field holds some. */
  lines: number;
}

function parseQuoted(block: Buffer, firstLine: number, isLast: boolean): Rows {
  const { frames, unclosed, bytes } = frameRows(block, firstLine, isLast);
  const good: Frame[] = [];
  const fields: string[][] = [];
  const malformed = unclosed.map((frame) => malformedRow(block, frame));
  const whole = unclosed.length === 0 ? tryParse(block.subarray(0, bytes)) : undefined;
  if (Array.isArray(whole) && whole.length === frames.length) {
    good.push(...frames);
    fields.push(...whole);
  } else {
    parseEach(block, frames, { good, fields, malformed });
  }
  const last = frames.at(-1);
  const lastUnclosed = unclosed.at(-1);
  return {
    fields,
    lineOf: (row) => good[row]?.line ?? firstLine,
    rawOf: (row) => rawText(block, good[row]),
    malformed,
    isUtf8: isUtf8(block.subarray(0, bytes)),
    bytes,
    lines: Math.max(endLine(last, firstLine), endLine(lastUnclosed, firstLine)) - firstLine,
  };
}

function endLine(frame: Frame | undefined, firstLine: number): number {
  return frame === undefined ? firstLine : frame.line + frame.lines;
}

/** Parses row by row: slower, but one bad row does not take the others with it. */
function parseEach(
  block: Buffer,
  frames: readonly Frame[],
  into: { good: Frame[]; fields: string[][]; malformed: RejectedRow[] },
): void {
  const queue = frames.toReversed();
  for (let frame = queue.pop(); frame !== undefined; frame = queue.pop()) {
    const parsed = tryParse(block.subarray(frame.from, frame.to));
    if (Array.isArray(parsed) && parsed[0] !== undefined && parsed.length === 1) {
      into.good.push(frame);
      into.fields.push(parsed[0]);
      continue;
    }
    const [first, rest] = splitAfterFirstLine(block, frame);
    into.malformed.push(malformedRow(block, first));
    queue.push(...rest.toReversed());
  }
}

/** The first line of a row that cannot be parsed, and the lines after it as rows of their own. */
function splitAfterFirstLine(block: Buffer, frame: Frame): [Frame, Frame[]] {
  const end = block.indexOf(LINE_FEED, frame.from) + 1;
  if (frame.lines <= 1 || end === 0 || end >= frame.to) return [frame, []];
  const first = { from: frame.from, to: end, line: frame.line, lines: 1 };
  const { frames, unclosed } = frameRows(block.subarray(end, frame.to), frame.line + 1, true);
  const shifted = [...frames, ...unclosed].map((row) => ({ ...row, from: row.from + end, to: row.to + end }));
  return [first, shifted.toSorted((a, b) => a.from - b.from)];
}

interface Framing {
  frames: Frame[];
  /** Lines that open a quote which nothing closes. */
  unclosed: Frame[];
  bytes: number;
}

/** Finds where rows begin and end: at line breaks outside quotes. */
function frameRows(block: Buffer, firstLine: number, isLast: boolean): Framing {
  const frames: Frame[] = [];
  const unclosed: Frame[] = [];
  let start = { at: 0, line: firstLine };
  for (;;) {
    const open = scanRows(block, start, frames);
    if (open === undefined) return { frames, unclosed, bytes: block.length };
    if (!isLast && block.length - open.at < LONGEST_RECORD_BYTES) return { frames, unclosed, bytes: open.at };
    const end = block.indexOf(LINE_FEED, open.at) + 1 || block.length;
    unclosed.push({ from: open.at, to: end, line: open.line, lines: 1 });
    start = { at: end, line: open.line + 1 };
  }
}

/** Adds the rows from a place on to `frames`; tells where a row begins that does not end. */
function scanRows(
  block: Buffer,
  start: { at: number; line: number },
  frames: Frame[],
): { at: number; line: number } | undefined {
  let { at: from, line } = start;
  let lines = 0;
  let isQuoted = false;
  for (let at = from; at < block.length; at++) {
    const byte = block[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (byte !== LINE_FEED) continue;
    lines++;
    if (isQuoted) continue;
    frames.push({ from, to: at + 1, line, lines });
    from = at + 1;
    line += lines;
    lines = 0;
  }
  if (from === block.length) return undefined;
  if (isQuoted) return { at: from, line };
  frames.push({ from, to: block.length, line, lines: 1 });
  return undefined;
}

function malformedRow(block: Buffer, line: Frame): RejectedRow {
  const parsed = tryParse(block.subarray(line.from, line.to));
  const code = parsed instanceof CsvError ? parsed.code : undefined;
  const problem = QUOTE_PROBLEMS[code ?? ''] ?? UNMATCHED_QUOTES;
  return { line: line.line, problem, reason: problem, raw: rawText(block, line) };
}

/** csv-parse's error codes in words. */
const QUOTE_PROBLEMS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that does not begin with one',
};
const UNMATCHED_QUOTES = 'the quotes do not match: a quoted field must end at a comma or the end of the line';

function rawText(block: Buffer, frame: Frame | undefined): string {
  if (frame === undefined) return '';
  return withoutCarriageReturn(block.toString('utf8', frame.from, frame.to).replace(/\n$/, ''));
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function tryParse(bytes: Buffer): string[][] | CsvError {
  try {
    return parseFields(bytes);
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
}

const OPTIONS = { relax_column_count: true, record_delimiter: ['\r\n', '\n'] } satisfies Options;

function parseFields(bytes: Buffer): string[][] {
  return parse(bytes, OPTIONS);
}
