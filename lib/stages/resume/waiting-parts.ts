import { counted } from '../../counted.ts';
import { formatInstant } from '../../report/view/numbers.ts';
import { draftManifest } from '../../run/manifest.ts';
import { conclude } from '../../run/plan.ts';
import { MARK, markKey } from '../../run/upload-kinds.ts';
import type { Bucket, ListedObject } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';
import type { PartFolder } from './part-folders.ts';
import type { Resumed } from './resume-run.ts';
import { isPlanned, type ListedRun, type Origin } from './run-listing.ts';
import { isBefore, type UploadRuns } from './upload-runs.ts';

/** Milliseconds since the epoch. */
export interface WaitingTimes {
  /** While a part of a folder is newer than this, more of them may come. */
  overdueSince: number;
  /** Marks that are older have no run that is known. */
  windowFrom: number;
}

/**
 * Ends the waiting of a folder's parts for which no mark has come: they get a FAILED run that says so, which is that of
 * the newest of them, so that they get only one. When the mark comes after all, that has a run of its own.
 *
 * @returns the run; undefined when none waits, or they have had their answer
 */
export async function endWaiting(
  bucket: Bucket,
  { folder, parts, mark }: PartFolder,
  runs: UploadRuns,
  times: WaitingTimes,
): Promise<Resumed | undefined> {
  if (parts.some(({ modifiedAt }) => modifiedAt.getTime() > times.overdueSince)) return undefined;
  const waiting = (await unreadParts({ folder, parts, mark }, runs, times)).toSorted(byTime);
  const [first, newest] = [waiting[0], waiting.at(-1)];
  if (first === undefined || newest === undefined || (await runs.has(newest))) return undefined;
  // It may have come while uploads were listed.
  if (mark === undefined && (await bucket.exists(markKey(folder)))) return undefined;
  const count = counted(waiting.length, 'part');
  const since = formatInstant(first.modifiedAt.toISOString());
  const reason = `${count} in ${folder} waited since ${since} for ${MARK}, which closes the folder, and it has not come; write it when all parts are there`;
  const { runId } = await conclude(bucket, { ...draftManifest(eventOf(bucket, newest), now()), reason });
  return { runId, did: 'ended' };
}

/** Made up, and the same for whoever else ends the waiting at the same time: then there is one run. */
function eventOf({ name: bucket }: Bucket, { key, etag, modifiedAt: createdAt }: ListedObject) {
  return { bucket, key, etag, createdAt, sequencer: `no ${MARK}` };
}

/** The parts that no run of the folder has read; none while a run of its mark is still to come. */
async function unreadParts(
  { folder, parts, mark }: PartFolder,
  runs: UploadRuns,
  { windowFrom }: WaitingTimes,
): Promise<ListedObject[]> {
  let unread = parts;
  let hasRun = mark === undefined || mark.modifiedAt.getTime() < windowFrom;
  for (const run of runs.all) {
    const isOfMark = mark !== undefined && (await runs.isOf(run, mark));
    hasRun ||= isOfMark;
    const origin = await runs.originOf(run);
    // The mark may have been written more than once.
    if (!isOfMark && !(isPlanned(run) && origin?.source.key === markKey(folder))) continue;
    const hasRead = readingOf(run, origin);
    unread = unread.filter((part) => !hasRead(part));
  }
  return hasRun ? unread : [];
}

/** Tells what a run of a folder reads, or would have read had it not failed before it knew its parts. */
function readingOf(run: ListedRun, origin: Origin | undefined): (part: ListedObject) => boolean {
  if (!isPlanned(run)) return () => true;
  if (origin?.parts === undefined) return (part) => isBefore(part, run);
  const states = new Set(origin.parts.map(stateOf));
  return (part) => states.has(stateOf(part));
}

function stateOf({ key, etag }: Pick<ListedObject, 'key' | 'etag'>): string {
  return `${etag} ${key}`;
}

function byTime(one: ListedObject, other: ListedObject): number {
  return one.modifiedAt.getTime() - other.modifiedAt.getTime();
}
