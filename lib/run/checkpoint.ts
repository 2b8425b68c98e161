import { mapCalls } from '../calls.ts';
import type { Bucket } from '../storage/bucket.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import { type Batch, type Checkpoint, checkpointSchema, type ScoredMember } from './contracts.ts';
import { checkpointKey } from './keys.ts';

/** What earlier invocations have stored of a batch's result; empty when they have stored nothing. */
export async function readCheckpoint(bucket: Bucket, { runId, round, batch }: Batch): Promise<Checkpoint> {
  const stored = await bucket.readJsonIfThere(checkpointKey(runId, batch, round), checkpointSchema);
  return stored ?? { version: CONTRACT_VERSION, runId, round, batch, members: [], continuations: 0 };
}

/** Adds to what is stored of a batch's result: another invocation may have stored something in the meantime. */
export async function writeCheckpoint(bucket: Bucket, own: Checkpoint): Promise<void> {
  const key = checkpointKey(own.runId, own.batch, own.round);
  for (;;) {
    const { value: stored, seen } = await bucket.readJsonToReplace(key, checkpointSchema);
    // Each time that this fails, another invocation has stored its own, and of these there are few.
    if (await bucket.replaceJson(key, stored === undefined ? own : merged(stored, own), seen)) return;
  }
}

/** Members as they were stored first. */
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
 * A batch's members in its order: as they were scored, or failed with a reason.
 *
 * @param message why members that are not among the scored ones were not scored
 */
export function withTheRestFailed(batch: Batch, scored: readonly ScoredMember[], message: string): ScoredMember[] {
  const known = new Map(scored.map((member) => [member.memberId, member]));
  return batch.members.map(
    (member) =>
      known.get(member.memberId) ?? {
        ...member,
        outcome: { status: 'FAILED', failures: [{ step: 'predict', attempts: 0, message }] },
        latency: { total: 0 },
        attempts: mapCalls(() => 0),
      },
  );
}
