import { parseQuotedRows } from './block-rows.ts';
import { HEADER_WITHIN_LINES, type NeededColumns, titledAmong } from './columns.ts';
import { CARRIAGE_RETURN, LINE_FEED, type ScannedFields, scanFields } from './fields.ts';
import { notText } from './file-kinds.ts';
import type { FileLimits } from './limits.ts';
import { looseFields } from './loose-fields.ts';
import type { Dialect } from './scan.ts';
import { SEPARATORS, type Separator, separatorName } from './separators.ts';
import { UnusableFileError } from './unusable-file.ts';

/** How rows are read that stand before the header, which are blank. */
export const DEFAULT_DIALECT: Dialect = { separator: ',', width: 0, titled: 0, needed: [] };

/** What stands before the header and is no row. */
export interface Skip {
  bytes: number;
  lines: number;
}

export interface FoundDialect extends Dialect {
  /** The line that tells Excel the separator, and blank lines above it. */
  skip: Skip;
  /** Lines between that and the header. */
  above: Skip;
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
  /** The separator, where the partner file says which. */
  delimiter?: Separator | undefined;
}

/**
 * Finds out how a file's rows are written: by its header, which is the first of its first lines that names all needed
 * columns. `sep=;` and the like, which Excel writes and reads, may stand above. Without that, the separator is the one
 * with which the header names most of the needed columns. Where no line names all, the one that names most is the header.
 * @returns undefined when the header is not there as a whole
 * @throws UnusableFileError when there is a separator that is none, or the header holds what no text does
 */
export function findDialect(bytes: Buffer, isLast: boolean, options: DialectOptions): FoundDialect | undefined {
  const { limits, columns, delimiter } = options;
  const first = firstLine(bytes, { from: 0, lines: 0 }, isLast);
  if (first === undefined) return undefined;
  const isTold = TOLD_SEPARATOR.test(first.text);
  const start = isTold ? first.next : { from: 0, lines: 0 };
  const separators = delimiter === undefined ? separatorsToTry(first.text) : [delimiter];
  const header = findHeader(bytes, start, isLast, { ...options, separators });
  if (header === undefined) return undefined;
  const { separator, from } = header;
  if (bytes.includes(0) && header.named === 0) throw notText();
  const scanned = scanFields(bytes, from, separator, Math.min(bytes.length, from + limits.lineBytes + 1));
  if (!isLast && scanned.to === undefined && scanned.problem === undefined) return undefined;
  const names = headerNames(bytes.subarray(from, scanned.to ?? bytes.length), header, scanned);
  return {
    separator,
    width: names?.length ?? scanned.count,
    titled: names === undefined ? scanned.count : titledAmong(names),
    needed: columns.placesIn(names ?? []),
    skip: { bytes: start.from, lines: start.lines },
    above: { bytes: from - start.from, lines: header.next.lines - 1 - start.lines },
  };
}

/** A line that may be the header. */
interface Candidate extends Line {
  separator: Separator;
  /** How many of the needed columns it names. */
  named: number;
}

function findHeader(
  bytes: Buffer,
  start: Place,
  isLast: boolean,
  { limits, columns, separators }: DialectOptions & { separators: readonly Separator[] },
): Candidate | undefined {
  let best: Candidate | undefined;
  let first: Line | undefined;
  let place = start;
  for (;;) {
    const line = firstLine(bytes, place, isLast);
    if (line === undefined) break;
    first ??= line;
    if (line.text.includes('\0') && (best?.named ?? 0) === 0) throw notText();
    const candidate = candidateOf(line, separators, (separator) =>
      columns.namedAmong(namesIn(bytes, line, separator, limits)),
    );
    if (candidate.named > (best?.named ?? -1)) best = candidate;
    if (candidate.named === columns.count) return candidate;
    place = line.next;
    if (place.lines - first.next.lines >= HEADER_WITHIN_LINES - 1 || place.from - first.from > limits.lineBytes)
      return best;
  }
  return isLast || bytes.length > limits.lineBytes ? best : undefined;
}

function candidateOf(
  line: Line,
  separators: readonly Separator[],
  namedBy: (separator: Separator) => number,
): Candidate {
  const candidates = separators.map((separator) => ({ ...line, separator, named: namedBy(separator) }));
  return candidates.reduce((best, candidate) => (candidate.named > best.named ? candidate : best));
}

/** What a line names if it is a header; one that ends within quotes goes on. */
function namesIn(bytes: Buffer, { text, from }: Line, separator: Separator, { lineBytes }: FileLimits): string[] {
  const endsInQuotes = text.split('"').length % 2 === 0;
  if (!endsInQuotes) return text.split(separator);
  const { to, problem } = scanFields(bytes, from, separator, Math.min(bytes.length, from + lineBytes + 1));
  if (to === undefined || problem !== undefined) return text.split(separator);
  return parseQuotedRows(bytes.subarray(from, to), separator)[0] ?? [];
}

/** The names in a header, as its row will be split; undefined when its quotes do not tell. */
function headerNames(
  row: Buffer,
  { text, separator }: Candidate,
  { problem, isOpen, isQuoted }: ScannedFields,
): string[] | undefined {
  const line = text.replace(/\r?\n$/, '');
  if (problem !== undefined) return looseFields(line, { separator, width: 0, needed: [] });
  if (isOpen === true) return undefined;
  return isQuoted ? parseQuotedRows(row, separator)[0] : line.split(separator);
}

interface Place {
  from: number;
  /** Line breaks before it. */
  lines: number;
}

/** A line that is not blank. */
interface Line {
  text: string;
  from: number;
  next: Place;
}

/** The first line from a place on that is not blank. */
function firstLine(bytes: Buffer, place: Place, isLast: boolean): Line | undefined {
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

/** The one first that a line tells Excel. The header may show that it is another: then that counts. */
function separatorsToTry(line: string): readonly Separator[] {
  const told = TOLD_SEPARATOR.exec(line)?.[1];
  if (told === undefined || told === '') return SEPARATORS;
  const separator = SEPARATORS.find((known) => known === told);
  if (separator !== undefined) return [separator, ...SEPARATORS.filter((other) => other !== separator)];
  throw new UnusableFileError(
    `the first line tells Excel a separator that is not tried by itself, ${JSON.stringify(told)}; set delimiter: ${JSON.stringify(told)} in the partner file, under input, or separate the fields by ${SEPARATORS.map(separatorName).join(', ')}`,
  );
}
