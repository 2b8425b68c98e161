import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '../storage/bucket.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import type { Manifest } from './contracts.ts';
import { endKey, noticeKey, outputKey } from './keys.ts';
import { type Edition, type End, endSchema, type Summary, summarySchema } from './summary.ts';

/** Tells that a run has ended. */
export type Notify = (summary: Summary) => Promise<void>;

/**
 * Tells whoever wants to know that a round has ended, unless it ended as the one before, and notes both in the bucket.
 * Only who has written the summary may call this, or its next attempt: then hardly anybody is told twice, see
 * docs/reliability.md.
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
  // A report that could not be written, and was told of, may have been written all the same.
  const told = known ?? (await endBefore(bucket, runId, round));
  if (!isSame(told, end)) await notify?.(summary);
  await bucket.replaceJson(endKey(runId, round), end, seen);
}

/** Whether two rounds came to the same, whichever version of the service has noted it. */
function isSame(one: End | undefined, other: End): boolean {
  return one?.status === other.status && isDeepStrictEqual(one.members, other.members);
}

async function endBefore(bucket: Bucket, runId: string, round: number): Promise<End | undefined> {
  const end = round === 1 ? undefined : await bucket.readJsonIfThere(endKey(runId, round - 1), endSchema);
  return end ?? bucket.readJsonIfThere(noticeKey(runId), endSchema);
}

/**
 * Does what an earlier attempt at the same event has left to do, when the summary is its own.
 * @param there what was seen of the summary
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
