import type { S3Client } from '@aws-sdk/client-s3';
import { manifestKey, progressKey } from '../../../lib/run/keys.ts';
import { runsBegunSince } from '../../../lib/stages/resume/run-listing.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';

/** Which objects a run has. */
export interface RunObjects {
  runId: string;
  hasManifest: boolean;
  hasProgress: boolean;
}

/** The runs that began after a time and have stored at least one object. */
export async function runObjectsSince(s3: S3Client, bucket: string, time: Date): Promise<RunObjects[]> {
  const runs = await runsBegunSince(new Bucket(s3, bucket), time);
  return runs.map(({ runId, keys }) => ({
    runId,
    hasManifest: keys.has(manifestKey(runId)),
    hasProgress: keys.has(progressKey(runId)),
  }));
}

/** The ids of the runs that began after a time and have read their file. */
export async function runIdsSince(s3: S3Client, bucket: string, time: Date): Promise<string[]> {
  const runs = await runObjectsSince(s3, bucket, time);
  return runs.filter(({ hasManifest }) => hasManifest).map(({ runId }) => runId);
}
