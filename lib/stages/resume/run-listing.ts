import { manifestSchema } from '../../run/contracts.ts';
import {
  endKey,
  manifestKey,
  planKey,
  progressKey,
  RESUMED_ROUNDS_PREFIX,
  RUNS_PREFIX,
  resumedRunOf,
  roundOf,
  timestampOf,
} from '../../run/keys.ts';
import { type Bucket, InvalidObjectError } from '../../storage/bucket.ts';

/** A run, as far as its objects below `runs/` tell. */
export interface ListedRun {
  runId: string;
  keys: ReadonlySet<string>;
  /** When the latest of these objects was stored, milliseconds since the epoch. */
  activeAt: number;
}

/** The runs that began, or had another round opened, since a time in milliseconds since the epoch. */
export async function runsSince(bucket: Bucket, since: number): Promise<ListedRun[]> {
  const time = new Date(since);
  const begun = await runsBegunSince(bucket, time);
  const known = new Set(begun.map(({ runId }) => runId));
  const runs = [...begun];
  const after = `${RESUMED_ROUNDS_PREFIX}${timestampOf(time)}`;
  for await (const { key } of bucket.objects(RESUMED_ROUNDS_PREFIX, after)) {
    const runId = resumedRunOf(key);
    if (known.has(runId)) continue;
    known.add(runId);
    runs.push(...(await listRuns(bucket, `${RUNS_PREFIX}${runId}/`)));
  }
  return runs;
}

/** The runs that began after a time and have stored at least one object. Sends one LIST request per page. */
export function runsBegunSince(bucket: Bucket, time: Date): Promise<ListedRun[]> {
  // The keys of a run that began in the same second sort after the bare timestamp, so the run is included.
  return listRuns(bucket, RUNS_PREFIX, `${RUNS_PREFIX}${timestampOf(time)}`);
}

/** The runs of the minute in which a time is. */
export function runsOfMinute(bucket: Bucket, time: Date): Promise<ListedRun[]> {
  return listRuns(bucket, `${RUNS_PREFIX}${timestampOf(time).slice(0, '20240131T1015'.length)}`);
}

async function listRuns(bucket: Bucket, prefix: string, after?: string): Promise<ListedRun[]> {
  const runs = new Map<string, ListedRun & { keys: Set<string> }>();
  for await (const { key, modifiedAt } of bucket.objects(prefix, after)) {
    const [, runId = ''] = key.split('/');
    const run = runs.get(runId) ?? { runId, keys: new Set(), activeAt: 0 };
    run.keys.add(key);
    run.activeAt = Math.max(run.activeAt, modifiedAt.getTime());
    runs.set(runId, run);
  }
  return [...runs.values()];
}

export function newestRoundIn({ keys }: ListedRun): number {
  return Math.max(1, ...[...keys].map((key) => roundOf(key) ?? 1));
}

/** Whether the end of the run's newest round has been notified, even if the report has been deleted since. */
export function hasEndedForGood(run: ListedRun): boolean {
  return run.keys.has(endKey(run.runId, newestRoundIn(run)));
}

/** Whether the run has a plan or a manifest. */
export function isPlanned({ runId, keys }: ListedRun): boolean {
  return keys.has(manifestKey(runId)) || keys.has(planKey(runId));
}

/** The upload that a run belongs to; undefined when the run's objects do not say so. */
export async function originOf(bucket: Bucket, { runId, keys }: ListedRun): Promise<Origin | undefined> {
  const key = [manifestKey(runId), planKey(runId), progressKey(runId)].find((candidate) => keys.has(candidate));
  try {
    return key === undefined ? undefined : await bucket.readJsonIfThere(key, originSchema);
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

const originSchema = manifestSchema.pick({ source: true, etag: true, parts: true });
/** An upload as its run names it, and the parts that are read in its place. */
export type Origin = ReturnType<typeof originSchema.parse>;
