import { UnusableFileError } from './columns.ts';

/** How much of a file is read at all, so that no file can take more memory or time than there is. */
export interface FileLimits {
  fileBytes: number;
  /** Columns that a header may name. */
  columns: number;
  /** Bytes of a line, and of a row that goes over several lines because of line breaks in quoted fields. */
  lineBytes: number;
  /** Members that a file may name. */
  members: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * A member takes some 500 bytes while a file is read: so many are half of the memory that serverless.yml gives to the
 * features function.
 */
const MOST_MEMBERS = 2_000_000;

export const DEFAULT_LIMITS: FileLimits = {
  fileBytes: 1024 * MIB,
  columns: 1000,
  lineBytes: 256 * KIB,
  members: MOST_MEMBERS,
};

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

/**
 * @param rows how many have been read
 * @throws UnusableFileError when there are more members in them than a run may have
 */
export function assertMembers(found: number, rows: number, { members }: FileLimits): void {
  if (found <= members) return;
  const [allowed, read] = [members, rows].map((value) => value.toLocaleString('en-US'));
  throw new UnusableFileError(
    `too many members: the first ${read} rows name more than the ${allowed} that are allowed; split the file by member, or raise MAX_MEMBERS`,
  );
}

function inBytes(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} bytes`;
}

/** A size as a message can name it. */
export function sizeText(bytes: number): string {
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : inBytes(bytes);
}
