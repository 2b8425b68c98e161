import type { NeededColumns } from './columns.ts';
import { CARRIAGE_RETURN, LINE_FEED, scanFields } from './fields.ts';
import { notText } from './file-kinds.ts';
import type { FileLimits } from './limits.ts';
import type { Dialect } from './scan.ts';
import { SEPARATORS, type Separator, separatorName } from './separators.ts';
import { UnusableFileError } from './unusable-file.ts';

/** How rows are read that stand before the header, which are blank. */
export const DEFAULT_DIALECT: Dialect = { separator: ',', width: 0 };

/** What stands before the header and is no row. */
export interface Skip {
  bytes: number;
  lines: number;
}

export interface FoundDialect extends Dialect {
  /** The line that tells Excel the separator. */
  skip: Skip;
}

const SPACE = 32;
const TAB = 9;

/**
 * The blank lines that a file begins with, as far as they are there as a whole. There may be any number of them, so
 * that whoever waits for the header must not look at them again.
 */
export function blankBeginning(bytes: Buffer, { lineBytes }: FileLimits): Skip {
  const skip = { bytes: 0, lines: 0 };
  for (let at = 0; isBlankByte(bytes[at]); at++) {
    if (bytes[at] !== LINE_FEED) continue;
    if (at - skip.bytes > lineBytes) break;
    skip.bytes = at + 1;
    skip.lines++;
  }
  return skip;
}

function isBlankByte(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === SPACE || byte === TAB;
}

/** What a header is looked at with. */
export interface DialectOptions {
  limits: FileLimits;
  columns: NeededColumns;
}

/**
 * Finds out how a file's rows are written: by its first line that is not blank, which is the header, or `sep=;` and the
 * like, which Excel writes and reads above it. Without that, the separator is the one with which the header names most
 * of the needed columns.
 * @returns undefined when the header is not there as a whole
 * @throws UnusableFileError when there is a separator that is none, or the header holds what no text does
 */
export function findDialect(
  bytes: Buffer,
  isLast: boolean,
  { limits, columns }: DialectOptions,
): FoundDialect | undefined {
  const first = firstLine(bytes, { from: 0, lines: 0 }, isLast);
  if (first === undefined) return undefined;
  const told = toldSeparator(first.text);
  const header = told === undefined ? first : firstLine(bytes, first.next, isLast);
  if (header === undefined) return undefined;
  if (header.text.includes('\0')) throw notText();
  const separator = told ?? bestSeparator(header.text, columns);
  if (bytes.includes(0) && columns.namedAmong(header.text.split(separator)) === 0) throw notText();
  const scanned = scanFields(bytes, header.from, separator, Math.min(bytes.length, header.from + limits.lineBytes + 1));
  const isWhole = isLast || scanned.to !== undefined || scanned.problem !== undefined;
  const skip = told === undefined ? { bytes: 0, lines: 0 } : { bytes: first.next.from, lines: first.next.lines };
  return isWhole ? { separator, width: scanned.count, skip } : undefined;
}

interface Place {
  from: number;
  /** Line breaks before it. */
  lines: number;
}

/** The first line from a place on that is not blank. */
function firstLine(
  bytes: Buffer,
  place: Place,
  isLast: boolean,
): { text: string; from: number; next: Place } | undefined {
  let { from, lines } = place;
  while (from < bytes.length) {
    const lineFeed = bytes.indexOf(LINE_FEED, from);
    if (lineFeed < 0 && !isLast) return undefined;
    const to = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const text = bytes.toString('utf8', from, to);
    lines++;
    if (text.trim() !== '') return { text, from, next: { from: to, lines } };
    from = to;
  }
  return undefined;
}

const TOLD_SEPARATOR = /^"?sep=(.?)"?\r*\n?$/i;

function toldSeparator(line: string): Separator | undefined {
  const told = TOLD_SEPARATOR.exec(line)?.[1];
  if (told === undefined) return undefined;
  const separator = SEPARATORS.find((known) => known === told);
  if (separator !== undefined) return separator;
  throw new UnusableFileError(
    `the first line tells Excel a separator that is not known here, ${JSON.stringify(told)}; known are ${SEPARATORS.map(separatorName).join(', ')}`,
  );
}

function bestSeparator(header: string, columns: NeededColumns): Separator {
  const named = (separator: Separator) => columns.namedAmong(header.split(separator));
  return SEPARATORS.reduce((best, separator) => (named(separator) > named(best) ? separator : best));
}
