import { manifestKey, resultPrefix } from '../../../lib/run/keys.ts';
import { type Pipeline, usePipeline } from '../harness/pipeline.ts';
import { contentOf, fileOf, membersOf } from './content.ts';

const pipeline = usePipeline();

const FILE = fileOf(60);

describe('events that are delivered three times, in another order each time,', () => {
  it('give the same report, and no member a second result', async () => {
    const clean = await contentOf(pipeline, await pipeline.drop('clean.csv', FILE, '2024-01-31'));
    pipeline.deliver = deliverThrice(pipeline);
    const summary = await pipeline.drop('thrice.csv', FILE, '2024-01-31');
    expect(pipeline.failures).toEqual([]);
    expect(await contentOf(pipeline, summary)).toEqual(clean);
    expect(await pipeline.bucket.list(resultPrefix(summary.runId))).toHaveLength(3); // 60 members, 25 a batch
    const ids = (await membersOf(pipeline, summary)).map(({ memberId }) => memberId);
    expect(new Set(ids).size).toBe(60);
  });

  it('call no endpoint for members whose result is stored', async () => {
    await pipeline.drop('stored.csv', FILE, '2024-01-31');
    expect(pipeline.calls).toHaveLength(180);
    for (let time = 0; time < 3; time++) {
      for (const { functionName, event } of pipeline.deliveries.toReversed().slice(0, 5)) {
        pipeline.deliver(functionName, event);
      }
    }
    await pipeline.idle();
    expect(pipeline.failures).toEqual([]);
    expect(pipeline.calls).toHaveLength(180);
  });
});

/** Each event three times: at once, behind what waits now, and behind what that leads to. */
function deliverThrice(target: Pipeline) {
  const once = target.deliver.bind(target);
  return (functionName: string, event: unknown) => {
    setImmediate(() => once(functionName, event));
    once(functionName, event);
    queueMicrotask(() => once(functionName, event));
  };
}

describe('uploads at the same time', () => {
  it('are separate runs with the right reports, the same file twice included', async () => {
    const names = ['one.csv', 'two.csv', 'three.csv'];
    const summaries = await Promise.all(
      names.map((name, index) => pipeline.drop(name, fileOf(30 + index), '2024-01-31')),
    );
    expect(summaries.map(({ members }) => members.scored)).toEqual([30, 31, 32]);
    const again = await pipeline.drop('one.csv', fileOf(30), '2024-01-31');
    expect(again.runId).not.toBe(summaries[0]?.runId);
    expect(again.members.scored).toBe(30);
    expect(pipeline.calls).toHaveLength(3 * (30 + 31 + 32 + 30));
  });

  it('under one key end as the newer file and a report that says so, or as both', async () => {
    // The first file's event is held back until the second has taken its place.
    const held: unknown[] = [];
    const deliver = pipeline.deliver.bind(pipeline);
    pipeline.deliver = (functionName, event) => (held.length === 0 ? held.push(event) : deliver(functionName, event));
    await pipeline.put('key.csv', fileOf(10), '2024-01-31');
    const second = await pipeline.drop('key.csv', fileOf(20), '2024-01-31');
    deliver('features', held[0]);
    await pipeline.idle();
    const runs = await pipeline.summariesOf('key.csv');
    expect(second.members.scored).toBe(20);
    expect(runs.map(({ status }) => status).toSorted()).toEqual(['COMPLETE', 'FAILED']);
    expect(runs.find(({ status }) => status === 'FAILED')?.reason).toMatch(/overwritten/);
    for (const { runId } of runs) expect(await pipeline.bucket.exists(manifestKey(runId))).toBe(true);
  });
});
