import { beginningOfList, formatCount } from '../../counted.ts';
import { shownText } from '../../excerpt.ts';
import { MARK } from '../../left-behind.ts';
import type { FolderPart } from '../../run/contracts.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { closedFolder, folderOf, partPrefix, shownPart, uploadKind } from '../../run/upload-kinds.ts';
import { type Bucket, ObjectMissingError } from '../../storage/bucket.ts';
import { assertFileSize, type FileLimits, MAX_PARTS } from '../../transactions/limits.ts';
import type { InputFile } from '../../transactions/parts.ts';
import { UnusableFileError } from '../../transactions/unusable-file.ts';

/**
 * The parts that a run reads when its upload is the mark of a folder, in the order of their keys; undefined for a file,
 * which is read itself.
 * @throws UnusableFileError when the mark lies in no folder, or the folder has too many parts
 */
export async function listParts(bucket: Bucket, upload: ObjectCreated): Promise<FolderPart[] | undefined> {
  if (uploadKind(upload) !== 'mark') return undefined;
  const folder = closedFolder(upload.key);
  if (folder === undefined) {
    throw new UnusableFileError(
      `${MARK} closes a folder of parts, and is in none here; it belongs in uploads/<partner>/<folder>/, beside the files part-… when all of these are there`,
    );
  }
  return partsIn(bucket, folder);
}

/** @throws UnusableFileError when a folder has no parts, or too large ones */
export async function assertParts(
  bucket: Bucket,
  { key }: ObjectCreated,
  parts: readonly FolderPart[],
  limits: FileLimits,
): Promise<void> {
  if (parts.length === 0) throw new UnusableFileError(await withoutParts(bucket, folderOf(key)));
  const bytes = parts.reduce((sum, part) => sum + (part.bytes ?? 0), 0);
  assertFileSize(bytes, limits, true);
}

async function withoutParts(bucket: Bucket, folder: string): Promise<string> {
  const below = new Set<string>();
  for await (const object of bucket.objects(folder)) {
    if (uploadKind(object) === 'part') below.add(shownText(folderOf(object.key).slice(folder.length)));
  }
  return below.size === 0
    ? `no parts: ${folder} is closed by ${MARK}, and holds no file whose name begins with part-; ${AGAIN}`
    : `no parts: ${folder} is closed by ${MARK}, and its parts are in folders below (${beginningOfList([...below])}); write without partitionBy, or ${MARK} into each`;
}

/** Why a folder cannot be used, and what may be behind it. */
export function folderReason({ message, cause }: UnusableFileError): string {
  const ofPart = cause instanceof UnusableFileError ? cause.message : message;
  return ofPart.startsWith('no header:')
    ? `${message}; Spark writes a header only with option("header", True)`
    : message;
}

/** Those in folders below are not the folder's. */
async function partsIn(bucket: Bucket, folder: string): Promise<FolderPart[]> {
  const parts: FolderPart[] = [];
  for await (const { key, etag, bytes } of bucket.objects(partPrefix(folder))) {
    if (key.includes('/', folder.length) || uploadKind({ key, bytes }) !== 'part') continue;
    if (parts.length === MAX_PARTS) {
      throw new UnusableFileError(
        `too many parts: ${folder} has more than the ${formatCount(MAX_PARTS)} that are allowed; write fewer and larger ones`,
      );
    }
    parts.push({ key, etag, ...(bytes !== undefined && { bytes }) });
  }
  return parts;
}

/** Hands a file's chunks on. */
type Watched = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/**
 * A run's parts as files to be read. Each is as it was when the run began, or cannot be opened: that throws an
 * UnusableFileError.
 */
export function partFiles(
  bucket: Bucket,
  parts: readonly FolderPart[],
  watched: Watched = (chunks) => chunks,
): InputFile[] {
  return parts.map((part) => ({ name: shownPart(part.key), open: async () => watched(await openPart(bucket, part)) }));
}

async function openPart(bucket: Bucket, part: FolderPart): Promise<AsyncIterable<Uint8Array>> {
  const { chunks, etag } = await findPart(bucket, part);
  if (etag === part.etag) return chunks;
  chunks.destroy();
  throw new UnusableFileError(`it was overwritten before it was read; ${AGAIN}`);
}

async function findPart(bucket: Bucket, { key }: FolderPart) {
  try {
    return await bucket.read(key);
  } catch (error) {
    if (!(error instanceof ObjectMissingError)) throw error;
    throw new UnusableFileError(`it was deleted before it was read; ${AGAIN}`, { cause: error });
  }
}

const AGAIN = `write the folder again, with ${MARK} last`;
