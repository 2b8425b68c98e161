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
import type { DirectedWorld } from './directed-world.ts';
import { COMPLETE, dropped, jsonOf, KEY, OVERLOADED, partial, performAll, THROUGH } from './dropped.ts';
import { fileOf } from './members.ts';
import { preconditionFailed } from './s3/errors.ts';

describe('resume', () => {
  const LATER = 75;

  it('opens a round for members that have failed, and says so', () =>
    partial(async (world) => {
      const opened = { runId: world.runId(), did: 'opened a round', round: 2, batches: [1, 2], members: 2 };
      expect(await world.finish(await world.resume())).toEqual(opened);
    }));

  it('leaves the round to another that has opened it meanwhile, and says so', () =>
    partial(async (world) => {
      const late = await world.held(world.resume(), 'PutObject runs/run 1/round2');
      await world.finish(await world.resume());
      expect(await world.finish(late)).toEqual({
        ...{ runId: world.runId(), did: 'nothing yet', activeAt: expect.stringMatching(/^2024-02-01T10:/) },
      });
    }));

  it('goes on with the round that it has opened, although the answer to that got lost', () =>
    partial(async (world) => {
      const resume = await world.resume();
      const turn = await world.until(resume, 'PutObject runs/run 1/round2');
      await world.fail(resume, turn, preconditionFailed(''), true);
      expect(await world.finish(resume)).toMatchObject({ did: 'opened a round', members: 2 });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('does nothing about a run that is COMPLETE', () =>
    dropped(async (world) => {
      await world.idle();
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toEqual({ runId: world.runId(), did: 'nothing' });
    }));

  it('does nothing yet about one that may be at work', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/1');
      const activeAt = expect.stringMatching(/^2024-02-01T10:00:0\d\.000Z$/);
      expect(await world.finish(await world.resume())).toEqual({ runId: world.runId(), did: 'nothing yet', activeAt });
    }));

  it('refuses a run that there is not', () =>
    dropped(async (world) => {
      const runId = '20240101T000000Z-00000000';
      const resume = await world.start(world.call('resume', { runId }, 'nobody'));
      await expect(world.finish(resume)).rejects.toMatchObject({
        name: 'ObjectMissingError',
        message: `s3://offers/${manifestKey(runId)} does not exist`,
      });
    }));

  it('ends a run whose file was not read to the end, when nobody has been at it for long', () =>
    dropped(async (world) => {
      await world.kill(await world.held(world.begin('features run 1'), 'PutObject batches/run 1/00002'), {
        isFinal: true,
      });
      world.lose('onFailure of features run 1');
      await world.idle();
      expect(await world.finish(await world.resume())).toMatchObject({ did: 'nothing yet' });
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toEqual({ runId: world.runId(), did: 'ended' });
    }));

  it('takes a run for whole of which but the manifest is missing', () =>
    dropped(async (world) => {
      await world.kill(await world.held(world.begin('features run 1'), 'PutObject runs/run 1/manifest'), {
        isFinal: true,
      });
      world.lose('onFailure of features run 1');
      await world.idle();
      await world.passMinutes(LATER);
      await world.finish(await world.resume());
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('starts batches again that have no result', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/2');
      await world.idle();
      await world.passMinutes(LATER);
      const restarted = { runId: world.runId(), did: 'restarted batches', batches: [2] };
      expect(await world.finish(await world.resume())).toEqual(restarted);
    }));

  it('completes a run that nobody has completed', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH.slice(0, 2));
      await world.kill(await world.held(world.begin('predict run 1/2'), 'PutObject completed/'), { isFinal: true });
      world.lose('onFailure of predict run 1/2');
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toEqual({ runId: world.runId(), did: 'completed' });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('starts a report again of which nobody has heard', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      world.lose('report run 1');
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toEqual({ runId: world.runId(), did: 'restarted the report' });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  /** As a version without rounds would have left it. */
  function withoutRounds(world: DirectedWorld, changes: Record<string, unknown> = {}): void {
    const key = outputKey('acme', world.runId(), 'summary');
    const { edition: _, ...summary } = jsonOf(world, key);
    world.store(key, JSON.stringify({ ...summary, ...changes }));
    world.remove(endKey(world.runId()));
  }

  it('does nothing about a COMPLETE run of a version without rounds', () =>
    dropped(async (world) => {
      await world.idle();
      withoutRounds(world);
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toEqual({ runId: world.runId(), did: 'nothing' });
    }));

  it('has a report written that a version without rounds could not write', () =>
    dropped(async (world) => {
      await world.idle();
      withoutRounds(world, { status: 'FAILED', members: { total: 0, scored: 0, failed: 0 } });
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toMatchObject({
        did: 'opened a round',
        batches: [],
        members: 0,
      });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('is not kept from a run by others that are at work', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/1');
      await world.passMinutes(LATER);
      world.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await world.perform('features run 2');
      expect(await world.finish(await world.resume())).toMatchObject({ did: 'restarted batches', batches: [1, 2] });
    }));

  it('counts the batches of the newest round, and says in the bucket that there is one', () =>
    dropped(async (world) => {
      world.services.refused = new Set(['M1']);
      await world.idle();
      await world.finish(await world.resume());
      const [marker] = world.objects.list('resumed/rounds/');
      expect(jsonOf(world, marker?.key ?? '')).toEqual({ runId: world.runId(), round: 2 });
      world.lose('predict run 1/1 #2');
      await world.passMinutes(LATER);
      expect(await world.finish(await world.resume())).toMatchObject({ did: 'restarted batches', batches: [1] });
    }));

  it('does not take an error of S3 for something that has expired', () =>
    partial(async (world) => {
      const resume = await world.resume();
      await world.fail(resume, await world.until(resume, 'GetObject results/'), OVERLOADED, false);
      await expect(world.finish(resume)).rejects.toBe(OVERLOADED);
    }));

  it('names what has expired', () =>
    partial(async (world) => {
      world.remove(resultKey(world.runId(), 1));
      world.remove(batchKey(world.runId(), 1));
      await world.passMinutes(LATER);
      await expect(world.finish(await world.resume())).rejects.toMatchObject({
        name: 'ExpiredRunError',
        cause: { name: 'ObjectMissingError' },
      });
    }));
});

describe('the schedule', () => {
  const NOTHING = { uploads: [], runs: [], overdue: 0, problems: [] };
  const scheduled = async (world: DirectedWorld) => world.finish(await world.schedule());

  it('does nothing, and says so, when all runs have ended', () =>
    partial(async (world) => {
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual(NOTHING);
    }));

  it('says which runs it has made go on, and which uploads', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/2');
      await world.perform('predict run 1/1');
      world.store(uploadKey('acme', 'another.CSV'), fileOf(1));
      world.lose('features run 2');
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual({
        uploads: ['uploads/acme/another.CSV'],
        runs: [{ runId: world.runId(), did: 'restarted batches', batches: [2] }],
        overdue: 2,
        problems: [],
      });
    }));

  it('takes nothing for overdue that has been waiting for less than an hour', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await world.passMinutes(45);
      expect(await scheduled(world)).toEqual(NOTHING);
      expect(world.waitingNames).toEqual(['predict run 1/1', 'predict run 1/2', 'features run 2']);
    }));

  it('takes for overdue what waits while others are at work, and leaves it alone', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/2');
      await world.passMinutes(75);
      world.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await world.perform('features run 2');
      expect(await scheduled(world)).toEqual({ ...NOTHING, overdue: 1 });
    }));

  it('leaves alone what is no file of transactions, and what is older than a day', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(uploadKey('acme', 'read-me.txt'), 'hello');
      await world.passMinutes(25 * 60);
      world.store(uploadKey('acme', 'notes.txt'), 'hello');
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual(NOTHING);
    }));

  it('leaves runs alone that versions without rounds have ended', () =>
    dropped(async (world) => {
      await world.idle();
      const key = outputKey('acme', world.runId(), 'summary');
      const { edition: _, ...summary } = summarySchema.parse(jsonOf(world, key));
      world.store(key, JSON.stringify(summary));
      world.remove(endKey(world.runId()));
      world.remove(completionKey(world.runId()));
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual(NOTHING);
    }));

  it('tells of a run that it cannot make go on, by its name', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/1');
      world.remove(batchKey(world.runId(), 1));
      await world.idle();
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual({
        ...{ uploads: [], runs: [], overdue: 1 },
        problems: [{ subject: world.runId(), error: expect.objectContaining({ name: 'ExpiredRunError' }) }],
      });
    }));

  it('tells of an upload that it could not store again', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(75);
      const schedule = await world.schedule();
      await world.fail(schedule, await world.until(schedule, 'HeadObject uploads/'), OVERLOADED, false);
      expect(await world.finish(schedule)).toEqual({
        ...{ uploads: [], runs: [], overdue: 1 },
        problems: [{ subject: KEY, error: OVERLOADED }],
      });
    }));

  it('tells of an upload of which it could not find out whether it has a run', () =>
    dropped(async (world) => {
      await world.idle();
      world.store(KEY, fileOf(3));
      world.lose('features run 2');
      await world.passMinutes(75);
      const schedule = await world.schedule();
      await world.fail(schedule, await world.until(schedule, 'GetObject runs/run 1/manifest'), OVERLOADED, false);
      expect(await world.finish(schedule)).toEqual({ ...NOTHING, problems: [{ subject: KEY, error: OVERLOADED }] });
    }));

  it('says nothing of an upload that was overwritten meanwhile', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(75);
      const schedule = await world.held(world.schedule(), 'HeadObject uploads/');
      world.store(KEY, fileOf(3));
      expect(await world.finish(schedule)).toEqual({ ...NOTHING, overdue: 1 });
    }));

  it('stores no upload again that another has claimed', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(75);
      const late = await world.held(world.schedule(), 'PutObject resumed/uploads');
      await scheduled(world);
      expect(await world.finish(late)).toEqual({ ...NOTHING, overdue: 1 });
    }));

  it('stores an upload again that was claimed an hour ago and not stored', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(75);
      await world.kill(await world.held(world.schedule(), 'HeadObject uploads/'));
      const [claim] = world.objects.list('resumed/uploads/');
      const claimedAt = expect.stringMatching(/^2024-02-01T11:15:0/);
      expect(jsonOf(world, claim?.key ?? '')).toEqual({ upload: KEY, claimedAt });
      await world.passMinutes(15);
      expect(await scheduled(world)).toEqual({ ...NOTHING, overdue: 1 });
      await world.passMinutes(60);
      expect(await scheduled(world)).toEqual({ ...NOTHING, uploads: [KEY], overdue: 1 });
    }));

  /** What is noted of an upload whose rows are being read. */
  function noteProgress(world: DirectedWorld): void {
    const { etag } = world.objects.find(KEY) ?? {};
    const rows = { read: 1, accepted: 1, rejected: 0, imputed: 0 };
    world.store(progressKey(world.runId()), JSON.stringify({ source: { bucket: 'offers', key: KEY }, etag, rows }));
  }

  it('stores an upload again whose reading was broken off before it came to a plan', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      noteProgress(world);
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual({ ...NOTHING, uploads: [KEY], overdue: 1 });
    }));

  it('leaves an upload alone that is being read', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(75);
      noteProgress(world);
      expect(await scheduled(world)).toEqual(NOTHING);
    }));

  it('takes a run that cannot be read for that of an upload of its time', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(manifestKey(world.runId()), '{}');
      await world.passMinutes(75);
      const error = expect.objectContaining({ name: 'InvalidObjectError' });
      expect(await scheduled(world)).toEqual({ ...NOTHING, problems: [{ subject: world.runId(), error }] });
    }));

  it('does not take a run that cannot be read for that of an earlier upload', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(manifestKey('20240201T100100Z-00000000'), '{}');
      await world.passMinutes(75);
      expect(await scheduled(world)).toMatchObject({ uploads: [KEY], overdue: 1 });
    }));

  it.each([
    { name: 'members.csv', file: fileOf(3), what: 'other bytes under the same name' },
    { name: 'another.csv', file: fileOf(4), what: 'the same bytes under another name' },
    { name: 'members.csv', file: fileOf(4), what: 'the same file once more', later: 1 },
  ])('does not take a run for that of $what', ({ name, file, later = 0 }) =>
    dropped(async (world) => {
      await world.idle();
      await world.passMinutes(later);
      const key = uploadKey('acme', name);
      world.store(key, file);
      world.lose('features run 2');
      await world.passMinutes(75);
      expect(await scheduled(world)).toEqual({ ...NOTHING, uploads: [key], overdue: 1 });
    }),
  );

  it('leaves to people what has stood still for days, but for runs that they have taken up since', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.store(uploadKey('acme', 'another.csv'), fileOf(1));
      await world.perform('features run 2');
      world.lose('predict run 2/1');
      world.services.refused = new Set(['M1']);
      await world.idle();
      await world.passMinutes(3 * 24 * 60);
      expect(await scheduled(world)).toEqual(NOTHING);
      await world.finish(await world.resume());
      world.lose('predict run 1/1 #2');
      await world.passMinutes(75);
      const restarted = { runId: world.runId(), did: 'restarted batches', batches: [1] };
      expect(await scheduled(world)).toEqual({ ...NOTHING, runs: [restarted], overdue: 1 });
      await world.passMinutes(3 * 24 * 60);
      expect(await scheduled(world)).toEqual(NOTHING);
    }));

  it('finds a run once that has begun and was taken up again on the same day', () =>
    partial(async (world) => {
      await world.finish(await world.resume());
      world.lose('predict run 1/1 #2');
      world.lose('predict run 1/2 #2');
      await world.passMinutes(75);
      expect(await scheduled(world)).toMatchObject({
        runs: [{ did: 'restarted batches', batches: [1, 2] }],
        overdue: 1,
      });
    }));

  it('finds a lost event of a run that a version without rounds has ended and people have taken up', () =>
    partial(async (world) => {
      const key = outputKey('acme', world.runId(), 'summary');
      const { edition: _, ...summary } = jsonOf(world, key);
      world.store(key, JSON.stringify(summary));
      await world.finish(await world.resume());
      world.lose('predict run 1/1 #2');
      world.lose('predict run 1/2 #2');
      await world.passMinutes(75);
      expect(await scheduled(world)).toMatchObject({ runs: [{ did: 'restarted batches' }], overdue: 1 });
    }));

  it('says nothing of a run in which somebody has done something while it looked', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/1');
      world.lose('predict run 1/2');
      await world.passMinutes(75);
      const schedule = await world.schedule();
      await world.past(schedule, 'GetObject runs/run 1/manifest');
      await world.until(schedule, 'GetObject runs/run 1/manifest');
      world.store(checkpointKey(world.runId(), 1), '{}');
      expect(await world.finish(schedule)).toEqual({ ...NOTHING, overdue: 1 });
    }));
});
