import { completeIfAllIn } from '../../lib/run/completion.ts';
import { completionKey, manifestKey, resultKey } from '../../lib/run/keys.ts';
import type { Bucket } from '../../lib/storage/bucket.ts';
import { everyInterleaving, type Program } from './interleavings.ts';

const RUN = '20240201T100000Z-00000000';

/** What every stage does at its end: it stores what is missing, and looks whether all is in. */
const ending = (key: string, batches: number) => async (bucket: Bucket) => {
  await bucket.createJson(key, {});
  await completeIfAllIn(bucket, { runId: RUN, batches });
};

/** The end of features, and of predict for each batch. */
function endingsOf(batches: number): Record<string, Program> {
  const endings: Record<string, Program> = { features: ending(manifestKey(RUN), batches) };
  for (let batch = 1; batch <= batches; batch++) endings[`predict ${batch}`] = ending(resultKey(RUN, batch), batches);
  return endings;
}

describe('of features and predict, ending in whatever order', () => {
  it.each([1, 2, 3])('exactly one completes a run of %i batches, when all is in', async (batches) => {
    const all = [
      manifestKey(RUN),
      completionKey(RUN),
      ...Array.from({ length: batches }, (_, index) => resultKey(RUN, index + 1)),
    ].toSorted();
    const isAll = (keys: readonly string[]) => keys.join() === all.join();
    const wrong: unknown[] = [];
    const situations = await everyInterleaving(endingsOf(batches), {
      change: ({ key, before }, keys, order) => {
        const isEarly = key === completionKey(RUN) && !isAll(keys);
        if (isEarly || before !== undefined) wrong.push({ isEarly, isTwice: before !== undefined, key, order });
      },
      end: (keys, order) => {
        if (!isAll(keys)) wrong.push({ keys, order });
      },
    });
    expect(wrong.slice(0, 1)).toEqual([]);
    expect(situations).toBeGreaterThan(30);
  });
});
