import type { Bucket } from '../bucket.ts';
import { type Manifest, manifestSchema, resultSchema, type ScoredMember, summarySchema } from '../contracts.ts';
import { batchKey, completionKey, manifestKey, outputKey, resultKey, resultPrefix } from '../layout.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { completeIfAllIn } from './completion.ts';

/** What had to be done for a run to go on. */
export type Resumed =
  | { runId: string; did: 'nothing' }
  /** Batches that had no result were started again. */
  | { runId: string; did: 'restarted batches'; batches: number[] }
  /** All results were there, but nobody had noticed. */
  | { runId: string; did: 'completed' }
  | { runId: string; did: 'restarted the report' }
  /** Batches in which some members had failed were started again, for these members alone. */
  | { runId: string; did: 'retried failed members'; batches: number[]; members: number };

/**
 * Makes a run go on from where it stands, by storing again the objects that start what is missing. A run that has
 * ended is left as it is, unless members have failed and these are to be tried again.
 *
 * @throws ObjectMissingError when there is no such run
 */
export async function resumeRun(
  bucket: Bucket,
  runId: string,
  { retryFailed }: { retryFailed: boolean },
): Promise<Resumed> {
  const manifest = await bucket.readJson(manifestKey(runId), manifestSchema);
  const missing = await batchesWithoutResult(bucket, manifest);
  if (missing.length > 0) {
    await removeCompletion(bucket, manifest);
    return restart(bucket, runId, missing);
  }
  if (!(await bucket.exists(completionKey(runId)))) {
    await completeIfAllIn(bucket, runId, manifest.batches);
    return { runId, did: 'completed' };
  }
  const summary = await bucket.readJsonIfThere(outputKey(manifest.partner, runId, 'summary'), summarySchema);
  if (summary === undefined || summary.members.total < manifest.members) {
    await bucket.storeAgain(completionKey(runId));
    return { runId, did: 'restarted the report' };
  }
  return retryFailed && summary.members.failed > 0 ? retryMembers(bucket, manifest) : { runId, did: 'nothing' };
}

async function batchesWithoutResult(bucket: Bucket, { runId, batches }: Manifest): Promise<number[]> {
  const results = new Set(await bucket.list(resultPrefix(runId)));
  const all = Array.from({ length: batches }, (_, index) => index + 1);
  return all.filter((batch) => !results.has(resultKey(runId, batch)));
}

async function restart(bucket: Bucket, runId: string, batches: number[]): Promise<Resumed> {
  for (const batch of batches) await bucket.storeAgain(batchKey(runId, batch));
  return { runId, did: 'restarted batches', batches };
}

/**
 * Turns the run into one that lacks the results of some batches, with checkpoints that hold the members which are not
 * to be called again. A result goes when its checkpoint is there, and the completion after the results, so that nobody
 * completes the run in between; wherever this is interrupted, resuming the run goes on from there.
 */
async function retryMembers(bucket: Bucket, manifest: Manifest): Promise<Resumed> {
  const { runId } = manifest;
  const batches: number[] = [];
  let members = 0;
  for (let batch = 1; batch <= manifest.batches; batch++) {
    const result = await bucket.readJson(resultKey(runId, batch), resultSchema);
    const scored = result.members.filter(isScored);
    if (scored.length === result.members.length) continue;
    members += result.members.length - scored.length;
    batches.push(batch);
    await writeCheckpoint(bucket, { runId, batch, members: scored, continuations: 0, usage: result.usage });
    await bucket.delete(resultKey(runId, batch));
  }
  await removeCompletion(bucket, manifest);
  await restart(bucket, runId, batches);
  return { runId, did: 'retried failed members', batches, members };
}

/** The run has not ended: its report is to be written again. */
async function removeCompletion(bucket: Bucket, { partner, runId }: Manifest): Promise<void> {
  await bucket.delete(outputKey(partner, runId, 'summary'));
  await bucket.delete(completionKey(runId));
}

function isScored({ outcome }: ScoredMember): boolean {
  return outcome.status === 'SCORED';
}
