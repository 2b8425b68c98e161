import { type Bucket, ObjectMissingError, type StoredObject } from '../bucket.ts';
import { type Manifest, manifestSchema } from '../contracts.ts';
import { Meter } from '../cost/meter.ts';
import { manifestKey, partnerOf, runIdOf, type Upload } from '../layout.ts';
import { FeatureTable } from '../members/features.ts';
import { Ledger } from '../members/ledger.ts';
import { now, StepTimer, waited } from '../timing.ts';
import { MS_PER_DAY, parseDay } from '../transactions/cells.ts';
import { UnusableFileError } from '../transactions/columns.ts';
import { assertFileSize, DEFAULT_LIMITS, type FileLimits } from '../transactions/limits.ts';
import { TransactionReader } from '../transactions/reader.ts';
import { type Batching, planBatches, writeBatches } from './batches.ts';
import { completeIfAllIn, handOver } from './completion.ts';
import { ReadProgress } from './read-progress.ts';
import { RejectedRowsWriter } from './rejected-rows.ts';

/** Object metadata of an upload that sets the day features are computed for. */
const AS_OF_METADATA = 'as-of';

export interface PrepareOptions {
  limits?: FileLimits;
  /** What the function is set to, if that is known. */
  memoryMb?: number | undefined;
}

/**
 * The features stage: reads an upload and writes its members, with their features, as batches, then the manifest. A
 * file that cannot be used becomes a manifest that says why, and no batches.
 *
 * The manifest is written last: where it is, all batches are, so an event that is delivered again has nothing to do.
 */
export async function prepareRun(
  bucket: Bucket,
  upload: Upload,
  batching: Batching,
  { limits = DEFAULT_LIMITS, memoryMb }: PrepareOptions = {},
): Promise<Manifest> {
  const meter = new Meter(bucket, memoryMb);
  const key = manifestKey(runIdOf(upload));
  const known = await bucket.readJsonIfThere(key, manifestSchema);
  const draft = draftManifest(upload, meter.startedAt);
  const progress = new ReadProgress(bucket, draft);
  const begun = { manifest: draft, meter, progress, batching, limits };
  const manifest = known ?? (await readUpload(bucket, upload, begun));
  if (known === undefined) await bucket.createJson(key, manifest);
  await completeIfAllIn(bucket, manifest.runId, manifest.batches);
  // Only now: the run must not wait for it.
  await progress.settled();
  return manifest;
}

/** A run that has begun: what is to become its manifest, what tells of it meanwhile, and what it keeps to. */
interface Begun {
  manifest: Manifest;
  meter: Meter;
  progress: ReadProgress;
  batching: Batching;
  limits: FileLimits;
}

async function readUpload(
  bucket: Bucket,
  upload: Upload,
  { manifest, meter, progress, batching, limits }: Begun,
): Promise<Manifest> {
  const rejectedRows = new RejectedRowsWriter(bucket, manifest.runId);
  const ledger = new Ledger();
  try {
    const object = await openUpload(bucket, upload, limits);
    const asOf = asOfDay(object, upload);
    manifest.asOf = isoDay(asOf);
    const reader = new TransactionReader(ledger, asOf, (rows) => rejectedRows.write(rows), limits);
    manifest.rows = reader.counts;
    manifest.steps.push(await timeRead(reader, progress.of(object.chunks)));
    const table = timeTransform(ledger, asOf, manifest.steps);
    const plan = planBatches(manifest.runId, ledger.size, batching);
    const { batches, step } = await writeBatches(bucket, plan, ledger, table);
    manifest.steps.push(step);
    manifest.members = ledger.size;
    manifest.batches = batches;
  } catch (error) {
    if (!(error instanceof UnusableFileError)) {
      rejectedRows.abandon(error);
      throw error;
    }
    manifest.reason = error.message;
  }
  await rejectedRows.close();
  manifest.finishedAt = new Date(now()).toISOString();
  manifest.usage = meter.usage(handOver(manifest.batches));
  return manifest;
}

export function draftManifest(upload: Upload, startedAt: number): Manifest {
  const { bucket, key, etag, uploadedAt } = upload;
  return {
    runId: runIdOf(upload),
    partner: partnerOf(key),
    source: { bucket, key },
    etag,
    asOf: null,
    rows: { read: 0, accepted: 0, rejected: 0, imputed: 0 },
    members: 0,
    batches: 0,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(startedAt).toISOString(),
    wait: waited(uploadedAt, startedAt),
    steps: [],
  };
}

/** The object that the event told of; a later one under the same key belongs to a run of its own. */
async function openUpload(bucket: Bucket, upload: Upload, limits: FileLimits): Promise<StoredObject> {
  const object = await findUpload(bucket, upload);
  try {
    if (object.etag !== upload.etag) {
      throw new UnusableFileError('the file was overwritten before it was read; the newer one has a report of its own');
    }
    assertFileSize(object.bytes ?? 0, limits);
    return object;
  } catch (error) {
    object.chunks.destroy();
    throw error;
  }
}

async function findUpload(bucket: Bucket, upload: Upload): Promise<StoredObject> {
  try {
    return await bucket.read(upload.key);
  } catch (error) {
    if (!(error instanceof ObjectMissingError)) throw error;
    throw new UnusableFileError('the file was deleted before it was read; upload it again', { cause: error });
  }
}

/** @returns days since the epoch */
function asOfDay({ metadata }: StoredObject, { uploadedAt }: Upload): number {
  const named = metadata[AS_OF_METADATA]?.trim();
  if (named === undefined) return Math.floor(uploadedAt.getTime() / MS_PER_DAY);
  const day = named.length === 'YYYY-MM-DD'.length ? parseDay(named) : undefined;
  if (day !== undefined) return day;
  throw new UnusableFileError(
    `the metadata ${AS_OF_METADATA} is ${JSON.stringify(named)}, not a date as 2024-01-31 is`,
  );
}

function isoDay(daysSinceEpoch: number): string {
  return new Date(daysSinceEpoch * MS_PER_DAY).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

async function timeRead(reader: TransactionReader, chunks: AsyncIterable<Uint8Array>) {
  const timer = new StepTimer({ step: 'read', unit: 'file', items: 'rows' });
  const from = now();
  await reader.read(chunks);
  timer.stop(from, reader.counts.read);
  return timer.statistics();
}

/** Computes the features; adds the transformation's own step and one for each feature. */
function timeTransform(ledger: Ledger, asOf: number, steps: Manifest['steps']): FeatureTable {
  const timer = new StepTimer({ step: 'transform', unit: 'file', items: 'members' });
  const from = now();
  const table = new FeatureTable(ledger, asOf);
  timer.stop(from, ledger.size);
  steps.push(timer.statistics(), ...table.steps);
  return table;
}
