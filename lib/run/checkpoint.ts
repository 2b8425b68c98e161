import { mapNames } from '../registry.ts';
import type { Bucket } from '../storage/bucket.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import { type Batch, type Checkpoint, checkpointSchema, PREDICT_STEP, type ScoredMember } from './contracts.ts';
import { checkpointKey } from './keys.ts';

/** The part of a batch's result that earlier invocations have stored; without members when there is none. */
export async function readCheckpoint(bucket: Bucket, { runId, round, batch }: Batch): Promise<Checkpoint> {
  const stored = await bucket.readJsonIfThere(checkpointKey(runId, batch, round), checkpointSchema);
  return stored ?? { version: CONTRACT_VERSION, runId, round, batch, members: [], continuations: 0 };
}

/** Merges a checkpoint into the stored one, because another invocation may have stored members in the meantime. */
export async function writeCheckpoint(bucket: Bucket, own: Checkpoint): Promise<void> {
  const key = checkpointKey(own.runId, own.batch, own.round);
  for (;;) {
    const { value: stored, seen } = await bucket.readJsonToReplace(key, checkpointSchema);
    // When this fails, another invocation has just stored its checkpoint. There are few of those: the loop ends soon.
    if (await bucket.replaceJson(key, stored === undefined ? own : merged(stored, own), seen)) return;
  }
}

/** Both checkpoints in one. A member that is in both stays as it was stored first. */
function merged(stored: Checkpoint, own: Checkpoint): Checkpoint {
  const known = new Set(stored.members.map(({ memberId }) => memberId));
  return {
    ...own,
    version: CONTRACT_VERSION,
    members: [...stored.members, ...own.members.filter(({ memberId }) => !known.has(memberId))],
    continuations: Math.max(stored.continuations, own.continuations),
  };
}

/**
 * All members of a batch, in the batch's order: those in `scored` as they are there, all others as failed.
 *
 * @param message why the other members were not scored
 */
export function withTheRestFailed(batch: Batch, scored: readonly ScoredMember[], message: string): ScoredMember[] {
  const known = new Map(scored.map((member) => [member.memberId, member]));
  return batch.members.map(
    (member) =>
      known.get(member.memberId) ?? {
        ...member,
        outcome: { status: 'FAILED', failures: [{ step: PREDICT_STEP, attempts: 0, message }] },
        latency: { total: 0 },
        attempts: mapNames(batch.calls, () => 0),
      },
  );
}
