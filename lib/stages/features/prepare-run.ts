import { callNames } from '../../calls.ts';
import { Meter } from '../../cost/meter.ts';
import { MemberAggregates } from '../../members/aggregates.ts';
import { compileFeatures } from '../../members/compiled-features.ts';
import { FeatureTable } from '../../members/feature-table.ts';
import { suspiciousIds } from '../../members/suspicious-ids.ts';
import { type Partners, partnerNamed, UnknownPartnerError } from '../../partners/partners.ts';
import { type Manifest, manifestSchema, type Plan } from '../../run/contracts.ts';
import { manifestKey, runIdOf } from '../../run/keys.ts';
import { draftManifest } from '../../run/manifest.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { conclude, decide, manifestOfWritten, readPlan } from '../../run/plan.ts';
import { RejectedRowsWriter } from '../../run/rejected-rows.ts';
import { definitionOf } from '../../run/run-definition.ts';
import type { Bucket, StoredObject } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';
import { StepTimer } from '../../timing/step-timer.ts';
import { READ, TRANSFORM } from '../../timing/steps.ts';
import { calendarOfFile } from '../../transactions/calendar.ts';
import { isoDay, parseDay } from '../../transactions/cells.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../../transactions/limits.ts';
import { type InputFile, openedFile } from '../../transactions/parts.ts';
import { TransactionReader } from '../../transactions/reader.ts';
import type { RejectedRow } from '../../transactions/row-account.ts';
import { UnusableFileError } from '../../transactions/unusable-file.ts';
import {
  type Batching,
  type Beginning,
  beginningByFirstBatch,
  type Cut,
  cutMembers,
  type ReadMembers,
  writeBatches,
} from './batches.ts';
import { assertParts, folderReason, listParts, partFiles } from './folder-parts.ts';
import { asOfDay, openUpload } from './open-upload.ts';
import { ReadProgress } from './read-progress.ts';

export interface PrepareOptions {
  /** Those of the deployment. */
  partners: Partners;
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
  { partners, limits = DEFAULT_LIMITS, memoryMb }: PrepareOptions,
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
  const own = await writeRun(bucket, upload, {
    draft,
    plan,
    beginning,
    partners,
    batching,
    meter,
    progress,
    limits,
  });
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
  /** As an earlier attempt has decided, or begun; where there was none, the settings and the partner's file count. */
  beginning: Promise<Beginning | undefined>;
  partners: Partners;
  batching: Batching;
  meter: Meter;
  progress: ReadProgress;
  limits: FileLimits;
}

async function writeRun(bucket: Bucket, upload: ObjectCreated, attempt: Attempt): Promise<Manifest> {
  const { draft, meter } = attempt;
  const rejectedRows = new RejectedRowsWriter(bucket, draft.runId);
  try {
    const members = await readUpload(bucket, upload, { ...attempt, rejectedRows });
    const { batches, batchSize } =
      members === undefined ? NO_BATCHES : ((await attempt.beginning) ?? cutMembers(draft.members, attempt.batching));
    const plan = await decide(bucket, { ...draft, batches, batchSize, finishedAt: isoTime() });
    // Not before: an attempt that has read something else leaves nothing behind.
    await rejectedRows.close();
    if (members !== undefined) draft.steps.push(await writeBatches(bucket, plan, members));
    return { ...draft, batches: plan.batches, finishedAt: isoTime(), usage: meter.usage() };
  } catch (error) {
    rejectedRows.abandon(error);
    throw error;
  }
}

const NO_BATCHES: Cut = { batches: 0, batchSize: 0 };

interface Reading extends Attempt {
  rejectedRows: RejectedRowsWriter;
}

