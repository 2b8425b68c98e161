import { revivedUploadKey } from '../../run/keys.ts';
import type { Bucket, ListedObject } from '../../storage/bucket.ts';

/**
 * Claims an upload that has no run, in order to store it again: two that did so would make two runs of it. A claim that
 * nothing came of holds until it is older than a time.
 *
 * @param time milliseconds since the epoch
 * @param expiredBefore milliseconds since the epoch
 * @returns whether it is this call's
 */
export async function claimUpload(
  bucket: Bucket,
  upload: ListedObject,
  { time, expiredBefore }: { time: number; expiredBefore: number },
): Promise<boolean> {
  const key = revivedUploadKey(upload);
  const claim = { upload: upload.key, claimedAt: new Date(time).toISOString() };
  if (await bucket.createJson(key, claim)) return true;
  const [earlier] = await Array.fromAsync(bucket.objects(key));
  if (earlier === undefined || earlier.modifiedAt.getTime() > expiredBefore) return false;
  return bucket.replaceJson(key, claim, earlier.etag);
}
