import { isUtf8 } from 'node:buffer';
import { DEFAULT_DIALECT, type DialectOptions, findDialect } from '../../lib/transactions/dialect.ts';
import { breaksAtCarriageReturn } from '../../lib/transactions/line-breaks.ts';
import { type Dialect, RowScanner } from '../../lib/transactions/scan.ts';
import { UnusableFileError } from '../../lib/transactions/unusable-file.ts';

/** Bytes of a file, `to` excluded. */
export interface FileRange {
  from: number;
  to: number;
}

/** A file whose parts can be read separately: on a disk, or in S3 with `Range`. */
export interface PartsOfFile {
  bytes: number;
  read(range: FileRange): Promise<Buffer>;
}

export interface CutFile {
  /** The header, which is read before each range, so that the range is a complete file. */
  header: FileRange;
  ranges: FileRange[];
}

/**
 * Cuts a UTF-8 file into ranges of whole rows and about the same size; fewer than `parts` when rows are long.
 *
 * A line break may be within quotes, and strictly one has to read the whole file to know. This scans from the length of
 * the longest row before a cut. If the scan begins in the middle of a row, it finds the next beginning of a row in the
 * same way as after a quote that is never closed.
 *
 * @throws UnusableFileError when there is no header, or the file is in UTF-16 or has lines that end with CR alone
 */
export async function cutFile(file: PartsOfFile, parts: number, options: DialectOptions): Promise<CutFile> {
  const { limits } = options;
  const { dialect, headerEnd } = await readHeader(file, options);
  const cutAt = async (wanted: number): Promise<number> => {
    const from = Math.max(headerEnd, wanted - limits.lineBytes);
    const to = Math.min(file.bytes, wanted + 2 * limits.lineBytes);
    const window = await file.read({ from, to });
    const scanner = new RowScanner(window, dialect, limits, to === file.bytes);
    let at = from === headerEnd ? 0 : window.indexOf('\n') + 1;
    while (from + at < wanted) {
      const row = scanner.scan(at);
      if (row === undefined || row.lines === 0) return file.bytes;
      at = row.to;
    }
    return from + at;
  };
  const size = (file.bytes - headerEnd) / parts;
  const wanted = Array.from({ length: parts - 1 }, (_, index) => headerEnd + Math.round(size * (index + 1)));
  const inside = await Promise.all(wanted.map(cutAt));
  const cuts = [...new Set([headerEnd, ...inside, file.bytes])].sort((a, b) => a - b);
  const ranges = cuts.slice(1).map((to, index) => ({ from: cuts[index] ?? 0, to }));
  return { header: { from: 0, to: headerEnd }, ranges };
}

const UTF8_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** Finds out where the rows after the header begin, and how they are written. */
async function readHeader(
  file: PartsOfFile,
  options: DialectOptions,
): Promise<{ dialect: Dialect; headerEnd: number }> {
  const { limits } = options;
  const head = await file.read({ from: 0, to: Math.min(file.bytes, 2 * limits.lineBytes) });
  const isWhole = head.length === file.bytes;
  const text = head.subarray(head.indexOf(UTF8_MARK) === 0 ? UTF8_MARK.length : 0);
  if (!isUtf8(text.subarray(0, 1)) || breaksAtCarriageReturn(text, isWhole) === true) {
    throw new UnusableFileError('only files in UTF-8 with LF or CRLF at the ends of lines can be cut');
  }
  const dialect = findDialect(text, isWhole, options);
  const scanner = new RowScanner(text, dialect ?? DEFAULT_DIALECT, limits, isWhole);
  let row = scanner.scan(dialect?.skip.bytes ?? 0);
  while (row !== undefined && row.to < text.length && isBlank(text, row)) row = scanner.scan(row.to);
  if (dialect === undefined || row === undefined || isBlank(text, row))
    throw new UnusableFileError('no header: there are only blank lines');
  return { dialect, headerEnd: head.length - text.length + row.to };
}

function isBlank(text: Buffer, { from, to }: FileRange): boolean {
  return text.toString('utf8', from, to).trim() === '';
}
