import type { Bucket } from '../bucket.ts';
import { type Batch, type Checkpoint, checkpointSchema, type ScoredMember } from '../contracts.ts';
import { checkpointKey } from '../layout.ts';

/** What earlier invocations have stored of a batch's result; empty when they have stored nothing. */
export async function readCheckpoint(bucket: Bucket, { runId, batch }: Batch): Promise<Checkpoint> {
  const stored = await bucket.readJsonIfThere(checkpointKey(runId, batch), checkpointSchema);
  return stored ?? { runId, batch, members: [], continuations: 0 };
}

export async function writeCheckpoint(bucket: Bucket, checkpoint: Checkpoint): Promise<void> {
  await bucket.writeJson(checkpointKey(checkpoint.runId, checkpoint.batch), checkpoint);
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
        attempts: { ats: 0, resp: 0, offer: 0 },
      },
  );
}
