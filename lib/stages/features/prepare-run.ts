import { Meter } from '../../cost/meter.ts';
import { MemberAggregates } from '../../members/aggregates.ts';
import { FeatureTable } from '../../members/feature-table.ts';
import { featuresNamed } from '../../members/features.ts';
import { type Manifest, manifestSchema, type Plan } from '../../run/contracts.ts';
import { manifestKey, runIdOf } from '../../run/keys.ts';
import { draftManifest } from '../../run/manifest.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { conclude, decide, manifestOfWritten, readPlan } from '../../run/plan.ts';
import { RejectedRowsWriter } from '../../run/rejected-rows.ts';
import { READ, TRANSFORM } from '../../run/steps.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';
import { StepTimer } from '../../timing/step-timer.ts';
import { parseDay } from '../../transactions/cells.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../../transactions/limits.ts';
import { TransactionReader } from '../../transactions/reader.ts';
import { UnusableFileError } from '../../transactions/unusable-file.ts';
import { type Batching, type Beginning, beginningByFirstBatch, type Cut, cutMembers, writeBatches } from './batches.ts';
import { asOfDay, isoDay, openUpload } from './open-upload.ts';
import { ReadProgress } from './read-progress.ts';

export interface PrepareOptions {
  limits?: FileLimits;
  /** What the function is set to, if that is known. */
  memoryMb?: number | undefined;
}

/**
 * The features stage: reads an upload, decides on a plan, and writes its members, with their features, as batches, then
 * the manifest. A file that cannot be used becomes a manifest that says why, and no batches.
 *
 * The plan comes first, so that all attempts go by the same; the manifest is last: where it is, all batches are, and an
 * event that is delivered again has nothing to do.
 *
 * @throws PlanConflictError when another attempt has decided on something else, which the next one then goes by
 */
export async function prepareRun(
  bucket: Bucket,
  upload: ObjectCreated,
  batching: Batching,
  { limits = DEFAULT_LIMITS, memoryMb }: PrepareOptions = {},
): Promise<Manifest> {
  const meter = new Meter(bucket, memoryMb);
  const runId = runIdOf(upload);
  const [known, plan] = await Promise.all([
    bucket.readJsonIfThere(manifestKey(runId), manifestSchema),
    readPlan(bucket, runId),
  ]);
  const written = known ?? (plan && (await manifestOfWritten(bucket, plan)));
  if (written !== undefined) return conclude(bucket, written);
  const draft = draftManifest(upload, meter.startedAt);
  const progress = new ReadProgress(bucket, draft);
  const beginning = plan === undefined ? beginningByFirstBatch(bucket, runId) : Promise.resolve(plan);
  // It is awaited when the file has been read.
  beginning.catch(() => undefined);
  const own = await writeRun(bucket, upload, { draft, plan, beginning, batching, meter, progress, limits });
  const manifest = await conclude(bucket, own);
  // Only now: the run must not wait for it.
  await progress.settled();
  return manifest;
}

/** An attempt at an upload: what is to become its plan and manifest, what tells of it meanwhile, and what it keeps to. */
interface Attempt {
  draft: Manifest;
  /** That of an earlier attempt. */
  plan: Plan | undefined;
  /** As an earlier attempt has decided, or begun; where there was none, the settings and this version's features count. */
  beginning: Promise<Beginning | undefined>;
  batching: Batching;
  meter: Meter;
  progress: ReadProgress;
  limits: FileLimits;
}

async function writeRun(bucket: Bucket, upload: ObjectCreated, attempt: Attempt): Promise<Manifest> {
  const { draft, meter } = attempt;
  const rejectedRows = new RejectedRowsWriter(bucket, draft.runId);
  const aggregates = new MemberAggregates();
  try {
    const table = await readUpload(bucket, upload, { ...attempt, rejectedRows, aggregates });
    const cut = (await attempt.beginning) ?? cutMembers(aggregates.size, attempt.batching);
    const { batches, batchSize } = table === undefined ? NO_BATCHES : cut;
    const plan = await decide(bucket, { ...draft, batches, batchSize, finishedAt: isoTime() });
    // Not before: an attempt that has read something else leaves nothing behind.
    await rejectedRows.close();
    if (table !== undefined) draft.steps.push(await writeBatches(bucket, plan, aggregates, table));
    return { ...draft, batches: plan.batches, finishedAt: isoTime(), usage: meter.usage() };
  } catch (error) {
    rejectedRows.abandon(error);
    throw error;
  }
}

const NO_BATCHES: Cut = { batches: 0, batchSize: 0 };

interface Reading extends Attempt {
  rejectedRows: RejectedRowsWriter;
  aggregates: MemberAggregates;
}

/** Reads an upload and fills in the draft. @returns undefined when the file is of no use; then the draft says why */
async function readUpload(
  bucket: Bucket,
  upload: ObjectCreated,
  { draft, plan, beginning, progress, limits, rejectedRows, aggregates }: Reading,
): Promise<FeatureTable | undefined> {
  try {
    const object = await openUpload(bucket, upload, limits);
    const asOf = parseDay(plan?.asOf ?? '') ?? asOfDay(object, upload);
    draft.asOf = isoDay(asOf);
    const reader = new TransactionReader(aggregates, asOf, (rows) => rejectedRows.write(rows), limits);
    draft.rows = reader.counts;
    draft.steps.push(await timeRead(reader, progress.of(object.chunks)));
    draft.members = aggregates.size;
    const { features, calls } = (await beginning) ?? draft;
    Object.assign(draft, { features, calls });
    return timeTransform(aggregates, asOf, draft);
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error;
    draft.reason = error.message;
    return undefined;
  }
}

function isoTime(): string {
  return new Date(now()).toISOString();
}

async function timeRead(reader: TransactionReader, chunks: AsyncIterable<Uint8Array>) {
  const timer = new StepTimer(READ);
  const from = now();
  await reader.read(chunks);
  timer.stop(from, reader.counts.read);
  return timer.statistics();
}

/** Computes the features; adds the transformation's own step and one for each feature. */
function timeTransform(aggregates: MemberAggregates, asOf: number, { features, steps }: Manifest): FeatureTable {
  const timer = new StepTimer(TRANSFORM);
  const from = now();
  const table = new FeatureTable(aggregates, asOf, featuresNamed(features));
  timer.stop(from, aggregates.size);
  steps.push(timer.statistics(), ...table.steps);
  return table;
}
