import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '../storage/bucket.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import type { Manifest } from './contracts.ts';
import { endKey, noticeKey, outputKey } from './keys.ts';
import { type Edition, type End, endSchema, type Summary, summarySchema } from './summary.ts';

/** Sends the notification that a round of a run has ended. */
export type Notify = (summary: Summary) => Promise<void>;

/**
 * Sends the notification that a round has ended, unless it ended like the round before, and records the end in the
 * bucket. Only the invocation that has written the summary may call this, or a later attempt at the same event: then
 * hardly anybody is notified twice, see docs/reliability.md.
 */
export async function endRound(
  bucket: Bucket,
  summary: Summary,
  round: number,
  notify: Notify | undefined,
): Promise<void> {
  const { runId, status, members } = summary;
  const end: End = { version: CONTRACT_VERSION, status, members };
  const { value: known, seen } = await bucket.readJsonToReplace(endKey(runId, round), endSchema);
  if (isSame(known, end)) return;
  // The same round may have been notified before: as failed, although its report was written after all.
  const told = known ?? (await endBefore(bucket, runId, round));
  if (!isSame(told, end)) await notify?.(summary);
  await bucket.replaceJson(endKey(runId, round), end, seen);
}

/** Whether two rounds ended alike, whichever versions of the service have recorded them. */
function isSame(one: End | undefined, other: End): boolean {
  return one?.status === other.status && isDeepStrictEqual(one.members, other.members);
}

async function endBefore(bucket: Bucket, runId: string, round: number): Promise<End | undefined> {
  const end = round === 1 ? undefined : await bucket.readJsonIfThere(endKey(runId, round - 1), endSchema);
  return end ?? bucket.readJsonIfThere(noticeKey(runId), endSchema);
}

/**
 * Ends a round for which an earlier attempt at the same event has written the summary, in case it has not ended it.
 * @param there the edition of the stored summary
 */
export async function endRoundOf(
  bucket: Bucket,
  { partner, runId }: Pick<Manifest, 'partner' | 'runId'>,
  there: Edition | undefined,
  { round, writtenBy }: Edition,
  notify: Notify | undefined,
): Promise<void> {
  if (there?.writtenBy !== writtenBy) return;
  const summary = await bucket.readJsonIfThere(outputKey(partner, runId, 'summary'), summarySchema);
  if (summary?.edition?.writtenBy === writtenBy) await endRound(bucket, summary, round, notify);
}
