import { randomUUID } from 'node:crypto';
import { completeIfAllIn } from '../../run/completion.ts';
import { CONTRACT_VERSION } from '../../run/contract-version.ts';
import { type Batch, type Manifest, type Round, roundSchema } from '../../run/contracts.ts';
import { batchKey, numbersTo, resumedRoundKey, roundKey } from '../../run/keys.ts';
import { failedPart, newestOf, type Rounds, readResult, readResults } from '../../run/rounds.ts';
import type { Bucket } from '../../storage/bucket.ts';

/**
 * Opens the next round of a run that has ended, for the members whose latest result is a failure. When several callers
 * try this at the same time, only one succeeds. If it is interrupted at any point, resuming the run later goes on from
 * there.
 *
 * @param time the current time, milliseconds since the epoch
 * @returns the round; undefined when another caller has opened it
 */
export async function openRound(
  bucket: Bucket,
  { manifest, rounds }: { manifest: Manifest; rounds: Rounds },
  time: number,
): Promise<Round | undefined> {
  const { runId } = manifest;
  const own = await planRound(bucket, manifest, rounds);
  // Written first, so that the schedule finds every round, however old its run is.
  await bucket.writeJson(resumedRoundKey(runId, own.round, new Date(time)), { runId, round: own.round });
  if (!(await isFirst(bucket, own))) return undefined;
  for (const batch of numbersTo(own.of.length))
    await writeRoundBatch(bucket, { runId, rounds: [...rounds, own] }, batch);
  if (own.of.length === 0) await completeIfAllIn(bucket, { runId, round: own.round, batches: 0 });
  return own;
}

async function planRound(bucket: Bucket, { runId, batches }: Manifest, rounds: Rounds): Promise<Round> {
  const own: Round = {
    version: CONTRACT_VERSION,
    runId,
    round: newestOf(rounds) + 1,
    of: [],
    members: 0,
    openedBy: randomUUID(),
  };
  for await (const result of readResults(bucket, runId, rounds, numbersTo(batches))) {
    const failed = failedPart(result).length;
    if (failed > 0) own.of.push(result.batch);
    own.members += failed;
  }
  return own;
}

/** Stores the round's plan, unless there is one. @returns whether the stored plan is this call's */
async function isFirst(bucket: Bucket, own: Round): Promise<boolean> {
  const key = roundKey(own.runId, own.round);
  if (await bucket.createJson(key, own)) return true;
  // If S3's answer was lost, the SDK repeated the request and met the object that the first one had stored.
  return (await bucket.readJson(key, roundSchema)).openedBy === own.openedBy;
}

/** Writes a batch of a run's newest round, unless it exists: the failed members of one batch of the first round. */
export async function writeRoundBatch(
  bucket: Bucket,
  { runId, rounds }: { runId: string; rounds: Rounds },
  batch: number,
): Promise<void> {
  const newest = rounds.at(-1);
  const of = newest?.of[batch - 1];
  if (newest === undefined || of === undefined) return;
  const { round } = newest;
  const result = await readResult(bucket, runId, rounds.slice(0, -1), of);
  const own: Batch = {
    version: CONTRACT_VERSION,
    runId,
    round,
    batch,
    batches: newest.of.length,
    calls: result.calls,
    ...(result.partner !== undefined && { partner: result.partner }),
    ...(result.definition && { definition: result.definition }),
    members: failedPart(result),
  };
  await bucket.createJson(batchKey(runId, batch, round), own);
}
