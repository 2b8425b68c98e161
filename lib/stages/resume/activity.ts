import { batchPrefix, checkpointPrefix, completionKey, RUNS_PREFIX, resultPrefix } from '../../run/keys.ts';
import type { Bucket } from '../../storage/bucket.ts';

/** When the latest object of a run's round, apart from the report, was stored; milliseconds since the epoch. */
export async function lastActivity(bucket: Bucket, runId: string, round: number): Promise<number> {
  const prefixes = [
    `${RUNS_PREFIX}${runId}/`,
    batchPrefix(runId, round),
    checkpointPrefix(runId, round),
    resultPrefix(runId, round),
    completionKey(runId, round),
  ];
  let latest = 0;
  for (const prefix of prefixes) {
    for await (const { modifiedAt } of bucket.objects(prefix)) latest = Math.max(latest, modifiedAt.getTime());
  }
  return latest;
}
