import type { Bucket } from '../bucket.ts';
import type { Completion } from '../contracts.ts';
import { completionKey, manifestKey, resultPrefix } from '../layout.ts';

/**
 * Completes a run when everything is in: its manifest and a result for each batch. Every stage that writes one of
 * these calls this after writing, so whoever writes the last one finds all of them; the conditional write lets exactly
 * one of several succeed.
 */
export async function completeIfAllIn(bucket: Bucket, runId: string, batches: number): Promise<boolean> {
  const results = await bucket.list(resultPrefix(runId));
  if (results.length < batches || !(await bucket.exists(manifestKey(runId)))) return false;
  return bucket.createJson(completionKey(runId), { runId, batches } satisfies Completion);
}
