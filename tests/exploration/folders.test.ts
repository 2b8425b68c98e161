import { manifestSchema } from '../../lib/run/contracts.ts';
import { manifestKey, progressKey, uploadKey } from '../../lib/run/keys.ts';
import { endAbandoned } from '../../lib/stages/on-failure/end-abandoned.ts';
import { DirectedHarness } from './directed-harness.ts';
import { bucketOf, COMPLETE } from './dropped.ts';
import { fileOf } from './members.ts';
import { stored } from './promises/runs.ts';

const FOLDER = uploadKey('acme', 'january/');
const MARK = `${FOLDER}_SUCCESS`;
const partKey = (part: number) => `${FOLDER}part-${part}.csv`;
const putPart = (harness: DirectedHarness, part: number, members: number, first: number) =>
  harness.store(partKey(part), fileOf(members, first));

/** M1 and M2 are in one part, M3 and M4 in the other. */
function waiting<T>(play: (harness: DirectedHarness) => Promise<T>): Promise<T> {
  const harness = new DirectedHarness();
  return harness.during(() => {
    putPart(harness, 0, 2, 1);
    putPart(harness, 1, 2, 3);
    return play(harness);
  });
}

/** And the folder is closed. */
function closed<T>(play: (harness: DirectedHarness) => Promise<T>): Promise<T> {
  return waiting((harness) => {
    harness.store(MARK, '');
    return play(harness);
  });
}

const manifestOf = (harness: DirectedHarness, run = 1) =>
  stored(harness, manifestKey(harness.runId(run)), manifestSchema);
const partsOf = (harness: DirectedHarness, run = 1) => manifestOf(harness, run)?.parts?.map(({ key }) => key);