/** Reads an upload and fills in the draft. @returns undefined when the file is of no use; then the draft says why */
async function readUpload(bucket: Bucket, upload: ObjectCreated, reading: Reading): Promise<ReadMembers | undefined> {
  const { draft, plan, limits, rejectedRows } = reading;
  try {
    // Before the upload: whoever writes the folder anew first deletes its mark, which is then missed.
    const parts = plan?.parts ?? (await listParts(bucket, upload));
    if (parts !== undefined) {
      // Also of a run that then fails: by them it is known which parts came only afterwards.
      draft.parts = parts;
      await assertParts(bucket, upload, parts, limits);
    }
    const object = await openUpload(bucket, upload, limits);
    try {
      await settle(reading);
      const definition = definitionOf(draft);
      const asOf = parseDay(plan?.asOf ?? '') ?? asOfDay(object, upload, calendarOfFile(definition.input));
      draft.asOf = isoDay(asOf);
      const aggregates = new MemberAggregates(compileFeatures(definition), asOf);
      const reject = (rows: readonly RejectedRow[]) => rejectedRows.write(rows);
      const reader = new TransactionReader(aggregates, { input: definition.input, asOfDay: asOf, reject, limits });
      draft.rows = reader.counts;
      draft.understood = reader.understood;
      draft.steps.push(await timeRead(reader, filesOf(bucket, upload, object, reading)));
      draft.members = aggregates.size;
      draft.understood.checks.push(...suspiciousIds(aggregates));
      const rejected = reader.rejectedMembers;
      const losses = rejected.losses((memberId) => aggregates.has(memberId));
      if (losses !== undefined) draft.losses = losses;
      return { aggregates, table: timeTransform(aggregates, draft), rejected };
    } catch (error) {
      object.chunks.destroy();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof UnusableFileError || error instanceof UnknownPartnerError)) throw error;
    const isOfParts = draft.parts !== undefined && error instanceof UnusableFileError;
    draft.reason = isOfParts ? folderReason(error) : error.message;
    // A file that could not even be opened has a report in its partner's words, too.
    if (error instanceof UnusableFileError && draft.partnerFile === undefined) await settleIfKnown(reading);
    return undefined;
  }
}

/** What a run reads: its upload, which has been opened, or the parts of the folder that this closes. */
function filesOf(bucket: Bucket, upload: ObjectCreated, object: StoredObject, reading: Reading): InputFile[] {
  const { draft, progress, limits } = reading;
  const watched = (chunks: AsyncIterable<Uint8Array>) => progress.of(chunks);
  if (draft.parts === undefined) {
    const again = async () => (await openUpload(bucket, upload, limits)).chunks;
    return [openedFile(watched(object.chunks), again)];
  }
  object.chunks.destroy();
  return partFiles(bucket, draft.parts, watched);
}

/** Settles what the run keeps to: what an earlier attempt has begun with, else what the partner's file says now. */
async function settle({ draft, beginning, partners }: Reading): Promise<void> {
  const begun = await beginning;
  if (begun === undefined) {
    const partnerFile = partnerNamed(partners, draft.partner);
    const { definition } = partnerFile;
    Object.assign(draft, { partnerFile, features: Object.keys(definition.features), calls: callNames(definition) });
  } else {
    const { features, calls, partnerFile } = begun;
    Object.assign(draft, { features, calls, ...(partnerFile && { partnerFile }) });
  }
}

/** The same, but where no file counts for the partner nothing is settled. */
async function settleIfKnown(reading: Reading): Promise<void> {
  try {
    await settle(reading);
  } catch (error) {
    if (!(error instanceof UnknownPartnerError)) throw error;
  }
}

function isoTime(): string {
  return new Date(now()).toISOString();
}

async function timeRead(reader: TransactionReader, files: readonly InputFile[]) {
  const timer = new StepTimer(READ);
  const from = now();
  await reader.read(files);
  timer.stop(from, reader.counts.read);
  return timer.statistics();
}

/** Computes the features; adds the transformation's own step and one for each feature. */
function timeTransform(aggregates: MemberAggregates, { steps }: Manifest): FeatureTable {
  const timer = new StepTimer(TRANSFORM);
  const from = now();
  const table = new FeatureTable(aggregates);
  timer.stop(from, aggregates.size);
  steps.push(timer.statistics(), ...table.steps);
  return table;
}
