import { completeIfAllIn } from '../../run/completion.ts';
import { type Manifest, manifestSchema } from '../../run/contracts.ts';
import {
  batchKey,
  completionKey,
  endKey,
  manifestKey,
  numbersTo,
  outputKey,
  resultKey,
  resultPrefix,
} from '../../run/keys.ts';
import { conclude, failedManifest, manifestOfWritten, readPlan } from '../../run/plan.ts';
import { batchesOf, newestOf, type Rounds, readRounds } from '../../run/rounds.ts';
import { type Summary, summarySchema } from '../../run/summary.ts';
import { type Bucket, ObjectMissingError } from '../../storage/bucket.ts';
import { lastActivity } from './activity.ts';
import { openRound, writeRoundBatch } from './round-opening.ts';

/** What `resumeRun` did to make a run go on. */
export type Resumed =
  | { runId: string; did: 'nothing' }
  /** An object of the run was stored recently, so a function may still be at work. */
  | { runId: string; did: 'nothing yet'; activeAt: string }
  /** Batches that had no result were started again. */
  | { runId: string; did: 'restarted batches'; batches: number[] }
  /** All results were there, but the completion that starts the report was missing; it was written. */
  | { runId: string; did: 'completed' }
  | { runId: string; did: 'restarted the report' }
  /** The run's file was never read to the end, or its folder never closed. The run is now FAILED. */
  | { runId: string; did: 'ended' }
  /** Another round was opened: for the failed members in these batches, or for the report alone. */
  | { runId: string; did: 'opened a round'; round: number; batches: number[]; members: number };

export interface ResumeOptions {
  /** Whether to try again failed members and a report that could not be written. */
  retryFailed: boolean;
  /** A run of which any object was stored later than this is left alone; milliseconds since the epoch. */
  quietSince: number;
  /** The current time, milliseconds since the epoch. */
  time: number;
}

/** What the bucket holds of a run. */
interface Run {
  manifest: Manifest;
  rounds: Rounds;
  summary: Summary | undefined;
}

/** Objects that the run needs to go on have been deleted. */
export class ExpiredRunError extends Error {
  override name = 'ExpiredRunError';
}

/**
 * Makes a run go on from where it stopped: stores again the objects whose events start the missing steps. A run that
 * has ended is left as it is, unless `retryFailed` is set and something has failed: then another round is opened.
 *
 * @throws ObjectMissingError when there is no such run, ExpiredRunError when objects that it needs have been deleted
 */
export async function resumeRun(bucket: Bucket, runId: string, options: ResumeOptions): Promise<Resumed> {
  const manifest = await readManifest(bucket, runId);
  if (manifest === undefined) return endBrokenOff(bucket, runId, options);
  const run = await readRun(bucket, manifest);
  const isReported = endedRound(run.summary) >= newestOf(run.rounds) && (await hasBeenToldOf(bucket, run));
  if (isReported && !(options.retryFailed && isWorthAnother(run))) return { runId, did: 'nothing' };
  const missing = await batchesWithoutResult(bucket, run);
  const hasEnded = isReported && missing.length === 0;
  const atWork = hasEnded ? undefined : await isAtWork(bucket, runId, newestOf(run.rounds), options);
  if (atWork !== undefined) return atWork;
  try {
    return hasEnded ? await openNext(bucket, run, options.time) : await restart(bucket, run, missing);
  } catch (cause) {
    if (!(cause instanceof ObjectMissingError)) throw cause;
    throw new ExpiredRunError(`run ${runId} cannot go on: ${cause.message} any more; drop the file again`, { cause });
  }
}

async function openNext(bucket: Bucket, run: Run, time: number): Promise<Resumed> {
  const { runId } = run.manifest;
  const opened = await openRound(bucket, run, time);
  if (opened === undefined) return { runId, did: 'nothing yet', activeAt: new Date(time).toISOString() };
  const { round, of, members } = opened;
  return { runId, did: 'opened a round', round, batches: of, members };
}

