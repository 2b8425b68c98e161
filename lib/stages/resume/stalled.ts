import { manifestSchema } from '../../run/contracts.ts';
import { manifestKey, outputKey, UPLOADS_PREFIX } from '../../run/keys.ts';
import { storedEditionSchema } from '../../run/stored-report.ts';
import { startsRun } from '../../run/upload-kinds.ts';
import { type Bucket, type ListedObject, ObjectMissingError } from '../../storage/bucket.ts';
import { ObjectChangedError } from '../../storage/condition.ts';
import { lastActivity } from './activity.ts';
import { PartFolders } from './part-folders.ts';
import { type Resumed, resumeRun } from './resume-run.ts';
import { hasEndedForGood, isPlanned, type ListedRun, newestRoundIn, runsSince } from './run-listing.ts';
import { claimUpload } from './upload-claim.ts';
import { UploadRuns } from './upload-runs.ts';
import { endWaiting } from './waiting-parts.ts';

export interface StallOptions {
  /** A run that stores nothing for so long has stopped, milliseconds; longer than all attempts of a function take. */
  stalledAfterMs: number;
  /** How much longer it may only be waiting while other runs are at work: the lifetime of an event, milliseconds. */
  eventLifeMs: number;
  /** Older uploads are left alone, and older runs without a round opened since; milliseconds. */
  windowMs: number;
}

/** What `reviveStalled` did about uploads that started no run and runs that have stopped. */
export interface Revived {
  uploads: string[];
  runs: Resumed[];
  /** How many uploads and runs of the window have not ended after `stalledAfterMs`: they have stopped, or they wait. */
  overdue: number;
  /** The uploads and runs for which this failed. All others have been dealt with. */
  problems: Problem[];
}

export interface Problem {
  /** An upload's key, a folder of parts or a run's id. */
  subject: string;
  error: unknown;
}

/** A run that has not ended. */
interface Unfinished {
  run: ListedRun;
  /** When its latest object was stored. */
  heardAt: number;
}

/** The times that decide what is overdue and what has stopped; milliseconds since the epoch. */
interface Times {
  now: number;
  /** An upload or a run whose latest object was stored later is not overdue. */
  overdueSince: number;
  /** An upload or a run whose latest object was stored later may only be waiting. */
  quietSince: number;
  windowFrom: number;
  /**
   * Older parts of folders are left alone. It is later than `windowFrom`, so that the runs are known that began hours
   * before a part was stored: these may have read the same bytes, or began late.
   */
  partsFrom: number;
}

/**
 * Finds uploads whose event was lost and runs that have stopped half-way, and makes each of them go on; and parts that
 * wait in vain for their folder's mark, whose waiting it ends. A failure with one does not affect the others.
 *
 * The bucket does not show whether an event was lost or waits for a free function. But an event waits only while
 * functions are at work, and Lambda tries it again at least every five minutes. So if nothing at all happens, the event
 * was lost.
 *
 * @param time the current time, milliseconds since the epoch
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export async function reviveStalled(bucket: Bucket, options: StallOptions, time: number): Promise<Revived> {
  const { stalledAfterMs, eventLifeMs, windowMs } = options;
  const revived: Revived = { uploads: [], runs: [], overdue: 0, problems: [] };
  const runs = await runsSince(bucket, time - windowMs);
  const unfinished = await unfinishedOf(bucket, runs, revived.problems);
  const overdueSince = time - stalledAfterMs;
  // Runs that have just ended count as well: an event that waited for them may not have been tried again yet.
  const isBusy = [...runs.map(({ activeAt }) => activeAt), ...unfinished.map(({ heardAt }) => heardAt)].some(
    (activeAt) => activeAt > overdueSince,
  );
  const quietSince = isBusy ? overdueSince - eventLifeMs : overdueSince;
  const times = { now: time, overdueSince, quietSince, windowFrom: time - windowMs, partsFrom: time - windowMs / 2 };
  await resumeRuns(bucket, unfinished, times, revived);
  await reviveUploads(bucket, runs, times, revived);
  return revived;
}

async function unfinishedOf(bucket: Bucket, runs: readonly ListedRun[], problems: Problem[]): Promise<Unfinished[]> {
  const unfinished: Unfinished[] = [];
  for (const run of runs) {
    await each(run.runId, problems, async () => {
      if (hasEndedForGood(run) || (await hasEndedEarlier(bucket, run))) return;
      unfinished.push({ run, heardAt: await lastActivity(bucket, run.runId, newestRoundIn(run)) });
    });
  }
  return unfinished;
}

/** Whether a version without rounds has ended the run: these versions stored no end, and their summaries no edition. */
async function hasEndedEarlier(bucket: Bucket, run: ListedRun): Promise<boolean> {
  if (!run.keys.has(manifestKey(run.runId)) || newestRoundIn(run) > 1) return false;
  const { partner } = await bucket.readJson(manifestKey(run.runId), manifestSchema);
  const summary = await bucket.readJsonIfThere(outputKey(partner, run.runId, 'summary'), storedEditionSchema);
  return summary !== undefined && summary.edition === undefined;
}

async function resumeRuns(
  bucket: Bucket,
  unfinished: readonly Unfinished[],
  { now, overdueSince, quietSince }: Times,
  revived: Revived,
): Promise<void> {
  for (const { run, heardAt } of unfinished) {
    if (!isPlanned(run) || run.activeAt > overdueSince) continue;
    revived.overdue += 1;
    if (heardAt > quietSince) continue;
    await each(run.runId, revived.problems, async () => {
      const resumed = await resumeRun(bucket, run.runId, { retryFailed: false, quietSince, time: now });
      if (resumed.did !== 'nothing yet') revived.runs.push(resumed);
    });
  }
}

async function reviveUploads(
  bucket: Bucket,
  runs: readonly ListedRun[],
  times: Times,
  revived: Revived,
): Promise<void> {
  const known = new UploadRuns(bucket, runs, times.overdueSince);
  const folders = new PartFolders(times.partsFrom);
  for await (const upload of bucket.objects(UPLOADS_PREFIX)) {
    folders.take(upload);
    const storedAt = upload.modifiedAt.getTime();
    if (storedAt < times.windowFrom || storedAt > times.overdueSince || !startsRun(upload)) continue;
    await each(upload.key, revived.problems, async () => {
      if (await known.has(upload)) return;
      revived.overdue += 1;
      if (storedAt <= times.quietSince && (await storeAgain(bucket, upload, times))) revived.uploads.push(upload.key);
    });
  }
  for (const folder of folders.all) {
    // Not overdue: whoever writes the folder is to act, and learns of it by the report.
    await each(folder.folder, revived.problems, async () => {
      const ended = await endWaiting(bucket, folder, known, times);
      if (ended !== undefined) revived.runs.push(ended);
    });
  }
}

/** Stores an upload again, unless another caller does so. @returns whether this call did it */
async function storeAgain(bucket: Bucket, upload: ListedObject, { now, overdueSince }: Times): Promise<boolean> {
  if (!(await claimUpload(bucket, upload, { time: now, expiredBefore: overdueSince }))) return false;
  try {
    await bucket.storeAgain(upload.key, upload.etag);
    return true;
  } catch (error) {
    // The upload was deleted, or overwritten by another upload, which has an event of its own.
    if (error instanceof ObjectMissingError || error instanceof ObjectChangedError) return false;
    throw error;
  }
}

/** Does the work for one upload or run, and records a failure as a problem, so that the others are still done. */
async function each(subject: string, problems: Problem[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    problems.push({ subject, error });
  }
}
