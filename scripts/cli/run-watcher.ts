import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { type Bucket, InvalidObjectError, ObjectMissingError } from '../../lib/bucket.ts';
import { type Manifest, manifestSchema, type Summary, summarySchema } from '../../lib/contracts.ts';
import { manifestKey, RUNS_PREFIX, resultPrefix, summaryKey, timestampOf } from '../../lib/layout.ts';

/** An object that was uploaded, as S3 knows it. */
export interface Uploaded {
  key: string;
  /** Without quotes. */
  etag: string;
  /** By S3's clock. */
  uploadedAt: Date;
  /** Runs that were there before the upload and so cannot be its own. */
  earlierRuns: ReadonlySet<string>;
}

/** How far a run has come. */
export interface Look {
  /** Absent until the file has been read. */
  manifest?: Manifest;
  /** Batches that have their result. */
  results: number;
  /** Present when the run has ended. */
  summary?: Summary;
}

/** How much earlier a run may seem to begin than its upload was stored: S3 notes both with clocks of its own. */
const CLOCK_TOLERANCE_MS = 10_000;

/**
 * Finds the run that an upload started and follows it: looks once whenever the next value is asked for, and ends after
 * the look that found the summary. It neither pauses nor gives up; that is for the caller.
 *
 * @throws InvalidObjectError when the run's manifest or summary cannot be understood, and what S3 answers
 */
export async function* watchRun(s3: S3Client, bucket: Bucket, upload: Uploaded): AsyncGenerator<Look, void> {
  const find = runFinder(s3, bucket, upload);
  let manifest = await find();
  while (!manifest) {
    yield { results: 0 };
    manifest = await find();
  }
  for (;;) {
    const summary = await bucket.readJsonIfThere(summaryKey(manifest.partner, manifest.runId), summarySchema);
    if (summary) return yield { manifest, results: manifest.batches, summary };
    yield { manifest, results: (await bucket.list(resultPrefix(manifest.runId))).length };
  }
}

/** The ids of the runs that began after a time. One LIST, or as many as there are pages. */
export async function runsSince(s3: S3Client, bucket: string, time: Date): Promise<string[]> {
  // A key of the same second sorts after its bare timestamp.
  const query = { Bucket: bucket, Prefix: RUNS_PREFIX, StartAfter: `${RUNS_PREFIX}${timestampOf(time)}` };
  const runIds: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, query)) {
    for (const { Key = '' } of Contents) {
      const [, runId = ''] = Key.split('/');
      if (Key === manifestKey(runId)) runIds.push(runId);
    }
  }
  return runIds;
}

/** What a manifest says about its upload in every version of the service. */
const originSchema = z.object({ source: z.object({ key: z.string() }), etag: z.string() });

/** Looks for the upload's manifest among the runs since the upload; a manifest of another upload is read only once. */
function runFinder(s3: S3Client, bucket: Bucket, upload: Uploaded) {
  const others = new Set(upload.earlierRuns);
  const since = new Date(upload.uploadedAt.getTime() - CLOCK_TOLERANCE_MS);
  return async (): Promise<Manifest | undefined> => {
    for (const runId of await runsSince(s3, bucket.name, since)) {
      if (others.has(runId)) continue;
      if (await isRunOf(upload, bucket, runId)) return bucket.readJson(manifestKey(runId), manifestSchema);
      others.add(runId);
    }
    return undefined;
  };
}

async function isRunOf(upload: Uploaded, bucket: Bucket, runId: string): Promise<boolean> {
  try {
    const { source, etag } = await bucket.readJson(manifestKey(runId), originSchema);
    return source.key === upload.key && etag === upload.etag;
  } catch (error) {
    // A manifest that somebody has removed or spoiled is no reason to stop looking for ours.
    if (error instanceof InvalidObjectError || error instanceof ObjectMissingError) return false;
    throw error;
  }
}
