import { randomUUID } from 'node:crypto';
import { FiguresCollector } from '../../report/figures/run-figures.ts';
import { readCheckpoint, withTheRestFailed } from '../../run/checkpoint.ts';
import { completeIfAllIn } from '../../run/completion.ts';
import { CONTRACT_VERSION } from '../../run/contract-version.ts';
import { batchSchema, completionSchema, type Manifest, manifestSchema, type Plan } from '../../run/contracts.ts';
import { endRound, endRoundOf, type Notify } from '../../run/end.ts';
import { BATCHES_PREFIX, COMPLETIONS_PREFIX, manifestKey, resultKey, runIdOf } from '../../run/keys.ts';
import { draftManifest } from '../../run/manifest.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { conclude, failedManifest, firstPlan, manifestOfWritten } from '../../run/plan.ts';
import { requestsOf } from '../../run/requests.ts';
import { countsIn, countsMetadata, type ResultCounts } from '../../run/result-counts.ts';
import { hasReport, isSettled, readStoredReport, writeSummary } from '../../run/stored-report.ts';
import type { Edition, Summary } from '../../run/summary.ts';
import { startsRun } from '../../run/upload-kinds.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now, waited } from '../../timing/clock.ts';

/** What `endAbandoned` has ended; for a batch also how many of its members were scored and how many failed. */
export type Ended = { ended: 'upload' | 'report' | 'nothing' } | ({ ended: 'batch' } & ResultCounts);

export interface EndOptions {
  /** Called with the summary when the round has ended. */
  notify?: Notify;
  /** An id that all attempts at the failed invocation share. */
  attempt?: string;
}

/**
 * Ends what a function could not finish: an upload becomes a FAILED run, the members of a batch that are not scored yet
 * become failed members, and a report that cannot be written becomes a FAILED summary. Objects that another invocation
 * has stored in the meantime stay as they are.
 *
 * @param reason which function failed and how, in words for people
 */
export async function endAbandoned(
  bucket: Bucket,
  abandoned: ObjectCreated,
  reason: string,
  options: EndOptions = {},
): Promise<Ended> {
  if (abandoned.key.startsWith(BATCHES_PREFIX)) return endBatch(bucket, abandoned, reason);
  if (abandoned.key.startsWith(COMPLETIONS_PREFIX)) return endReport(bucket, abandoned, reason, options);
  return endUpload(bucket, abandoned, reason);
}

async function endUpload(bucket: Bucket, upload: ObjectCreated, reason: string): Promise<Ended> {
  if (!startsRun(upload)) return { ended: 'nothing' };
  const runId = runIdOf(upload);
  const known = await bucket.readJsonIfThere(manifestKey(runId), manifestSchema);
  const own = { ...draftManifest(upload, now()), reason, batchSize: 0 };
  const manifest = known ?? (await manifestOfPlanned(bucket, own));
  const stored = await conclude(bucket, manifest);
  return { ended: stored.reason === reason ? 'upload' : 'nothing' };
}

/** If all batches were written before the last attempt of the function failed, nothing is lost: the run goes on. */
async function manifestOfPlanned(bucket: Bucket, own: Plan & { reason: string }): Promise<Manifest> {
  const plan = await firstPlan(bucket, own);
  return (await manifestOfWritten(bucket, plan)) ?? failedManifest(plan, plan.reason ?? own.reason);
}

async function endBatch(bucket: Bucket, { key, createdAt }: ObjectCreated, reason: string): Promise<Ended> {
  const batch = await bucket.readJson(key, batchSchema);
  const checkpoint = await readCheckpoint(bucket, batch);
  const members = withTheRestFailed(batch, checkpoint.members, reason);
  const result = {
    ...batch,
    version: CONTRACT_VERSION,
    members,
    wait: waited(createdAt, now()),
    spans: checkpoint.spans ?? {},
    usage: checkpoint.usage,
    requests: requestsOf(checkpoint),
  };
  const resultIs = resultKey(batch.runId, batch.batch, batch.round);
  const ended = await bucket.createJson(resultIs, result, countsMetadata(members));
  await completeIfAllIn(bucket, batch);
  return ended ? { ended: 'batch', ...countsIn(members) } : { ended: 'nothing' };
}

async function endReport(
  bucket: Bucket,
  { key, createdAt }: ObjectCreated,
  reason: string,
  { notify, attempt = randomUUID() }: EndOptions,
): Promise<Ended> {
  const { runId, round = 1 } = await bucket.readJson(key, completionSchema);
  const manifest = await bucket.readJson(manifestKey(runId), manifestSchema);
  const storedReport = await readStoredReport(bucket, manifest);
  const edition: Edition = { round, completedAt: createdAt.toISOString(), writtenBy: attempt, failed: true };
  if (isSettled(storedReport.edition, edition) || hasReport(storedReport, manifest, round)) {
    await endRoundOf(bucket, manifest, storedReport.edition, edition, notify);
    return { ended: 'nothing' };
  }
  const { summary } = new FiguresCollector(manifest, waited(createdAt, now())).figures(now());
  const failed: Summary = { ...summary, status: 'FAILED', reason, edition };
  await writeSummary(bucket, failed, storedReport);
  await endRound(bucket, failed, round, notify);
  return { ended: 'report' };
}
