import { jest } from '@jest/globals';
import { manifestSchema } from '../../../lib/run/contracts.ts';
import { batchPrefix, manifestKey } from '../../../lib/run/keys.ts';
import { reviveStalled } from '../../../lib/stages/resume/stalled.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { contentOf, fileOf, membersOf } from './content.ts';

const HOUR_MS = 3_600_000;

const pipeline = usePipeline();

/** Drops a file while events for a function get lost; from then on none does. */
async function dropLosing(name: string, functionName: string, members = 60): Promise<void> {
  pipeline.admits = (other) => other !== functionName;
  await pipeline.put(name, fileOf(members), '2024-01-31');
  await pipeline.idle();
  pipeline.admits = () => true;
}

/** What `resume` does by schedule, so much later. */
async function revive(laterMs: number) {
  const options = { stalledAfterMs: HOUR_MS / 2, eventLifeMs: 6 * HOUR_MS, windowMs: 24 * HOUR_MS };
  const revived = await reviveStalled(pipeline.bucket, options, Date.now() + laterMs);
  await pipeline.idle();
  return revived;
}

/** Ids of runs that began within one second are in no order. */
async function runIdOf(name: string): Promise<string> {
  for (const runId of await runIds()) {
    const { source } = await pipeline.bucket.readJson(manifestKey(runId), manifestSchema);
    if (source.key.endsWith(`/${name}`)) return runId;
  }
  throw new Error(`no run of ${name}`);
}

async function runIds(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of pipeline.bucket.objects('runs/')) keys.push(key);
  return keys.filter((key) => key.endsWith('manifest.json')).map((key) => key.split('/')[1] ?? '');
}

describe('an event that got lost', () => {
  it.each(['predict', 'report', 'features'])('for %s is made up for, and the report is the same', async (lost) => {
    const clean = await contentOf(pipeline, await pipeline.drop(`clean-${lost}.csv`, fileOf(60), '2024-01-31'));
    pipeline.calls.length = 0;
    await dropLosing(`lost-${lost}.csv`, lost);
    expect(await pipeline.summariesOf(`lost-${lost}.csv`)).toEqual([]);
    expect(await revive(HOUR_MS / 4)).toEqual({ uploads: [], runs: [], overdue: 0, problems: [] });
    expect(await revive(HOUR_MS)).toMatchObject({ overdue: 1 });
    const [summary, ...others] = await pipeline.summariesOf(`lost-${lost}.csv`);
    if (summary === undefined) throw new Error('no report');
    expect(others).toEqual([]);
    expect(await contentOf(pipeline, summary)).toEqual(clean);
    expect(pipeline.calls).toHaveLength(180);
    expect(await revive(HOUR_MS)).toEqual({ uploads: [], runs: [], overdue: 0, problems: [] });
  });

  it('leaves its run overdue, which is left alone while other batches of it are at work', async () => {
    let events = 0;
    pipeline.admits = (functionName) => functionName !== 'predict' || ++events !== 2;
    await pipeline.put('slow.csv', fileOf(60), '2024-01-31');
    await pipeline.idle();
    pipeline.admits = () => true;
    const list = pipeline.bucket.objects.bind(pipeline.bucket);
    const objects = jest.spyOn(pipeline.bucket, 'objects').mockImplementation(async function* (prefix, after) {
      for await (const object of list(prefix, after)) {
        // As if the results had come much later than the manifest.
        const laterMs = prefix.startsWith('results/') ? 0.75 * HOUR_MS : 0;
        yield { ...object, modifiedAt: new Date(object.modifiedAt.getTime() + laterMs) };
      }
    });
    expect(await revive(HOUR_MS)).toEqual({ uploads: [], runs: [], overdue: 1, problems: [] });
    objects.mockRestore();
    expect(await revive(HOUR_MS)).toMatchObject({ runs: [{ did: 'restarted batches' }], overdue: 1 });
    expect(await revive(HOUR_MS)).toMatchObject({ overdue: 0 });
  });

  it('of some batches only has these scored', async () => {
    let events = 0;
    pipeline.admits = (functionName) => functionName !== 'predict' || ++events !== 2;
    await pipeline.put('one-batch.csv', fileOf(60), '2024-01-31');
    await pipeline.idle();
    pipeline.admits = () => true;
    expect(pipeline.calls.length).toBeLessThan(180);
    const { runs } = await revive(HOUR_MS);
    expect(runs).toMatchObject([{ did: 'restarted batches', batches: [expect.any(Number)] }]);
    expect(pipeline.calls).toHaveLength(180);
    const [summary] = await pipeline.summariesOf('one-batch.csv');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { scored: 60 } });
  });

  it('is left alone when it is too long ago', async () => {
    await dropLosing('ancient.csv', 'predict', 3);
    const before = await runIds();
    expect(await revive(25 * HOUR_MS)).toEqual({ uploads: [], runs: [], overdue: 0, problems: [] });
    expect(await runIds()).toEqual(before);
    await revive(HOUR_MS);
  });
});

