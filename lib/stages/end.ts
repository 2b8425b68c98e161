import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '../bucket.ts';
import { type Edition, type End, endSchema, type Manifest, type Summary, summarySchema } from '../contracts.ts';
import { endKey, noticeKey, outputKey } from '../layout.ts';
import type { Announce } from '../notification/telling.ts';

/**
 * Tells whoever wants to know that a round has ended, unless it ended as the one before, and notes both in the bucket.
 * Only who has written the summary may call this, or its next attempt: then hardly anybody is told twice, see
 * docs/reliability.md.
 */
export async function endRound(bucket: Bucket, summary: Summary, announce: Announce | undefined): Promise<void> {
  const { runId, status, members, edition } = summary;
  const round = edition?.round ?? 1;
  if (await bucket.exists(endKey(runId, round))) return;
  const end: End = { status, members };
  if (!isDeepStrictEqual(await endBefore(bucket, runId, round), end)) await announce?.(summary);
  await bucket.createJson(endKey(runId, round), end);
}

async function endBefore(bucket: Bucket, runId: string, round: number): Promise<End | undefined> {
  const end = round === 1 ? undefined : await bucket.readJsonIfThere(endKey(runId, round - 1), endSchema);
  return end ?? bucket.readJsonIfThere(noticeKey(runId), endSchema);
}

/** Does what an earlier attempt at the same event has left to do, when the summary is its own. */
export async function endRoundOf(
  bucket: Bucket,
  { partner, runId }: Pick<Manifest, 'partner' | 'runId'>,
  { writtenBy }: Edition,
  announce: Announce | undefined,
): Promise<void> {
  const summary = await bucket.readJsonIfThere(outputKey(partner, runId, 'summary'), summarySchema);
  if (summary?.edition?.writtenBy === writtenBy) await endRound(bucket, summary, announce);
}
