import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { uploadKey } from '../../lib/run/keys.ts';
import { CommandError, messageOf } from '../shared/command.ts';
import { runObjectsSince } from '../shared/progress/run-listing.ts';
import type { Uploaded } from '../shared/progress/run-watcher.ts';

/** S3 refuses requests when the local clock differs by more than this, so a search may begin so much earlier. */
const CLOCK_SKEW_MS = 15 * 60_000;

export interface FileToUpload {
  path: string;
  partner: string;
  /** `YYYY-MM-DD`, when features are to be computed for another day than that of the upload. */
  asOf: string | undefined;
}

/** Instead of a path: the file is read from standard input. */
const STANDARD_INPUT = '-';

/** The key a file is uploaded to: its own name, because any name starts a run. */
export function keyFor({ path, partner }: Pick<FileToUpload, 'path' | 'partner'>): string {
  return uploadKey(partner, path === STANDARD_INPUT ? 'stdin' : basename(path));
}

/**
 * The size of a file in bytes; undefined for standard input.
 *
 * @throws CommandError when the file cannot be read or is not a file
 */
export async function sizeOfFile(path: string): Promise<number | undefined> {
  if (path === STANDARD_INPUT) return undefined;
  try {
    // Without opening it: to open a pipe would wait for its writer.
    const stats = await stat(path);
    if (!stats.isFile()) throw new CommandError(`${path} is not a file`);
    await access(path, constants.R_OK);
    return stats.size;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

/**
 * Uploads a file in parts while it is read, so that its size does not matter.
 *
 * @param onProgress is called with the number of bytes sent so far
 * @throws AbortError when the signal aborts, after S3 has been asked to delete the parts
 */
export async function uploadFile(
  s3: S3Client,
  bucket: string,
  file: FileToUpload,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (bytes: number) => void },
): Promise<Uploaded> {
  signal.throwIfAborted();
  const key = keyFor(file);
  const runs = await runObjectsSince(s3, bucket, new Date(Date.now() - CLOCK_SKEW_MS));
  const earlierRuns = new Set(runs.map(({ runId }) => runId));
  const body = file.path === STANDARD_INPUT ? process.stdin : createReadStream(file.path);
  const upload = new Upload({
    client: s3,
    params: {
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: /\.csv$/i.test(key) ? 'text/csv' : 'application/octet-stream',
      Metadata: file.asOf === undefined ? {} : { 'as-of': file.asOf },
    },
  });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onProgress(loaded));
  const abort = () => void upload.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const { ETag = '' } = await upload.done();
    const { LastModified = new Date() } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { key, etag: ETag.replaceAll('"', ''), uploadedAt: LastModified, earlierRuns };
  } finally {
    signal.removeEventListener('abort', abort);
    // Otherwise this process would wait for the rest of standard input.
    body.destroy();
  }
}
