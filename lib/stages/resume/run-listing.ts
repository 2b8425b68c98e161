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
import { readProgressSchema } from '../../run/progress.ts';
import { type Bucket, InvalidObjectError } from '../../storage/bucket.ts';

/** A run as its objects below `runs/` tell of it. */
export interface ListedRun {
  runId: string;
  keys: ReadonlySet<string>;
  /** When the latest of them was stored, milliseconds since the epoch. */
  activeAt: number;
}

/** Runs that began, or were taken up again, since a time in milliseconds since the epoch. */
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

/** The runs that began after a time, as far as they have left anything. One LIST, or as many as there are pages. */
export function runsBegunSince(bucket: Bucket, time: Date): Promise<ListedRun[]> {
  // A key of the same second sorts after its bare timestamp.
  return listRuns(bucket, RUNS_PREFIX, `${RUNS_PREFIX}${timestampOf(time)}`);
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

/** Whether its newest round has ended and been told of, whatever has become of the report since. */
export function hasEndedForGood(run: ListedRun): boolean {
  return run.keys.has(endKey(run.runId, newestRoundIn(run)));
}

/** Whether it has been decided what it is to be. */
export function isPlanned({ runId, keys }: ListedRun): boolean {
  return keys.has(manifestKey(runId)) || keys.has(planKey(runId));
}

/** The upload that a run is of; undefined when it does not tell. */
export async function originOf(bucket: Bucket, { runId, keys }: ListedRun): Promise<Origin | undefined> {
  const key = [manifestKey, planKey, progressKey].map((of) => of(runId)).find((of) => keys.has(of));
  try {
    return key === undefined ? undefined : await bucket.readJsonIfThere(key, originSchema);
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

const originSchema = readProgressSchema.pick({ source: true, etag: true });
type Origin = ReturnType<typeof originSchema.parse>;
