import './charts.ts';
import {
  batchKey,
  checkpointKey,
  completionKey,
  endKey,
  manifestKey,
  outputKey,
  progressKey,
  resultKey,
  uploadKey,
} from '../../lib/run/keys.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import type { DirectedHarness } from './directed-harness.ts';
import { COMPLETE, dropped, jsonOf, KEY, OVERLOADED, partial, performAll, THROUGH } from './dropped.ts';
import { fileOf } from './members.ts';
import { preconditionFailed } from './s3/errors.ts';

describe('resume', () => {
  const LATER = 75;

  it('opens a round for members that have failed, and says so', () =>
    partial(async (harness) => {
      const opened = { runId: harness.runId(), did: 'opened a round', round: 2, batches: [1, 2], members: 2 };
      expect(await harness.finish(await harness.resume())).toEqual(opened);
    }));

  it('leaves the round to another that has opened it meanwhile, and says so', () =>
    partial(async (harness) => {
      const late = await harness.held(harness.resume(), 'PutObject runs/run 1/round2');
      await harness.finish(await harness.resume());
      expect(await harness.finish(late)).toEqual({
        ...{ runId: harness.runId(), did: 'nothing yet', activeAt: expect.stringMatching(/^2024-02-01T10:/) },
      });
    }));

  it('goes on with the round that it has opened, although the answer to that got lost', () =>
    partial(async (harness) => {
      const resume = await harness.resume();
      const turn = await harness.until(resume, 'PutObject runs/run 1/round2');
      await harness.fail(resume, turn, preconditionFailed(''), true);
      expect(await harness.finish(resume)).toMatchObject({ did: 'opened a round', members: 2 });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('does nothing about a run that is COMPLETE', () =>
    dropped(async (harness) => {
      await harness.idle();
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toEqual({ runId: harness.runId(), did: 'nothing' });
    }));

  it('does nothing yet about one that may be at work', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/1');
      const activeAt = expect.stringMatching(/^2024-02-01T10:00:0\d\.000Z$/);
      expect(await harness.finish(await harness.resume())).toEqual({
        runId: harness.runId(),
        did: 'nothing yet',
        activeAt,
      });
    }));

  it('refuses a run that there is not', () =>
    dropped(async (harness) => {
      const runId = '20240101T000000Z-00000000';
      const resume = await harness.start(harness.call('resume', { runId }, 'nobody'));
      await expect(harness.finish(resume)).rejects.toMatchObject({
        name: 'ObjectMissingError',
        message: `s3://offers/${manifestKey(runId)} does not exist`,
      });
    }));

  it('ends a run whose file was not read to the end, when nobody has been at it for long', () =>
    dropped(async (harness) => {
      await harness.kill(await harness.held(harness.begin('features run 1'), 'PutObject batches/run 1/00002'), {
        isFinal: true,
      });
      harness.lose('onFailure of features run 1');
      await harness.idle();
      expect(await harness.finish(await harness.resume())).toMatchObject({ did: 'nothing yet' });
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toEqual({ runId: harness.runId(), did: 'ended' });
    }));

  it('takes a run for whole of which but the manifest is missing', () =>
    dropped(async (harness) => {
      await harness.kill(await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/manifest'), {
        isFinal: true,
      });
      harness.lose('onFailure of features run 1');
      await harness.idle();
      await harness.passMinutes(LATER);
      await harness.finish(await harness.resume());
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('starts batches again that have no result', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/2');
      await harness.idle();
      await harness.passMinutes(LATER);
      const restarted = { runId: harness.runId(), did: 'restarted batches', batches: [2] };
      expect(await harness.finish(await harness.resume())).toEqual(restarted);
    }));

  it('completes a run that nobody has completed', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH.slice(0, 2));
      await harness.kill(await harness.held(harness.begin('predict run 1/2'), 'PutObject completed/'), {
        isFinal: true,
      });
      harness.lose('onFailure of predict run 1/2');
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toEqual({ runId: harness.runId(), did: 'completed' });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('starts a report again of which nobody has heard', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      harness.lose('report run 1');
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toEqual({
        runId: harness.runId(),
        did: 'restarted the report',
      });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  /** As a version without rounds would have left it. */
  function withoutRounds(harness: DirectedHarness, changes: Record<string, unknown> = {}): void {
    const key = outputKey('acme', harness.runId(), 'summary');
    const { edition: _, ...summary } = jsonOf(harness, key);
    harness.store(key, JSON.stringify({ ...summary, ...changes }));
    harness.remove(endKey(harness.runId()));
  }

  it('does nothing about a COMPLETE run of a version without rounds', () =>
    dropped(async (harness) => {
      await harness.idle();
      withoutRounds(harness);
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toEqual({ runId: harness.runId(), did: 'nothing' });
    }));

  it('has a report written that a version without rounds could not write', () =>
    dropped(async (harness) => {
      await harness.idle();
      withoutRounds(harness, { status: 'FAILED', members: { total: 0, scored: 0, failed: 0 } });
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toMatchObject({
        did: 'opened a round',
        batches: [],
        members: 0,
      });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('is not kept from a run by others that are at work', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/1');
      await harness.passMinutes(LATER);
      harness.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await harness.perform('features run 2');
      expect(await harness.finish(await harness.resume())).toMatchObject({ did: 'restarted batches', batches: [1, 2] });
    }));

  it('counts the batches of the newest round, and says in the bucket that there is one', () =>
    dropped(async (harness) => {
      harness.services.refused = new Set(['M1']);
      await harness.idle();
      await harness.finish(await harness.resume());
      const [marker] = harness.objects.list('resumed/rounds/');
      expect(jsonOf(harness, marker?.key ?? '')).toEqual({ runId: harness.runId(), round: 2 });
      harness.lose('predict run 1/1 #2');
      await harness.passMinutes(LATER);
      expect(await harness.finish(await harness.resume())).toMatchObject({ did: 'restarted batches', batches: [1] });
    }));

  it('does not take an error of S3 for something that has expired', () =>
    partial(async (harness) => {
      const resume = await harness.resume();
      await harness.fail(resume, await harness.until(resume, 'GetObject results/'), OVERLOADED, false);
      await expect(harness.finish(resume)).rejects.toBe(OVERLOADED);
    }));

  it('names what has expired', () =>
    partial(async (harness) => {
      harness.remove(resultKey(harness.runId(), 1));
      harness.remove(batchKey(harness.runId(), 1));
      await harness.passMinutes(LATER);
      await expect(harness.finish(await harness.resume())).rejects.toMatchObject({
        name: 'ExpiredRunError',
        cause: { name: 'ObjectMissingError' },
      });
    }));
});

describe('the schedule', () => {
  const NOTHING = { uploads: [], runs: [], overdue: 0, problems: [] };
  const scheduled = async (harness: DirectedHarness) => harness.finish(await harness.schedule());

  it('does nothing, and says so, when all runs have ended', () =>
    partial(async (harness) => {
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('says which runs it has made go on, and which uploads', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/2');
      await harness.perform('predict run 1/1');
      harness.store(uploadKey('acme', 'another one.Csv '), fileOf(1));
      harness.lose('features run 2');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual({
        uploads: ['uploads/acme/another one.Csv '],
        runs: [{ runId: harness.runId(), did: 'restarted batches', batches: [2] }],
        overdue: 2,
        problems: [],
      });
    }));

  it('takes nothing for overdue that has been waiting for less than an hour', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await harness.passMinutes(45);
      expect(await scheduled(harness)).toEqual(NOTHING);
      expect(harness.waitingNames).toEqual(['predict run 1/1', 'predict run 1/2', 'features run 2']);
    }));

  it('takes for overdue what waits while others are at work, and leaves it alone', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/2');
      await harness.passMinutes(75);
      harness.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await harness.perform('features run 2');
      expect(await scheduled(harness)).toEqual({ ...NOTHING, overdue: 1 });
    }));

  it('leaves alone what stands for a folder, and what is older than a day', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(uploadKey('acme', 'read-me.txt'), 'hello');
      await harness.passMinutes(25 * 60);
      harness.store(uploadKey('acme', 'january/'), '');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('leaves runs alone that versions without rounds have ended', () =>
    dropped(async (harness) => {
      await harness.idle();
      const key = outputKey('acme', harness.runId(), 'summary');
      const { edition: _, ...summary } = summarySchema.parse(jsonOf(harness, key));
      harness.store(key, JSON.stringify(summary));
      harness.remove(endKey(harness.runId()));
      harness.remove(completionKey(harness.runId()));
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('tells of a run that it cannot make go on, by its name', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/1');
      harness.remove(batchKey(harness.runId(), 1));
      await harness.idle();
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual({
        ...{ uploads: [], runs: [], overdue: 1 },
        problems: [{ subject: harness.runId(), error: expect.objectContaining({ name: 'ExpiredRunError' }) }],
      });
    }));

  it('tells of an upload that it could not store again', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      const schedule = await harness.schedule();
      await harness.fail(schedule, await harness.until(schedule, 'HeadObject uploads/'), OVERLOADED, false);
      expect(await harness.finish(schedule)).toEqual({
        ...{ uploads: [], runs: [], overdue: 1 },
        problems: [{ subject: KEY, error: OVERLOADED }],
      });
    }));

  it('tells of an upload of which it could not find out whether it has a run', () =>
    dropped(async (harness) => {
      await harness.idle();
      harness.store(KEY, fileOf(3));
      harness.lose('features run 2');
      await harness.passMinutes(75);
      const schedule = await harness.schedule();
      await harness.fail(schedule, await harness.until(schedule, 'GetObject runs/run 1/manifest'), OVERLOADED, false);
      expect(await harness.finish(schedule)).toEqual({ ...NOTHING, problems: [{ subject: KEY, error: OVERLOADED }] });
    }));

  it('says nothing of an upload that was overwritten meanwhile', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      const schedule = await harness.held(harness.schedule(), 'HeadObject uploads/');
      harness.store(KEY, fileOf(3));
      expect(await harness.finish(schedule)).toEqual({ ...NOTHING, overdue: 1 });
    }));

  it('stores no upload again that another has claimed', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      const late = await harness.held(harness.schedule(), 'PutObject resumed/uploads');
      await scheduled(harness);
      expect(await harness.finish(late)).toEqual({ ...NOTHING, overdue: 1 });
    }));

  it('stores an upload again that was claimed an hour ago and not stored', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      await harness.kill(await harness.held(harness.schedule(), 'HeadObject uploads/'));
      const [claim] = harness.objects.list('resumed/uploads/');
      const claimedAt = expect.stringMatching(/^2024-02-01T11:15:0/);
      expect(jsonOf(harness, claim?.key ?? '')).toEqual({ upload: KEY, claimedAt });
      await harness.passMinutes(15);
      expect(await scheduled(harness)).toEqual({ ...NOTHING, overdue: 1 });
      await harness.passMinutes(60);
      expect(await scheduled(harness)).toEqual({ ...NOTHING, uploads: [KEY], overdue: 1 });
    }));

  /** What is noted of an upload whose rows are being read. */
  function noteProgress(harness: DirectedHarness): void {
    const { etag } = harness.objects.find(KEY) ?? {};
    const rows = { read: 1, accepted: 1, rejected: 0, imputed: 0 };
    harness.store(progressKey(harness.runId()), JSON.stringify({ source: { bucket: 'offers', key: KEY }, etag, rows }));
  }

  it('stores an upload again whose reading was broken off before it came to a plan', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      noteProgress(harness);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual({ ...NOTHING, uploads: [KEY], overdue: 1 });
    }));

  it('leaves an upload alone that is being read', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      noteProgress(harness);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('takes a run that cannot be read for that of an upload of its time', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(manifestKey(harness.runId()), '{}');
      await harness.passMinutes(75);
      const error = expect.objectContaining({ name: 'InvalidObjectError' });
      expect(await scheduled(harness)).toEqual({ ...NOTHING, problems: [{ subject: harness.runId(), error }] });
    }));

  it('does not take a run that cannot be read for that of an earlier upload', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(manifestKey('20240201T100100Z-00000000'), '{}');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toMatchObject({ uploads: [KEY], overdue: 1 });
    }));

  it.each([
    { name: 'members.csv', file: fileOf(3), what: 'other bytes under the same name' },
    { name: 'another.csv', file: fileOf(4), what: 'the same bytes under another name' },
    { name: 'members.csv', file: fileOf(4), what: 'the same file once more', later: 1 },
  ])('does not take a run for that of $what', ({ name, file, later = 0 }) =>
    dropped(async (harness) => {
      await harness.idle();
      await harness.passMinutes(later);
      const key = uploadKey('acme', name);
      harness.store(key, file);
      harness.lose('features run 2');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual({ ...NOTHING, uploads: [key], overdue: 1 });
    }),
  );

  it('leaves to people what has stood still for days, but for runs that they have taken up since', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await harness.perform('features run 2');
      harness.lose('predict run 2/1');
      harness.services.refused = new Set(['M1']);
      await harness.idle();
      await harness.passMinutes(3 * 24 * 60);
      expect(await scheduled(harness)).toEqual(NOTHING);
      await harness.finish(await harness.resume());
      harness.lose('predict run 1/1 #2');
      await harness.passMinutes(75);
      const restarted = { runId: harness.runId(), did: 'restarted batches', batches: [1] };
      expect(await scheduled(harness)).toEqual({ ...NOTHING, runs: [restarted], overdue: 1 });
      await harness.passMinutes(3 * 24 * 60);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('finds a run once that has begun and was taken up again on the same day', () =>
    partial(async (harness) => {
      await harness.finish(await harness.resume());
      harness.lose('predict run 1/1 #2');
      harness.lose('predict run 1/2 #2');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toMatchObject({
        runs: [{ did: 'restarted batches', batches: [1, 2] }],
        overdue: 1,
      });
    }));

  it('finds a lost event of a run that a version without rounds has ended and people have taken up', () =>
    partial(async (harness) => {
      const key = outputKey('acme', harness.runId(), 'summary');
      const { edition: _, ...summary } = jsonOf(harness, key);
      harness.store(key, JSON.stringify(summary));
      await harness.finish(await harness.resume());
      harness.lose('predict run 1/1 #2');
      harness.lose('predict run 1/2 #2');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toMatchObject({ runs: [{ did: 'restarted batches' }], overdue: 1 });
    }));

  it('says nothing of a run in which somebody has done something while it looked', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/1');
      harness.lose('predict run 1/2');
      await harness.passMinutes(75);
      const schedule = await harness.schedule();
      await harness.past(schedule, 'GetObject runs/run 1/manifest');
      await harness.until(schedule, 'GetObject runs/run 1/manifest');
      harness.store(checkpointKey(harness.runId(), 1), '{}');
      expect(await harness.finish(schedule)).toEqual({ ...NOTHING, overdue: 1 });
    }));
});
