import { manifestSchema } from '../../run/contracts.ts';
import { manifestKey, outputKey, timestampOf, UPLOAD_SUFFIXES, UPLOADS_PREFIX } from '../../run/keys.ts';
import { storedEditionSchema } from '../../run/stored-report.ts';
import { type Bucket, type ListedObject, ObjectMissingError } from '../../storage/bucket.ts';
import { ObjectChangedError } from '../../storage/condition.ts';
import { lastActivity } from './activity.ts';
import { type Resumed, resumeRun } from './resume-run.ts';
import { hasEndedForGood, isPlanned, type ListedRun, newestRoundIn, originOf, runsSince } from './run-listing.ts';
import { claimUpload } from './upload-claim.ts';

export interface StallOptions {
  /** What nothing has been heard of for so long has stopped, milliseconds: longer than all attempts of a function take. */
  stalledAfterMs: number;
  /** How much longer it may only be waiting, while other runs are at work: as long as an event lives, milliseconds. */
  eventLifeMs: number;
  /** Uploads, and runs that nobody has taken up since, are left alone when they are older than this, milliseconds. */
  windowMs: number;
}

/** What was done about uploads that started no run, and runs that do not go on. */
export interface Revived {
  uploads: string[];
  runs: Resumed[];
  /** Uploads and runs of the window that have not ended after `stalledAfterMs`, whether or not they are stalled. */
  overdue: number;
  /** What could not be dealt with; all else was. */
  problems: Problem[];
}

export interface Problem {
  /** An upload's key or a run's id. */
  subject: string;
  error: unknown;
}

/** How much later an upload may have been stored than its event says, milliseconds: S3 gives the one in whole seconds. */
const CLOCK_TOLERANCE_MS = 10_000;

/** A run that has not ended. */
interface Unfinished {
  run: ListedRun;
  /** When anything was last stored of it. */
  heardAt: number;
}

/** Milliseconds since the epoch: what the schedule goes by. */
interface Times {
  now: number;
  /** What was stored later is not overdue. */
  overdueSince: number;
  /** What was stored later may only be waiting. */
  quietSince: number;
  windowFrom: number;
}

/**
 * Finds uploads whose event got lost and runs that have stopped half-way, and makes them go on, each by itself.
 *
 * An event that waits for room looks like one that got lost. But it waits only while others are at work, and then Lambda
 * tries again at least every five minutes: so where nothing happens at all, it got lost.
 *
 * @param time milliseconds since the epoch
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export async function reviveStalled(bucket: Bucket, options: StallOptions, time: number): Promise<Revived> {
  const { stalledAfterMs, eventLifeMs, windowMs } = options;
  const revived: Revived = { uploads: [], runs: [], overdue: 0, problems: [] };
  const runs = await runsSince(bucket, time - windowMs);
  const unfinished = await unfinishedOf(bucket, runs, revived.problems);
  const overdueSince = time - stalledAfterMs;
  // Those that have ended within that time, too: what comes back to the places that they had may still be on its way.
  const isBusy = [...runs.map(({ activeAt }) => activeAt), ...unfinished.map(({ heardAt }) => heardAt)].some(
    (activeAt) => activeAt > overdueSince,
  );
  const quietSince = isBusy ? overdueSince - eventLifeMs : overdueSince;
  const times = { now: time, overdueSince, quietSince, windowFrom: time - windowMs };
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

/** Versions without rounds did not note an end; their summaries have no edition. */
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
  const isRunOf = runMatcher(bucket, times);
  for await (const upload of bucket.objects(UPLOADS_PREFIX)) {
    const storedAt = upload.modifiedAt.getTime();
    if (storedAt < times.windowFrom || storedAt > times.overdueSince || !isTransactionFile(upload.key)) continue;
    await each(upload.key, revived.problems, async () => {
      for (const run of runs) if (await isRunOf(run, upload)) return;
      revived.overdue += 1;
      if (storedAt <= times.quietSince && (await storeAgain(bucket, upload, times))) revived.uploads.push(upload.key);
    });
  }
}

/** @returns whether it was done by this call */
async function storeAgain(bucket: Bucket, upload: ListedObject, { now, overdueSince }: Times): Promise<boolean> {
  if (!(await claimUpload(bucket, upload, { time: now, expiredBefore: overdueSince }))) return false;
  try {
    await bucket.storeAgain(upload.key, upload.etag);
    return true;
  } catch (error) {
    // It was deleted, or overwritten by one that has an event of its own.
    if (error instanceof ObjectMissingError || error instanceof ObjectChangedError) return false;
    throw error;
  }
}

function isTransactionFile(key: string): boolean {
  return UPLOAD_SUFFIXES.some((suffix) => key.endsWith(suffix));
}

/** Tells whether a run is an upload's; reads what a run is of once. */
function runMatcher(bucket: Bucket, { overdueSince }: Times) {
  const origins = new Map<ListedRun, ReturnType<typeof originOf>>();
  return async (run: ListedRun, upload: ListedObject): Promise<boolean> => {
    const storedAt = upload.modifiedAt.getTime();
    if (run.runId < timestampOf(new Date(storedAt - CLOCK_TOLERANCE_MS))) return false;
    // One that has not come to a plan and is not heard of any more is nobody's.
    if (!isPlanned(run) && run.activeAt <= overdueSince) return false;
    const reading = origins.get(run) ?? originOf(bucket, run);
    origins.set(run, reading);
    const origin = await reading;
    // One that cannot tell is taken for that of an upload of its time.
    if (origin === undefined) return run.runId < timestampOf(new Date(storedAt + CLOCK_TOLERANCE_MS));
    return origin.source.key === upload.key && origin.etag === upload.etag;
  };
}

/** Does something about one of many: that it fails is no concern of the others. */
async function each(subject: string, problems: Problem[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    problems.push({ subject, error });
  }
}
