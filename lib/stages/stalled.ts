import type { Bucket, ListedObject } from '../bucket.ts';
import { type Manifest, manifestSchema } from '../contracts.ts';
import {
  checkpointPrefix,
  completionKey,
  manifestKey,
  outputKey,
  RUNS_PREFIX,
  resultPrefix,
  timestampOf,
  UPLOADS_PREFIX,
} from '../layout.ts';
import { type Resumed, resumeRun } from './resume.ts';

export interface StallOptions {
  /** A run in which nothing has happened for so long is stalled, milliseconds. */
  stalledAfterMs: number;
  /** Runs and uploads that are older than this are left alone, milliseconds. */
  windowMs: number;
}

/** What was done about uploads that started no run, and runs that do not go on. */
export interface Revived {
  uploads: string[];
  runs: Resumed[];
  /** Uploads and runs of the window that have not ended after so long, whether or not they are stalled. */
  overdue: number;
}

/** How much later an upload may have been stored than its event says, milliseconds: S3 gives the one in whole seconds. */
const CLOCK_TOLERANCE_MS = 10_000;

/** A run's objects below `runs/`, and its manifest if there is one. */
interface Run {
  runId: string;
  activeAt: number;
  manifest?: Manifest;
}

/**
 * Finds uploads whose event got lost and runs that have stopped half-way, and makes them go on.
 *
 * @param time milliseconds since the epoch
 */
export async function reviveStalled(bucket: Bucket, options: StallOptions, time: number): Promise<Revived> {
  const runs = await runsSince(bucket, time - options.windowMs);
  const isStalled = (activeAt: number) => time - activeAt > options.stalledAfterMs;
  const revived: Revived = { uploads: [], runs: [], overdue: 0 };
  for await (const upload of bucket.objects(UPLOADS_PREFIX)) {
    const storedAt = upload.modifiedAt.getTime();
    if (storedAt < time - options.windowMs || !isStalled(storedAt) || !isTransactionFile(upload.key)) continue;
    if (runs.some((run) => isRunOf(run, upload, isStalled))) continue;
    await bucket.storeAgain(upload.key);
    revived.uploads.push(upload.key);
    revived.overdue += 1;
  }
  for (const { runId, manifest, activeAt } of runs) {
    if (manifest === undefined || !isStalled(activeAt) || (await hasEnded(bucket, manifest))) continue;
    revived.overdue += 1;
    if (!isStalled(await lastActivity(bucket, manifest))) continue;
    revived.runs.push(await resumeRun(bucket, runId, { retryFailed: false }));
  }
  return revived;
}

async function runsSince(bucket: Bucket, time: number): Promise<Run[]> {
  const runs = new Map<string, Run>();
  for await (const { key, modifiedAt } of bucket.objects(RUNS_PREFIX, `${RUNS_PREFIX}${timestampOf(new Date(time))}`)) {
    const runId = key.slice(RUNS_PREFIX.length).split('/')[0] ?? '';
    const run = runs.get(runId) ?? { runId, activeAt: 0 };
    run.activeAt = Math.max(run.activeAt, modifiedAt.getTime());
    if (key === manifestKey(runId)) run.manifest = await bucket.readJson(key, manifestSchema);
    runs.set(runId, run);
  }
  return [...runs.values()];
}

/** As in the events of serverless.yml. */
function isTransactionFile(key: string): boolean {
  return key.endsWith('.csv') || key.endsWith('.CSV');
}

/** A run without a manifest that is still at work may be this upload's; one that has stopped is nobody's. */
function isRunOf({ manifest, activeAt }: Run, upload: ListedObject, isStalled: (activeAt: number) => boolean): boolean {
  if (manifest === undefined) return !isStalled(activeAt);
  const { source, etag, wait } = manifest;
  return (
    source.key === upload.key && etag === upload.etag && wait.from >= upload.modifiedAt.getTime() - CLOCK_TOLERANCE_MS
  );
}

async function hasEnded(bucket: Bucket, { partner, runId }: Manifest): Promise<boolean> {
  return (await bucket.exists(completionKey(runId))) && bucket.exists(outputKey(partner, runId, 'summary'));
}

/** When the run's latest result, checkpoint or completion was stored. */
async function lastActivity(bucket: Bucket, { runId }: Manifest): Promise<number> {
  let latest = 0;
  for (const prefix of [resultPrefix(runId), checkpointPrefix(runId), completionKey(runId)]) {
    for await (const { modifiedAt } of bucket.objects(prefix)) latest = Math.max(latest, modifiedAt.getTime());
  }
  return latest;
}
