import { MARK } from '../../left-behind.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { uploadKind } from '../../run/upload-kinds.ts';
import { type Bucket, ObjectMissingError, type StoredObject } from '../../storage/bucket.ts';
import type { Calendar } from '../../transactions/calendar.ts';
import { parseDay } from '../../transactions/cells.ts';
import { assertFileSize, type FileLimits } from '../../transactions/limits.ts';
import { UnusableFileError } from '../../transactions/unusable-file.ts';

/** Object metadata of an upload that sets the day features are computed for. */
const AS_OF_METADATA = 'as-of';

/**
 * The object that the event told of; a later one under the same key belongs to a run of its own.
 * @throws UnusableFileError when it is gone or too large
 */
export async function openUpload(bucket: Bucket, upload: ObjectCreated, limits: FileLimits): Promise<StoredObject> {
  const object = await findUpload(bucket, upload);
  try {
    if (!isVersionOf(object, upload)) {
      throw new UnusableFileError(
        isMark(upload)
          ? `${MARK} was written again before it was read; the newer one has a report of its own`
          : 'the file was overwritten before it was read; the newer one has a report of its own',
      );
    }
    assertFileSize(object.bytes ?? 0, limits);
    return object;
  } catch (error) {
    object.chunks.destroy();
    throw error;
  }
}

async function findUpload(bucket: Bucket, upload: ObjectCreated): Promise<StoredObject> {
  try {
    return await bucket.read(upload.key);
  } catch (error) {
    if (!(error instanceof ObjectMissingError)) throw error;
    const reason = isMark(upload)
      ? `${MARK} was deleted before it was read; write the folder again, with ${MARK} last`
      : 'the file was deleted before it was read; upload it again';
    throw new UnusableFileError(reason, { cause: error });
  }
}

function isMark(upload: ObjectCreated): boolean {
  return uploadKind(upload) === 'mark';
}

/** The same bytes may have been stored again with another as-of day; only versions tell that. */
function isVersionOf({ etag, versionId }: StoredObject, upload: ObjectCreated): boolean {
  const isSameVersion = upload.versionId === undefined || versionId === undefined || versionId === upload.versionId;
  return etag === upload.etag && isSameVersion;
}

/**
 * The day that features are computed for: the one that the upload names, else that of the upload.
 * @returns days since the epoch
 * @throws UnusableFileError when the upload names one that cannot be read
 */
export function asOfDay({ metadata }: StoredObject, { createdAt }: ObjectCreated, calendar: Calendar): number {
  const named = metadata[AS_OF_METADATA]?.trim();
  if (named === undefined) return calendar.dayOf(createdAt.getTime());
  const day = named.length === 'YYYY-MM-DD'.length ? parseDay(named) : undefined;
  if (day !== undefined) return day;
  throw new UnusableFileError(
    `the metadata ${AS_OF_METADATA} is ${JSON.stringify(named)}, not a date as 2024-01-31 is`,
  );
}
