import { revivedUploadKey } from '../../run/keys.ts';
import type { Bucket, ListedObject } from '../../storage/bucket.ts';

/**
 * Claims an upload that has no run, before it is stored again: if two callers stored it, it would get two runs. A claim
 * that has not led to a run expires.
 *
 * @param time the current time, milliseconds since the epoch
 * @param expiredBefore a claim that was made before this time has expired; milliseconds since the epoch
 * @returns whether the claim is this call's
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
