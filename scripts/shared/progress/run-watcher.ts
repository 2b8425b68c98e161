import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { type Manifest, manifestSchema } from '../../../lib/run/contracts.ts';
import { manifestKey, outputKey, progressKey } from '../../../lib/run/keys.ts';
import { readProgressSchema } from '../../../lib/run/progress.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { type Bucket, InvalidObjectError, ObjectMissingError } from '../../../lib/storage/bucket.ts';
import { type MembersDone, ResultsCounter, type Scoring } from './progress-results.ts';
import { type RunObjects, runObjectsSince } from './run-listing.ts';

/** An uploaded object as S3 describes it. */
export interface Uploaded {
  key: string;
  /** Without quotes. */
  etag: string;
  /** Time by S3's clock. */
  uploadedAt: Date;
  /** Runs that existed before the upload and so cannot belong to it. */
  earlierRuns: ReadonlySet<string>;
}

/** The state of a run at one look. */
export interface Look extends Scoring {
  /** Rows that have been read so far; absent until the run has stored a note. */
  rowsRead?: number;
  /** Absent until the file has been read and the members handed on. */
  manifest?: Manifest;
  /** Present when the run has ended. */
  summary?: Summary;
}

/** How much earlier a run may seem to begin than its upload was stored: S3 takes the two times from two clocks. */
const CLOCK_TOLERANCE_MS = 10_000;

const NOTHING_SCORED = { results: 0, members: { done: 0, failed: 0 } };

/**
 * Finds the run that an upload started and follows it: looks once for each value that the caller asks for, and ends
 * after the look that found the summary. It neither pauses nor gives up; that is up to the caller.
 *
 * @throws InvalidObjectError when the run's manifest or summary cannot be understood, and errors of S3
 */
export async function* watchRun(s3: S3Client, bucket: Bucket, upload: Uploaded): AsyncGenerator<Look, void> {
  const manifest = yield* watchReading(s3, bucket, upload);
  const counter = new ResultsCounter(bucket, manifest);
  for (;;) {
    const summary = await bucket.readJsonIfThere(outputKey(manifest.partner, manifest.runId, 'summary'), summarySchema);
    if (summary) return yield { manifest, results: manifest.batches, members: membersOf(summary), summary };
    yield { manifest, ...(await counter.look()) };
  }
}

function membersOf({ members }: Summary): MembersDone {
  return { done: members.total, failed: members.failed };
}

/** Looks until the run has a manifest. @returns the manifest */
async function* watchReading(s3: S3Client, bucket: Bucket, upload: Uploaded): AsyncGenerator<Look, Manifest> {
  const find = runFinder(s3, bucket, upload);
  for (;;) {
    const found = await find();
    if (found.manifest) return found.manifest;
    yield found.rowsRead === undefined ? NOTHING_SCORED : { ...NOTHING_SCORED, rowsRead: found.rowsRead };
  }
}

interface Found {
  manifest?: Manifest | undefined;
  rowsRead?: number | undefined;
}

/** Looks for the upload's run among the runs since the upload. A run of another upload is read only once. */
function runFinder(s3: S3Client, bucket: Bucket, upload: Uploaded): () => Promise<Found> {
  const others = new Set(upload.earlierRuns);
  const since = new Date(upload.uploadedAt.getTime() - CLOCK_TOLERANCE_MS);
  return async () => {
    for (const run of await runObjectsSince(s3, bucket.name, since)) {
      if (others.has(run.runId)) continue;
      const found = await look(upload, bucket, run);
      if (found === 'of another upload') others.add(run.runId);
      else if (found) return found;
    }
    return {};
  };
}

/** What a run's objects say about its progress; undefined when they say nothing yet. */
async function look(
  upload: Uploaded,
  bucket: Bucket,
  run: RunObjects,
): Promise<Found | 'of another upload' | undefined> {
  const { runId } = run;
  if (run.hasManifest) {
    const origin = await readIfUsable(bucket, manifestKey(runId), originSchema);
    if (!isOf(upload, origin)) return 'of another upload';
    return { manifest: await bucket.readJson(manifestKey(runId), manifestSchema) };
  }
  if (!run.hasProgress) return undefined;
  const progress = await readIfUsable(bucket, progressKey(runId), readProgressSchema);
  // A damaged note does not mean that the manifest will be damaged, so the run is looked at again.
  if (!progress) return undefined;
  return isOf(upload, progress) ? { rowsRead: progress.rows.read } : 'of another upload';
}

/** What a manifest says about its upload in every version of the service. */
const originSchema = z.object({ source: z.object({ key: z.string() }), etag: z.string() });

function isOf(upload: Uploaded, origin: z.infer<typeof originSchema> | undefined): boolean {
  return origin?.source.key === upload.key && origin.etag === upload.etag;
}

/** `undefined` when the object is gone or damaged. That is no reason to stop looking for the upload's run. */
async function readIfUsable<T>(bucket: Bucket, key: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return await bucket.readJson(key, schema);
  } catch (error) {
    if (error instanceof InvalidObjectError || error instanceof ObjectMissingError) return undefined;
    throw error;
  }
}
