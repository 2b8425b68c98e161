import type { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../../lib/bucket.ts';
import { manifestKey, progressKey, RUNS_PREFIX, timestampOf } from '../../lib/layout.ts';

/** Which of a run's objects there are. */
export interface RunObjects {
  runId: string;
  hasManifest: boolean;
  hasProgress: boolean;
}

/** The runs that began after a time, as far as they have left anything. One LIST, or as many as there are pages. */
export async function runObjectsSince(s3: S3Client, bucket: string, time: Date): Promise<RunObjects[]> {
  // A key of the same second sorts after its bare timestamp.
  const after = `${RUNS_PREFIX}${timestampOf(time)}`;
  const runs = new Map<string, RunObjects>();
  for await (const { key } of new Bucket(s3, bucket).objects(RUNS_PREFIX, after)) {
    const [, runId = ''] = key.split('/');
    const run = runs.get(runId) ?? { runId, hasManifest: false, hasProgress: false };
    if (key === manifestKey(runId)) run.hasManifest = true;
    if (key === progressKey(runId)) run.hasProgress = true;
    runs.set(runId, run);
  }
  return [...runs.values()];
}

/** The ids of the runs that began after a time and have read their file. */
export async function runsSince(s3: S3Client, bucket: string, time: Date): Promise<string[]> {
  const runs = await runObjectsSince(s3, bucket, time);
  return runs.filter(({ hasManifest }) => hasManifest).map(({ runId }) => runId);
}
