import { UnusableFileError } from './columns.ts';

/** How much of a file is read at all, so that no file can take more memory or time than there is. */
export interface FileLimits {
  fileBytes: number;
  /** Columns that a header may name. */
  columns: number;
  /** Bytes of a line, and of a row that goes over several lines because of line breaks in quoted fields. */
  lineBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: FileLimits = { fileBytes: 1024 * MIB, columns: 1000, lineBytes: 256 * KIB };

/** @throws UnusableFileError when a file of this size is not read */
export function assertFileSize(bytes: number, { fileBytes }: FileLimits): void {
  if (bytes <= fileBytes) return;
  throw new UnusableFileError(
    `too large: the file has ${inBytes(bytes)}, and ${inBytes(fileBytes)} are the most that is read; split it`,
  );
}

/**
 * Hands a file's chunks on while they are no more than it may have, whatever its size was said to be.
 * @throws UnusableFileError at the chunk that is too much
 */
export async function* limitedChunks(
  chunks: AsyncIterable<Uint8Array>,
  { fileBytes }: FileLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > fileBytes) {
      throw new UnusableFileError(
        `too large: the file has more than the ${inBytes(fileBytes)} that are read at the most; split it`,
      );
    }
    yield chunk;
  }
}

function inBytes(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} bytes`;
}

/** A size as a message can name it. */
export function sizeText(bytes: number): string {
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : inBytes(bytes);
}
