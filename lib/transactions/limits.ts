import { getHeapStatistics } from 'node:v8';
import { formatCount } from '../counted.ts';
import type { RowCounts } from './row-account.ts';
import { UnusableFileError } from './unusable-file.ts';

/** How much of a file is read at all, so that no file can take more memory or time than there is. */
export interface FileLimits {
  fileBytes: number;
  /** Columns that a header may name. */
  columns: number;
  /** Bytes of a line, and of a row that goes over several lines because of line breaks in quoted fields. */
  lineBytes: number;
  /** Members that a file may name. */
  members: number;
  /** Memory that members and their ids may take, bytes. */
  memberBytes: number;
  /** Memory that the texts of a workbook may take, to which its cells refer, and the first rows of all its sheets, bytes. */
  workbookBytes: number;
  /** Rows that may be rejected. */
  rejectedRows: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The share of memory that members may take. The rest is for Node (125 MB), for what V8 has not collected yet (Lambda
 * lets its young generation alone grow to 15 %), and for batches that are being written.
 */
const MEMBERS_SHARE = 0.55;

/**
 * What members may take of a function's memory, bytes. Their ids are on V8's heap, which may be allowed less than the
 * function is.
 *
 * @param memoryMb what the function is set to; elsewhere there is V8's heap alone
 */
export function memberBytesOf(memoryMb = Number.POSITIVE_INFINITY): number {
  return MEMBERS_SHARE * Math.min(memoryMb * MIB, getHeapStatistics().heap_size_limit);
}

export const DEFAULT_LIMITS: FileLimits = {
  fileBytes: 1024 * MIB,
  columns: 1000,
  lineBytes: 256 * KIB,
  members: 2_000_000,
  memberBytes: memberBytesOf(),
  workbookBytes: 256 * MIB,
  // The report lists them all, a million in 20 to 50 seconds, and must end within 15 minutes.
  rejectedRows: 5_000_000,
};

/** As many files as a manifest and its report can list by name: those of an archive, or the parts of a folder. */
export const MAX_PARTS = 1000;

/** @param isFolder whether the bytes are those of all parts @throws UnusableFileError when so much is not read */
export function assertFileSize(bytes: number, { fileBytes }: FileLimits, isFolder = false): void {
  if (bytes <= fileBytes) return;
  const [has, advice] = isFolder ? ['the parts have together', SPLIT_FOLDER] : ['the file has', SPLIT_FILE];
  throw new UnusableFileError(
    `too large: ${has} ${inBytes(bytes)}, and ${inBytes(fileBytes)} are the most that is read; ${advice}`,
  );
}

const SPLIT_FILE = 'split it';
const SPLIT_FOLDER = 'write it as two folders';

/** How much has been read so far of what may have only so many bytes as a whole. */
export interface BytesRead {
  bytes: number;
  /** What a message calls the whole, where it is a folder. */
  of?: string;
}

/**
 * Hands a file's chunks on while they are no more than it may have, whatever its size was said to be.
 * @param archive what the chunks were taken out of, if they were packed
 * @param count of all that was taken out of it so far
 * @throws UnusableFileError at the chunk that is too much
 */
export async function* limitedChunks<Chunk extends Uint8Array>(
  chunks: AsyncIterable<Chunk>,
  { fileBytes }: FileLimits,
  archive?: string,
  count: BytesRead = { bytes: 0 },
): AsyncGenerator<Chunk> {
  const file = count.of ?? (archive === undefined ? 'the file' : `what is in the ${archive}`);
  for await (const chunk of chunks) {
    count.bytes += chunk.byteLength;
    if (count.bytes > fileBytes) {
      throw new UnusableFileError(
        `too large: ${file} has more than the ${inBytes(fileBytes)} that are read at the most; ${count.of === undefined ? SPLIT_FILE : SPLIT_FOLDER}`,
      );
    }
    yield chunk;
  }
}

/** What has been found in a file so far. */
export interface Found {
  rows: number;
  members: number;
  /** Memory that these members take. */
  memberBytes: number;
}

/** @throws UnusableFileError when there are more members than a run may have, or they take more memory than there is */
export function assertMembers({ rows, members, memberBytes }: Found, limits: FileLimits): void {
  if (members > limits.members) {
    throw new UnusableFileError(
      `too many members: the first ${formatCount(rows)} rows name more than the ${formatCount(limits.members)} that are allowed; split the file by member, or raise MAX_MEMBERS`,
    );
  }
  if (memberBytes > limits.memberBytes) {
    throw new UnusableFileError(
      `too many members for the memory: the ${formatCount(members)} of the first ${formatCount(rows)} rows take, with their ids, more than the ${inMegabytes(limits.memberBytes)} MB that are for them; split the file by member, shorten the ids, or raise the memorySize of features`,
    );
  }
}

/** @throws UnusableFileError when so much of a workbook is more than may be in memory */
export function assertWorkbook(bytes: number, { workbookBytes }: FileLimits): void {
  if (bytes <= workbookBytes) return;
  throw new UnusableFileError(
    `too much text: what cells of the Excel workbook refer to, and the first rows of its sheets, take more than the ${inMegabytes(workbookBytes)} MB of memory that are for them; save the sheet with the table as a workbook of its own, or as CSV in UTF-8`,
  );
}

/**
 * @param example the first of them, and why it was rejected
 * @throws UnusableFileError when more rows were rejected than a report can list
 */
export function assertRejected({ read, rejected }: RowCounts, example: string, { rejectedRows }: FileLimits): void {
  if (rejected <= rejectedRows) return;
  throw new UnusableFileError(
    `too many rejected rows: ${formatCount(rejected)} of the first ${formatCount(read)}, and ${formatCount(rejectedRows)} are the most that a report lists; mend the file, or split it${example}`,
  );
}

function inMegabytes(bytes: number): string {
  return formatCount(Math.round(bytes / MIB));
}

function inBytes(bytes: number): string {
  return `${formatCount(bytes)} bytes`;
}

/** A size as a message can name it. */
export function sizeText(bytes: number): string {
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : inBytes(bytes);
}
