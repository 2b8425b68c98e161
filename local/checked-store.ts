import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import S3Error from '@20minutes/s3rver/lib/models/error.js';
import type { Metadata } from '@20minutes/s3rver/lib/models/object.js';
import FilesystemStore, { type Written } from '@20minutes/s3rver/lib/stores/filesystem.js';

const MOST_PARTS = 10_000;

/** The emulator's files, with no request having a say in where they lie: each name that becomes a path is checked. */
export class CheckedStore extends FilesystemStore {
  override getBucketPath(bucket: string): string {
    assertBucket(bucket);
    return super.getBucketPath(bucket);
  }

  override getResourcePath(bucket: string, key: string | undefined, resource: string): string {
    assertBucket(bucket);
    assertKey(key ?? '');
    return super.getResourcePath(bucket, key, resource);
  }

  override async initiateUpload(bucket: string, key: string, uploadId: string, metadata: Metadata): Promise<void> {
    assertKey(key);
    await super.initiateUpload(bucket, key, uploadId, metadata);
  }

  override async putPart(bucket: string, uploadId: string, part: string, content: Readable | Buffer): Promise<Written> {
    assertUploadId(uploadId);
    assertPartNumber(part);
    return super.putPart(bucket, uploadId, part, content);
  }
}

/**
 * Whether a key is, as the path of a file, read as what it is. `a/../b`, `a//b`, `/a` and the like would be other keys'
 * files, or lie outside of the bucket. S3 itself takes them.
 */
export function isKey(key: string): boolean {
  return !key.includes('\0') && posix.join('/', key) === `/${key}`;
}

/** @throws S3Error InvalidArgument */
export function assertKey(key: string): void {
  if (isKey(key)) return;
  throw new S3Error(
    'InvalidArgument',
    `The key ${JSON.stringify(key)} cannot be had here, where objects are files: "..", "." and empty segments, a slash in front and NUL are not taken`,
    { ArgumentName: 'key' },
  );
}

/** An id is of the emulator's making. @throws S3Error NoSuchUpload */
export function assertUploadId(uploadId: string): void {
  if (!/^[0-9a-f]+$/.test(uploadId)) throw noSuchUpload();
}

export function noSuchUpload(): S3Error {
  return new S3Error('NoSuchUpload', 'The upload does not exist; it may have been aborted or completed');
}

function assertBucket(name: string): void {
  if (name !== '' && !name.includes('/') && isKey(name)) return;
  throw new S3Error('InvalidBucketName', `There can be no bucket of the name ${JSON.stringify(name)}`);
}

function assertPartNumber(text: string): void {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= MOST_PARTS) return;
  throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`, {
    ArgumentName: 'partNumber',
  });
}