async function isAtWork(
  bucket: Bucket,
  runId: string,
  round: number,
  { quietSince }: ResumeOptions,
): Promise<Resumed | undefined> {
  const activeAt = await lastActivity(bucket, runId, round);
  return activeAt > quietSince ? { runId, did: 'nothing yet', activeAt: new Date(activeAt).toISOString() } : undefined;
}

/** Ends a run whose batches were not all written. @throws ObjectMissingError when there is no such run */
async function endBrokenOff(bucket: Bucket, runId: string, options: ResumeOptions): Promise<Resumed> {
  const plan = await readPlan(bucket, runId);
  if (plan === undefined) throw new ObjectMissingError(`s3://${bucket.name}/${manifestKey(runId)} does not exist`);
  const atWork = await isAtWork(bucket, runId, 1, options);
  if (atWork !== undefined) return atWork;
  await conclude(bucket, failedManifest(plan, BROKEN_OFF));
  return { runId, did: 'ended' };
}

const BROKEN_OFF = 'reading the file was broken off and never continued: drop the file again';

async function readRun(bucket: Bucket, manifest: Manifest): Promise<Run> {
  const { runId } = manifest;
  const rounds = await readRounds(bucket, runId);
  const key = outputKey(manifest.partner, runId, 'summary');
  return { manifest, rounds, summary: await bucket.readJsonIfThere(key, summarySchema) };
}

/** A run's manifest. If only this is missing, the features stage stopped just before it, and it is written now. */
async function readManifest(bucket: Bucket, runId: string): Promise<Manifest | undefined> {
  const known = await bucket.readJsonIfThere(manifestKey(runId), manifestSchema);
  if (known !== undefined) return known;
  const plan = await readPlan(bucket, runId);
  const written = plan && (await manifestOfWritten(bucket, plan));
  return written && conclude(bucket, written);
}

/** The round that a run's summary belongs to; 0 without a summary. Older versions had only the first round. */
function endedRound(summary: Summary | undefined): number {
  return summary === undefined ? 0 : (summary.edition?.round ?? 1);
}

/** Whether something has failed that another round may complete. */
function isWorthAnother({ manifest, summary }: Run): boolean {
  if (summary === undefined) return false;
  const { members, edition } = summary;
  return members.failed > 0 || members.total < manifest.members || edition?.failed === true;
}

/**
 * Whether the end of the newest round has been notified; only then may another round open. Older versions did not
 * record it, so their runs count as notified.
 */
async function hasBeenToldOf(bucket: Bucket, { manifest, rounds, summary }: Run): Promise<boolean> {
  return summary?.edition === undefined || bucket.exists(endKey(manifest.runId, newestOf(rounds)));
}

/**
 * The newest round's batches without a result. A run that has ended may have some, too: to try failed members again,
 * versions without rounds first deleted the results that had any.
 */
async function batchesWithoutResult(bucket: Bucket, { manifest, rounds }: Run): Promise<number[]> {
  const { runId } = manifest;
  const round = newestOf(rounds);
  const results = new Set(await bucket.list(resultPrefix(runId, round)));
  return numbersTo(batchesOf(manifest, rounds)).filter((batch) => !results.has(resultKey(runId, batch, round)));
}

async function restart(bucket: Bucket, { manifest, rounds }: Run, missing: number[]): Promise<Resumed> {
  const { runId } = manifest;
  const round = newestOf(rounds);
  if (missing.length > 0) {
    for (const batch of missing) await restartBatch(bucket, { runId, rounds }, batch);
    return { runId, did: 'restarted batches', batches: missing };
  }
  if (!(await bucket.exists(completionKey(runId, round)))) {
    await completeIfAllIn(bucket, { runId, round, batches: batchesOf(manifest, rounds) });
    return { runId, did: 'completed' };
  }
  await bucket.storeAgain(completionKey(runId, round));
  return { runId, did: 'restarted the report' };
}

async function restartBatch(bucket: Bucket, run: { runId: string; rounds: Rounds }, batch: number): Promise<void> {
  const round = newestOf(run.rounds);
  const key = batchKey(run.runId, batch, round);
  // The invocation that opened the round may have stopped before it wrote this batch.
  if (round > 1 && !(await bucket.exists(key))) await writeRoundBatch(bucket, run, batch);
  else await bucket.storeAgain(key);
}