describe('the features stage, for a folder of parts,', () => {
  it('fixes its parts in the order of their keys, with their states', () =>
    closed(async (harness) => {
      await harness.idle();
      expect(harness.summary()).toMatchObject({ ...COMPLETE, rows: { read: 6, accepted: 4, rejected: 2 } });
      expect(manifestOf(harness)?.parts).toEqual(
        [0, 1].map((part) => {
          const { key, etag, size } = harness.objects.find(partKey(part)) ?? {};
          return { key, etag, bytes: size };
        }),
      );
    }));

  it('goes by the parts of the first attempt when there is another one by then', () =>
    closed(async (harness) => {
      await harness.crash(await harness.held(harness.begin('features run 1'), 'PutObject batches/run 1/00001'));
      putPart(harness, 2, 1, 5);
      await harness.idle();
      expect(partsOf(harness)).toEqual([partKey(0), partKey(1)]);
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('does not go by what another attempt has listed otherwise; the next attempt does', () =>
    closed(async (harness) => {
      harness.repeat('features run 1');
      const first = await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/plan');
      putPart(harness, 2, 1, 5);
      await harness.finish(await harness.held(harness.begin('features run 1 #2'), 'PutObject runs/run 1/manifest'));
      await expect(harness.finish(first)).rejects.toMatchObject({
        name: 'PlanConflictError',
        message: expect.stringMatching(
          /january\/_SUCCESS otherwise: 8 rows of 5 members in 3 parts as of .*, not 6 rows of 4 members in 2 parts as of /,
        ),
      });
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'COMPLETE', members: { total: 5 } });
    }));

  it('does not take other parts for the same, though as many members are in them', () =>
    closed(async (harness) => {
      harness.repeat('features run 1');
      const first = await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/plan');
      harness.remove(partKey(1));
      putPart(harness, 2, 2, 3);
      await harness.perform('features run 1 #2');
      await expect(harness.finish(first)).rejects.toMatchObject({ name: 'PlanConflictError' });
    }));

  it.each([
    ['overwritten', (harness: DirectedHarness) => putPart(harness, 1, 3, 11)],
    ['deleted', (harness: DirectedHarness) => harness.remove(partKey(1))],
  ])('is of no use when a part is %s before it is read', (what, change) =>
    closed(async (harness) => {
      const features = await harness.held(harness.begin('features run 1'), `GetObject ${partKey(1)}`);
      change(harness);
      await harness.finish(features);
      await harness.idle();
      expect(harness.summary()).toMatchObject({
        status: 'FAILED',
        reason: `in part-1.csv: it was ${what} before it was read; write the folder again, with _SUCCESS last`,
        members: { total: 0 },
      });
    }),
  );

  it('notices a folder that is being written anew, by its mark', () =>
    closed(async (harness) => {
      const features = await harness.held(harness.begin('features run 1'), `ListObjectsV2 ${FOLDER}part-`);
      for (const key of [MARK, partKey(0), partKey(1)]) harness.remove(key);
      putPart(harness, 7, 1, 21);
      await harness.finish(features);
      await harness.idle();
      expect(harness.summary()).toMatchObject({
        status: 'FAILED',
        reason: '_SUCCESS was deleted before it was read; write the folder again, with _SUCCESS last',
      });
    }));

  it('leaves a folder to the run of its mark that was written again', () =>
    closed(async (harness) => {
      const features = await harness.held(harness.begin('features run 1'), `GetObject ${MARK}`);
      harness.store(MARK, 'again');
      await harness.finish(features);
      await harness.idle();
      expect(harness.summary()?.reason).toBe(
        '_SUCCESS was written again before it was read; the newer one has a report of its own',
      );
      expect(harness.summary(2)).toMatchObject(COMPLETE);
    }));

  it('reads no more than 1,000 parts', () =>
    waiting(async (harness) => {
      for (let part = 2; part <= 1000; part++) harness.store(partKey(part), '');
      harness.store(MARK, '');
      await harness.idle();
      expect(harness.summary()).toMatchObject({
        status: 'FAILED',
        reason: `too many parts: ${FOLDER} has more than the 1,000 that are allowed; write fewer and larger ones`,
      });
      harness.remove(partKey(1000));
      harness.store(MARK, '');
      await harness.idle();
      expect(harness.summary(2)).toMatchObject(COMPLETE);
    }));
});

it('nothing is to be ended when the event of a part has failed', () =>
  waiting(async (harness) => {
    const { key = '', etag = '', sequencer = '' } = harness.objects.find(partKey(0)) ?? {};
    const part = { bucket: 'offers', key, etag, sequencer, createdAt: new Date() };
    expect(await endAbandoned(bucketOf(harness), part, 'it waited too long')).toEqual({ ended: 'nothing' });
    expect(harness.objects.list('runs/')).toEqual([]);
  }));

describe('the schedule, for parts that wait for _SUCCESS,', () => {
  const NOTHING = { uploads: [], runs: [], overdue: 0, problems: [] };
  const scheduled = async (harness: DirectedHarness) => harness.finish(await harness.schedule());

  it('ends their waiting after an hour, once for all of them', () =>
    waiting(async (harness) => {
      await harness.passMinutes(45);
      expect(await scheduled(harness)).toEqual(NOTHING);
      await harness.passMinutes(30);
      expect(await scheduled(harness)).toEqual({ ...NOTHING, runs: [{ runId: harness.runId(), did: 'ended' }] });
      await harness.idle();
      expect(harness.summary()).toMatchObject({
        status: 'FAILED',
        source: { key: partKey(1) },
        reason: `2 parts in ${FOLDER} waited since 2024-02-01 10:00:00 UTC for _SUCCESS, which closes the folder, and it has not come: part-0.csv, part-1.csv; write _SUCCESS when all parts are there`,
      });
      for (const _ of [1, 2]) {
        await harness.passMinutes(75);
        expect(await scheduled(harness)).toEqual(NOTHING);
      }
      expect(harness.told).toHaveLength(1);
    }));

  it('leaves them alone while more of them come, and does not begin anew with each', () =>
    waiting(async (harness) => {
      await harness.passMinutes(50);
      putPart(harness, 2, 1, 5);
      await harness.passMinutes(50);
      expect(await scheduled(harness)).toEqual(NOTHING);
      await harness.passMinutes(15);
      await scheduled(harness);
      await harness.idle();
      expect(harness.summary()?.reason).toMatch(/^3 parts /);
    }));

  it('tells of those again to which more have come since', () =>
    waiting(async (harness) => {
      await harness.passMinutes(75);
      await scheduled(harness);
      putPart(harness, 2, 1, 5);
      await harness.passMinutes(75);
      await scheduled(harness);
      await harness.idle();
      expect([1, 2].map((run) => harness.summary(run)?.reason)).toEqual([
        expect.stringMatching(/^2 parts /),
        expect.stringMatching(/^3 parts /),
      ]);
    }));

  it('makes one run of them, though it comes twice', () =>
    waiting(async (harness) => {
      await harness.passMinutes(75);
      const late = await harness.held(harness.schedule(), 'PutObject runs/');
      await scheduled(harness);
      await harness.finish(late);
      await harness.idle();
      expect(harness.runIds).toHaveLength(1);
      expect(harness.told).toHaveLength(1);
    }));

  it('does not stand in the way of _SUCCESS that comes after all', () =>
    waiting(async (harness) => {
      await harness.passMinutes(75);
      await scheduled(harness);
      harness.store(MARK, '');
      await harness.idle();
      expect(harness.summary(2)).toMatchObject(COMPLETE);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('sees _SUCCESS that comes while it looks', () =>
    waiting(async (harness) => {
      await harness.passMinutes(75);
      const schedule = await harness.held(harness.schedule(), `HeadObject ${MARK}`);
      harness.store(MARK, '');
      expect(await harness.finish(schedule)).toEqual(NOTHING);
      await harness.idle();
      expect(harness.runIds).toHaveLength(1);
    }));

  it('says nothing of those that a run has read, or is reading', () =>
    closed(async (harness) => {
      await harness.idle();
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('says nothing of those whose run is under way, though it began late', () =>
    closed(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      const { etag } = harness.objects.find(MARK) ?? {};
      const rows = { read: 1, accepted: 1, rejected: 0, imputed: 0 };
      const note = { source: { bucket: 'offers', key: MARK }, etag, rows };
      harness.store(progressKey(harness.runId()), JSON.stringify(note));
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('says nothing of those that were read, when somebody has deleted _SUCCESS since', () =>
    closed(async (harness) => {
      await harness.idle();
      harness.remove(MARK);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('tells of a part that comes on another day than _SUCCESS', () =>
    closed(async (harness) => {
      await harness.idle();
      await harness.passMinutes(25 * 60);
      putPart(harness, 2, 1, 5);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toMatchObject({ runs: [{ did: 'ended' }] });
    }));

  it('stores _SUCCESS again when its event has got lost, and says nothing of its parts', () =>
    closed(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual({ ...NOTHING, uploads: [MARK], overdue: 1 });
      await harness.idle();
      expect(harness.runIds.map((_, run) => harness.summary(run + 1)?.status)).toEqual([undefined, 'COMPLETE']);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('says nothing of them when their run has failed before it knew them', () =>
    closed(async (harness) => {
      await harness.kill(await harness.begin('features run 1'), { isFinal: true });
      await harness.idle();
      expect(harness.summary()?.reason).toMatch(/^the function features failed/);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('tells of a part that came after _SUCCESS, which the run has not read', () =>
    closed(async (harness) => {
      await harness.idle();
      putPart(harness, 2, 1, 5);
      await harness.passMinutes(75);
      await scheduled(harness);
      await harness.idle();
      expect(harness.summary(2)).toMatchObject({
        status: 'FAILED',
        source: { key: partKey(2) },
        reason: `part-2.csv in ${FOLDER} came after _SUCCESS, and run ${harness.runId()} was without it; write _SUCCESS again for a run over all parts`,
      });
      harness.store(MARK, '');
      await harness.idle();
      expect(harness.summary(3)).toMatchObject({ status: 'COMPLETE', members: { total: 5 } });
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('tells of parts that came just after _SUCCESS, which found none', () => {
    const harness = new DirectedHarness();
    return harness.during(async () => {
      harness.store(MARK, '');
      await harness.idle();
      expect(harness.summary()?.reason).toMatch(/^no parts: /);
      for (const part of [0, 1, 2, 3, 4, 5]) putPart(harness, part, 1, part);
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toMatchObject({ runs: [{ did: 'ended' }] });
      await harness.idle();
      expect(harness.summary(2)?.reason).toMatch(
        /^part-0\.csv, part-1\.csv, part-2\.csv, part-3\.csv, part-4\.csv and 1 more in .* was without them; /,
      );
    });
  });

  it('tells of parts that came just after _SUCCESS was listed without them, and deleted', () =>
    closed(async (harness) => {
      const features = await harness.held(harness.begin('features run 1'), `GetObject ${MARK}`);
      harness.remove(MARK);
      putPart(harness, 2, 1, 5);
      await harness.finish(features);
      await harness.idle();
      await harness.passMinutes(75);
      await scheduled(harness);
      await harness.idle();
      expect(harness.summary(2)?.reason).toMatch(/^1 part in .*: part-2\.csv; /);
    }));

  it('does not tell of the others again when the newest of them is deleted', () =>
    waiting(async (harness) => {
      putPart(harness, 2, 1, 5);
      await harness.passMinutes(75);
      await scheduled(harness);
      harness.remove(partKey(2));
      await harness.passMinutes(15);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('says nothing a day later of parts that were read, though they are newer than _SUCCESS', () =>
    closed(async (harness) => {
      // Its event is late.
      await harness.passMinutes(5 * 60);
      putPart(harness, 1, 2, 3);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      for (let hours = 1; hours <= 24; hours++) {
        await harness.passMinutes(60);
        expect(await scheduled(harness)).toEqual(NOTHING);
      }
    }));

  it('says nothing on another day of parts that are stored again as they were', () =>
    closed(async (harness) => {
      await harness.idle();
      await harness.passMinutes(23 * 60);
      putPart(harness, 1, 2, 3);
      for (let hours = 1; hours <= 24; hours++) {
        await harness.passMinutes(75);
        expect(await scheduled(harness)).toEqual(NOTHING);
      }
    }));

  it('says nothing a day later of parts that were read and whose _SUCCESS was deleted', () =>
    closed(async (harness) => {
      await harness.passMinutes(5 * 60);
      putPart(harness, 1, 2, 3);
      await harness.idle();
      harness.remove(MARK);
      for (let hours = 1; hours <= 24; hours++) {
        await harness.passMinutes(60);
        expect(await scheduled(harness)).toEqual(NOTHING);
      }
    }));

  it('leaves alone what programs leave behind, and parts that are older than a day', () =>
    waiting(async (harness) => {
      await harness.passMinutes(25 * 60);
      harness.store(`${FOLDER}_temporary/0/part-0.csv`, fileOf(1));
      harness.store(`${FOLDER}.part-0.csv.crc`, 'crc');
      await harness.passMinutes(75);
      expect(await scheduled(harness)).toEqual(NOTHING);
    }));

  it('tells of a folder with which it could not deal, and deals with the others', () =>
    waiting(async (harness) => {
      harness.store(uploadKey('acme', 'february/part-0.csv'), fileOf(1));
      await harness.passMinutes(75);
      const schedule = await harness.schedule();
      const error = new Error('S3 is not well');
      await harness.fail(schedule, await harness.until(schedule, 'HeadObject uploads/acme/february'), error, false);
      expect(await harness.finish(schedule)).toMatchObject({
        problems: [{ subject: 'uploads/acme/february/', error }],
        runs: [{ did: 'ended' }],
      });
    }));
});
