import type { ByteRange } from './bodies.ts';
import { S3Error } from './errors.ts';

/**
 * The bytes that a Range header asks for; undefined for all of them. Several ranges, and what is none, mean all.
 *
 * @param size bytes of the object
 * @throws S3Error InvalidRange
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') return satisfiable({ start: Math.max(0, size - Number(last)), end: size - 1 }, size);
  if (last !== '' && Number(last) < Number(first)) return undefined;
  return satisfiable({ start: Number(first), end: Math.min(last === '' ? size - 1 : Number(last), size - 1) }, size);
}

/**
 * The bytes of one part of an object.
 *
 * @param parts bytes of each
 * @throws S3Error InvalidPartNumber
 */
export function partRange(parts: readonly number[], number: number): ByteRange {
  const size = parts[number - 1];
  if (size === undefined) throw new S3Error('InvalidPartNumber', 'The requested partnumber is not satisfiable');
  const start = parts.slice(0, number - 1).reduce((sum, bytes) => sum + bytes, 0);
  return { start, end: start + size - 1 };
}

/**
 * The bytes of an object that are to be copied as a part: all that is asked for must be there.
 *
 * @throws S3Error InvalidArgument, InvalidRange
 */
export function copyRangeOf(header: string | undefined, size: number): ByteRange {
  if (header === undefined) return { start: 0, end: size - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(last) < Number(first)) {
    throw new S3Error('InvalidArgument', 'The x-amz-copy-source-range value must be of the form bytes=first-last', {
      ArgumentName: 'x-amz-copy-source-range',
    });
  }
  if (Number(last) >= size) throw unsatisfiable(size);
  return { start: Number(first), end: Number(last) };
}

function satisfiable(range: ByteRange, size: number): ByteRange {
  if (range.start > range.end) throw unsatisfiable(size);
  return range;
}

function unsatisfiable(size: number): S3Error {
  const headers = { 'content-range': `bytes */${size}` };
  return new S3Error('InvalidRange', 'The requested range is not satisfiable', { ActualObjectSize: size }, headers);
}
