import type { Bucket } from '../storage/bucket.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import type { Completion } from './contracts.ts';
import { completionKey, manifestKey, resultKey, resultPrefix } from './keys.ts';

/**
 * Completes a round of a run when everything is in: the run's manifest and a result for each of the round's batches.
 * Every stage that writes one of these calls this after writing, so whoever writes the last one finds all of them; the
 * conditional write lets exactly one of several succeed.
 */
export async function completeIfAllIn(bucket: Bucket, { runId, round, batches }: Completion): Promise<boolean> {
  // Batches are scored about in their order. While the last one's result is not there, whoever writes it will look
  // again, and all else, of which the listing costs more the more batches there are, is left to the few that end after
  // it.
  if (batches > 0 && !(await bucket.exists(resultKey(runId, batches, round)))) return false;
  const [hasManifest, results] = await Promise.all([
    bucket.exists(manifestKey(runId)),
    bucket.list(resultPrefix(runId, round)),
  ]);
  if (!hasManifest || results.length < batches) return false;
  const completion: Completion = { version: CONTRACT_VERSION, runId, round, batches };
  return bucket.createJson(completionKey(runId, round), completion);
}
