import pMap from 'p-map';
import type { Bucket, CreatedObject } from '../bucket.ts';
import { batchSchema, type Result } from '../contracts.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import { resultKey } from '../layout.ts';
import { Scorer } from '../members/scoring.ts';
import { now, waited } from '../timing.ts';
import { completeIfAllIn } from './completion.ts';
import { countsMetadata } from './result-counts.ts';

/**
 * The predict stage: scores a batch's members and writes the result. A batch that has a result already is not scored
 * again; whether the run is complete is looked at in any case, because the first delivery may have ended before that.
 *
 * @param concurrency members in progress at a time
 */
export async function scoreBatch(
  bucket: Bucket,
  created: CreatedObject,
  endpoints: Endpoints,
  concurrency: number,
): Promise<Result | undefined> {
  const startedAt = now();
  const batch = await bucket.readJson(created.key, batchSchema);
  const key = resultKey(batch.runId, batch.batch);
  let result: Result | undefined;
  if (!(await bucket.exists(key))) {
    const scorer = new Scorer(endpoints);
    const members = await pMap(batch.members, (member) => scorer.score(member), { concurrency });
    result = { ...batch, members, wait: waited(created.createdAt, startedAt), spans: scorer.spans };
    await bucket.createJson(key, result, countsMetadata(members));
  }
  await completeIfAllIn(bucket, batch.runId, batch.batches);
  return result;
}
