import { checkpointSchema, resultSchema } from '../../../lib/run/contracts.ts';
import { batchKey, checkpointKey, resultKey } from '../../../lib/run/keys.ts';
import { Deadline } from '../../../lib/stages/predict/deadline.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { endpointsAt } from '../../default-calls.ts';
import { endpointUrls, usePipeline } from '../harness/pipeline.ts';
import { fileOf, membersOf } from './content.ts';

const pipeline = usePipeline();

/** Reads a file of 20 members, one batch, and leaves the batch to be scored by hand. */
async function runToScore(name: string): Promise<string> {
  pipeline.admits = (functionName) => functionName !== 'predict';
  await pipeline.put(name, fileOf(20), '2024-01-31');
  await pipeline.idle();
  pipeline.admits = () => true;
  const features = pipeline.deliveries.find(({ functionName }) => functionName === 'features');
  const [outcome] = (await pipeline.invoke('features', features?.event)) as { runId: string }[];
  return outcome?.runId ?? '';
}

/** Scores one member after the other. */
function score(runId: string, deadline: Deadline) {
  const { source: endpoints } = endpointsAt(endpointUrls());
  const created = { key: batchKey(runId, 1), createdAt: new Date() };
  return scoreBatch(pipeline.bucket, created, { endpoints, concurrency: 1, deadline });
}

describe('an invocation of predict that runs out of time', () => {
  it('stores the members it has, and the next one calls only the others', async () => {
    const runId = await runToScore('continued.csv');
    const deadline = new Deadline();
    // Time is up when the offer for the eighth member is asked for.
    pipeline.intercept = () => {
      if (pipeline.calls.length === 8 * 3) deadline.pass();
    };
    expect(await score(runId, deadline)).toBeUndefined();
    const checkpoint = await pipeline.bucket.readJson(checkpointKey(runId, 1), checkpointSchema);
    expect(checkpoint.members.map(({ memberId }) => memberId)).toEqual(['M0', 'M1', 'M2', 'M3', 'M4', 'M5', 'M6']);
    await pipeline.idle();
    // The members of both invocations took from the first call of the first to the last call of the second.
    const { spans } = await pipeline.bucket.readJson(resultKey(runId, 1), resultSchema);
    expect(spans.ats?.from).toBe(checkpoint.spans?.ats?.from);
    expect(spans.ats?.to).toBeGreaterThan(checkpoint.spans?.ats?.to ?? Number.NaN);
    const [summary] = await pipeline.summariesOf('continued.csv');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { total: 20, scored: 20 } });
    // 24 calls before the time was up, and 13 members after it. The report counts those of the eighth member twice.
    expect(pipeline.calls).toHaveLength(24 + 13 * 3);
    const once = { sent: 8 + 13, retries: 0, rows: 8 + 13 };
    expect(summary?.requests).toMatchObject({ ats: once, resp: once, offer: once });
    const members = summary ? await membersOf(pipeline, summary) : [];
    expect(members.map(({ memberId }) => memberId)).toEqual(Array.from({ length: 20 }, (_, index) => `M${index}`));
  });

  it('and has nobody finished fails them, because the next one would do no better', async () => {
    const runId = await runToScore('hopeless.csv');
    await score(runId, new Deadline(0));
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('hopeless.csv');
    expect(summary).toMatchObject({ status: 'FAILED', members: { total: 20, failed: 20 } });
    expect(summary?.reason).toContain('the predict function ran out of time');
    expect(pipeline.calls).toEqual([]);
    expect(await pipeline.bucket.exists(resultKey(runId, 1))).toBe(true);
  });

  it('is continued five times at the most', async () => {
    const runId = await runToScore('slow.csv');
    // One member in each invocation, and its events are held back.
    pipeline.admits = (functionName) => functionName !== 'predict';
    for (let invocation = 1; invocation <= 6; invocation++) {
      const deadline = new Deadline();
      let members = 0;
      pipeline.intercept = (request) => {
        if (request.url === '/ml/ats/predict' && ++members === 2) deadline.pass();
      };
      await score(runId, deadline);
    }
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('slow.csv');
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { total: 20, scored: 6, failed: 14 } });
  });
});

describe('a deadline', () => {
  it('lets work go on until it passes, and begins none after it', async () => {
    const deadline = new Deadline();
    expect(await deadline.limit(async () => 'done')).toBe('done');
    const waiting = deadline.limit(() => new Promise(() => {}));
    deadline.pass();
    expect(await waiting).toBeUndefined();
    let begun = false;
    expect(
      await deadline.limit(async () => {
        begun = true;
      }),
    ).toBeUndefined();
    expect(begun).toBe(false);
  });
});
