import { beginningOfList, counted } from '../../counted.ts';
import { MARK } from '../../left-behind.ts';
import { formatInstant } from '../../report/view/numbers.ts';
import { draftManifest } from '../../run/manifest.ts';
import { conclude } from '../../run/plan.ts';
import { folderOf, markKey, shownPart, uploadKind } from '../../run/upload-kinds.ts';
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
  /** Not all runs of older marks are known. */
  windowFrom: number;
}

/**
 * Ends the waiting of a folder's parts that no run of its mark has read: they get a FAILED run that says so, which is that
 * of the newest of them, so that they get only one. When the mark comes after all, that has a run of its own.
 *
 * @returns the run; undefined when none waits, or they have had their answer
 */
export async function endWaiting(
  bucket: Bucket,
  folder: PartFolder,
  runs: UploadRuns,
  { overdueSince, windowFrom }: WaitingTimes,
): Promise<Resumed | undefined> {
  const { parts, mark } = folder;
  if (parts.some(({ modifiedAt }) => modifiedAt.getTime() > overdueSince)) return undefined;
  const isOld = mark !== undefined && mark.modifiedAt.getTime() < windowFrom;
  const known = await runsOf(folder, runs, isOld ? await runs.allAnd(mark) : runs.all);
  // The mark's run is still to come.
  if (mark !== undefined && !isOld && known.ofMark === undefined) return undefined;
  const waiting = parts.filter((part) => !known.reading.some((hasRead) => hasRead(part))).toSorted(byTime);
  const newest = waiting.findLast((part) => !known.telling.some((hasToldOf) => hasToldOf(part)));
  if (newest === undefined) return undefined;
  // It may have come while uploads were listed.
  if (mark === undefined && (await bucket.exists(markKey(folder.folder)))) return undefined;
  const reason = mark === undefined ? withoutMark(folder, waiting) : behindMark(folder, waiting, known.ofMark);
  const draft = draftManifest(eventOf(bucket, newest), now());
  const { runId } = await conclude(bucket, { ...draft, parts: waiting.map(statedPart), reason });
  return { runId, did: 'ended' };
}

function withoutMark({ folder }: PartFolder, waiting: readonly ListedObject[]): string {
  const since = formatInstant((waiting[0]?.modifiedAt ?? new Date()).toISOString());
  return `${counted(waiting.length, 'part')} in ${folder} waited since ${since} for ${MARK}, which closes the folder, and it has not come: ${namesOf(waiting)}; write ${MARK} when all parts are there`;
}

/** @param run that of the mark, if it is still known */
function behindMark({ folder }: PartFolder, waiting: readonly ListedObject[], run?: ListedRun): string {
  const which = run === undefined ? 'its run' : `run ${run.runId}`;
  const them = waiting.length === 1 ? 'it' : 'them';
  return `${namesOf(waiting)} in ${folder} came after ${MARK}, and ${which} was without ${them}; write ${MARK} again for a run over all parts`;
}

function namesOf(parts: readonly ListedObject[]): string {
  return beginningOfList(parts.map(({ key }) => shownPart(key)));
}

function statedPart({ key, etag, bytes }: ListedObject) {
  return { key, etag, ...(bytes !== undefined && { bytes }) };
}

/** Made up, and the same for whoever else ends the waiting at the same time: then there is one run. */
function eventOf({ name: bucket }: Bucket, { key, etag, modifiedAt: createdAt }: ListedObject) {
  return { bucket, key, etag, createdAt, sequencer: `no ${MARK}` };
}

/** Whether a run is about a part. */
type IsAbout = (part: ListedObject) => boolean;

/** What runs have done about the parts of a folder. */
interface FolderRuns {
  /** The latest run of the folder's mark as it is now. */
  ofMark: ListedRun | undefined;
  /** Of each run of a mark, what it reads. The mark may have been written more than once, and may be gone. */
  reading: IsAbout[];
  /** Of each run that has ended a waiting, whose. */
  telling: IsAbout[];
}

async function runsOf(
  { folder, mark }: PartFolder,
  runs: UploadRuns,
  candidates: readonly ListedRun[],
): Promise<FolderRuns> {
  const known: FolderRuns = { ofMark: undefined, reading: [], telling: [] };
  for (const run of candidates) {
    const isOfMark = mark !== undefined && (await runs.isOf(run, mark));
    if (isOfMark && (known.ofMark === undefined || known.ofMark.runId < run.runId)) known.ofMark = run;
    const origin = await runs.originOf(run);
    const source = isPlanned(run) ? origin?.source.key : undefined;
    if (isOfMark || source === markKey(folder)) known.reading.push(aboutOf(run, origin));
    else if (source !== undefined && isPartIn(folder, source)) known.telling.push(aboutOf(run, origin));
  }
  return known;
}

function isPartIn(folder: string, key: string): boolean {
  return folderOf(key) === folder && uploadKind({ key }) === 'part';
}

/** Which parts a run is about, or would have been had it not failed before it knew its parts. */
function aboutOf(run: ListedRun, origin: Origin | undefined): IsAbout {
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
