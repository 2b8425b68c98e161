import { type Bucket, InvalidObjectError } from '../bucket.ts';
import { readProgressSchema } from '../contracts.ts';
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
} from '../layout.ts';

/** A run as its objects below `runs/` tell of it. */
export interface ListedRun {
  runId: string;
  keys: ReadonlySet<string>;
  /** When the latest of them was stored, milliseconds since the epoch. */
  activeAt: number;
}

/** Runs that began, or were taken up again, since a time in milliseconds since the epoch. */
export async function runsSince(bucket: Bucket, since: number): Promise<ListedRun[]> {
  const from = timestampOf(new Date(since));
  const runs = new Map<string, ListedRun>();
  await addRuns(bucket, runs, RUNS_PREFIX, `${RUNS_PREFIX}${from}`);
  for await (const { key } of bucket.objects(RESUMED_ROUNDS_PREFIX, `${RESUMED_ROUNDS_PREFIX}${from}`)) {
    const runId = resumedRunOf(key);
    if (!runs.has(runId)) await addRuns(bucket, runs, `${RUNS_PREFIX}${runId}/`);
  }
  return [...runs.values()];
}

async function addRuns(bucket: Bucket, runs: Map<string, ListedRun>, prefix: string, after?: string): Promise<void> {
  for await (const { key, modifiedAt } of bucket.objects(prefix, after)) {
    const runId = key.slice(RUNS_PREFIX.length).split('/')[0] ?? '';
    const { keys, activeAt } = runs.get(runId) ?? { keys: new Set(), activeAt: 0 };
    runs.set(runId, {
      runId,
      keys: new Set([...keys, key]),
      activeAt: Math.max(activeAt, modifiedAt.getTime()),
    });
  }
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
