import type { Bucket } from '../storage/bucket.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import type { Completion } from './contracts.ts';
import { completionKey, manifestKey, resultKey, resultPrefix } from './keys.ts';

/**
 * Completes a round of a run when all of its objects are there: the run's manifest and a result for each of the round's
 * batches. Every stage that writes one of these objects calls this afterwards, so the writer of the last one finds all
 * of them. If several do, the conditional write lets exactly one succeed.
 *
 * @returns whether this call has completed the round
 */
export async function completeIfAllIn(bucket: Bucket, { runId, round, batches }: Completion): Promise<boolean> {
  // The more batches there are, the more the listing costs. Batches are scored roughly in order, so only few calls get
  // past this check. If the last batch has no result yet, the invocation that writes it will look again.
  if (batches > 0 && !(await bucket.exists(resultKey(runId, batches, round)))) return false;
  const [hasManifest, results] = await Promise.all([
    bucket.exists(manifestKey(runId)),
    bucket.list(resultPrefix(runId, round)),
  ]);
  if (!hasManifest || results.length < batches) return false;
  const completion: Completion = { version: CONTRACT_VERSION, runId, round, batches };
  return bucket.createJson(completionKey(runId, round), completion);
}
