import type { Bucket, CreatedObject } from '../bucket.ts';
import { batchSchema, completionSchema, manifestSchema } from '../contracts.ts';
import {
  BATCHES_PREFIX,
  COMPLETIONS_PREFIX,
  manifestKey,
  outputKey,
  resultKey,
  runIdOf,
  type Upload,
} from '../layout.ts';
import type { Announce } from '../notification/telling.ts';
import { FiguresCollector } from '../report/figures/run-figures.ts';
import { now, waited } from '../timing.ts';
import { readCheckpoint, withTheRestFailed } from './checkpoint.ts';
import { completeIfAllIn } from './completion.ts';
import { draftManifest } from './features.ts';
import { countsIn, countsMetadata, type ResultCounts } from './result-counts.ts';

/** An object whose function did not survive it. */
export type Abandoned = CreatedObject & Pick<Upload, 'etag' | 'sequencer'>;

/** What has been ended; of a batch also what became of its members. */
export type Ended = { ended: 'upload' | 'report' | 'nothing' } | ({ ended: 'batch' } & ResultCounts);

/**
 * Ends what a function could not: an upload becomes a FAILED run, a batch's members that have not been scored are
 * failed, a report that cannot be written is told of in the summary. What has come to be in the meantime stays.
 *
 * @param reason for people: which function failed how
 * @param announce is called when that ends the run
 */
export async function giveUp(
  bucket: Bucket,
  abandoned: Abandoned,
  reason: string,
  announce?: Announce,
): Promise<Ended> {
  if (abandoned.key.startsWith(BATCHES_PREFIX)) return giveUpBatch(bucket, abandoned, reason);
  if (abandoned.key.startsWith(COMPLETIONS_PREFIX)) return giveUpReport(bucket, abandoned, reason, announce);
  return giveUpUpload(bucket, abandoned, reason);
}

async function giveUpUpload(
  bucket: Bucket,
  { key, etag, sequencer, createdAt }: Abandoned,
  reason: string,
): Promise<Ended> {
  const upload = { bucket: bucket.name, key, etag, sequencer, uploadedAt: createdAt };
  const manifest = { ...draftManifest(upload, now()), reason };
  const ended = await bucket.createJson(manifestKey(runIdOf(upload)), manifest);
  const { runId, batches } = await bucket.readJson(manifestKey(runIdOf(upload)), manifestSchema);
  await completeIfAllIn(bucket, runId, batches);
  return { ended: ended ? 'upload' : 'nothing' };
}

async function giveUpBatch(bucket: Bucket, { key, createdAt }: Abandoned, reason: string): Promise<Ended> {
  const batch = await bucket.readJson(key, batchSchema);
  const checkpoint = await readCheckpoint(bucket, batch);
  const members = withTheRestFailed(batch, checkpoint.members, reason);
  const { usage } = checkpoint;
  const result = { ...batch, members, wait: waited(createdAt, now()), spans: {}, ...(usage && { usage }) };
  const ended = await bucket.createJson(resultKey(batch.runId, batch.batch), result, countsMetadata(members));
  await completeIfAllIn(bucket, batch.runId, batch.batches);
  return ended ? { ended: 'batch', ...countsIn(members) } : { ended: 'nothing' };
}

async function giveUpReport(
  bucket: Bucket,
  { key, createdAt }: Abandoned,
  reason: string,
  announce?: Announce,
): Promise<Ended> {
  const { runId } = await bucket.readJson(key, completionSchema);
  const manifest = await bucket.readJson(manifestKey(runId), manifestSchema);
  const { summary } = new FiguresCollector(manifest, waited(createdAt, now())).figures(now());
  const failed = { ...summary, status: 'FAILED', reason } as const;
  if (!(await bucket.createJson(outputKey(manifest.partner, runId, 'summary'), failed))) return { ended: 'nothing' };
  await announce?.(bucket, failed);
  return { ended: 'report' };
}