describe('a PARTIAL run that is resumed', () => {
  const failing = (member: number) => {
    pipeline.intercept = (request, reply) =>
      request.url === '/ml/resp/predict' && JSON.stringify(request.body).includes(`"AVG_POINTS_BOUGHT":${member}00,`)
        ? reply.code(400).send('not today')
        : undefined;
  };

  it('calls only its failed members again, and its report is replaced', async () => {
    const clean = await contentOf(pipeline, await pipeline.drop('whole.csv', fileOf(60), '2024-01-31'));
    failing(30);
    const partial = await pipeline.drop('partial.csv', fileOf(60), '2024-01-31');
    expect(partial).toMatchObject({ status: 'PARTIAL', members: { scored: 59, failed: 1 } });
    pipeline.intercept = () => undefined;
    pipeline.calls.length = 0;
    const resumed = await pipeline.invoke('resume', { runId: partial.runId });
    await pipeline.idle();
    expect(resumed).toMatchObject({ runs: [{ did: 'opened a round', round: 2, batches: [2], members: 1 }] });
    expect(pipeline.calls.toSorted()).toEqual(['/ml/ats/predict', '/ml/resp/predict', '/offer/assign']);
    const [summary] = await pipeline.summariesOf('partial.csv');
    expect(summary).toMatchObject({ runId: partial.runId, status: 'COMPLETE' });
    expect(summary && (await contentOf(pipeline, summary))).toEqual(clean);
  });

  it('stays PARTIAL when they fail again, and loses nobody', async () => {
    failing(3);
    const partial = await pipeline.drop('again.csv', fileOf(10), '2024-01-31');
    await pipeline.invoke('resume', { runId: partial.runId });
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('again.csv');
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { total: 10, scored: 9, failed: 1 } });
    expect(summary && (await membersOf(pipeline, summary))).toHaveLength(10);
  });

  it('goes on from wherever resuming was interrupted', async () => {
    failing(3);
    const { runId } = await pipeline.drop('interrupted.csv', fileOf(10), '2024-01-31');
    pipeline.intercept = () => undefined;
    // As it is left behind when the round is open and nothing was started.
    pipeline.admits = (functionName) => functionName !== 'predict';
    await pipeline.invoke('resume', { runId });
    await pipeline.idle();
    expect(await pipeline.bucket.list(batchPrefix(runId, 2))).toHaveLength(1);
    // Until there is a new report the old one stays.
    expect(await pipeline.summariesOf('interrupted.csv')).toMatchObject([{ runId, status: 'PARTIAL' }]);
    pipeline.admits = () => true;
    await revive(HOUR_MS);
    expect(await pipeline.summariesOf('interrupted.csv')).toMatchObject([{ runId, status: 'COMPLETE' }]);
  });
});

describe('a run in which something has happened lately', () => {
  it('is left alone by hand, unless whoever resumes it knows that nobody is at work', async () => {
    await dropLosing('at-work.csv', 'predict', 10);
    const runId = await runIdOf('at-work.csv');
    expect(await pipeline.invoke('resume', { runId })).toEqual({
      uploads: [],
      runs: [{ runId, did: 'nothing yet', activeAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }],
      problems: [],
    });
    await pipeline.idle();
    expect(await pipeline.summariesOf('at-work.csv')).toEqual([]);
    const resumed = await pipeline.invoke('resume', { runId, now: true });
    expect(resumed).toMatchObject({ runs: [{ runId, did: 'restarted batches', batches: [1] }] });
    await pipeline.idle();
    expect(await pipeline.summariesOf('at-work.csv')).toMatchObject([{ runId, status: 'COMPLETE' }]);
  });
});

describe('a run of which nobody can tell what it is', () => {
  it('is told of, and is no concern of the others', async () => {
    const unreadable = manifestKey('20240131T101502Z-00000000');
    await pipeline.bucket.writeJson(unreadable, { runId: 7 });
    await dropLosing('of-others.csv', 'predict', 10);
    const options = { stalledAfterMs: HOUR_MS / 2, eventLifeMs: 6 * HOUR_MS, windowMs: 40 * 365 * 24 * HOUR_MS };
    const { problems, runs } = await reviveStalled(pipeline.bucket, options, Date.now() + HOUR_MS);
    await pipeline.idle();
    await pipeline.delete(unreadable);
    expect(problems).toMatchObject([
      { subject: '20240131T101502Z-00000000', error: { message: expect.stringContaining(unreadable) } },
    ]);
    expect(runs).toMatchObject([{ did: 'restarted batches' }]);
  });
});

describe('a run that has ended well', () => {
  it('is left as it is', async () => {
    const summary = await pipeline.drop('ended.csv', fileOf(10), '2024-01-31');
    const deliveries = pipeline.deliveries.length;
    expect(await pipeline.invoke('resume', { runId: summary.runId })).toEqual({
      uploads: [],
      runs: [{ runId: summary.runId, did: 'nothing' }],
      problems: [],
    });
    await pipeline.idle();
    expect(pipeline.deliveries).toHaveLength(deliveries);
  });

  it('cannot be resumed when there is none of that name', async () => {
    await expect(pipeline.invoke('resume', { runId: 'none' })).rejects.toThrow(manifestKey('none'));
  });
});

describe('a run whose endpoint was down for good', () => {
  it('is FAILED, and COMPLETE when it is resumed after the endpoint has come back', async () => {
    const clean = await contentOf(pipeline, await pipeline.drop('up.csv', fileOf(60), '2024-01-31'));
    pipeline.intercept = ({ url }, reply) =>
      url === '/ml/ats/predict' ? reply.code(404).send('no such model') : undefined;
    const failed = await pipeline.drop('down.csv', fileOf(60), '2024-01-31');
    expect(failed).toMatchObject({ status: 'FAILED', members: { scored: 0, failed: 60 } });
    pipeline.intercept = () => undefined;
    await pipeline.invoke('resume', { runId: failed.runId });
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('down.csv');
    expect(summary).toMatchObject({ runId: failed.runId, status: 'COMPLETE' });
    expect(summary && (await contentOf(pipeline, summary))).toEqual(clean);
  });
});
