import './charts.ts';
import { checkpointSchema, manifestSchema, roundSchema } from '../../lib/contracts.ts';
import { checkpointKey, manifestKey, outputPrefix, progressKey, roundKey, uploadKey } from '../../lib/layout.ts';
import { Director } from './director.ts';
import { fileOf } from './members.ts';
import { disagreements, readReport } from './promises/reports.ts';
import { stored } from './promises/runs.ts';
import type { WorldOptions } from './world.ts';

const KEY = uploadKey('acme', 'members.csv');
const COMPLETE = { status: 'COMPLETE', members: { total: 4, scored: 4, failed: 0 } };

/** A file of M1 to M4, in two batches, is dropped. */
async function dropped<T>(play: (director: Director) => Promise<T>, options?: WorldOptions): Promise<T> {
  const director = new Director(options);
  return director.world.during(() => {
    director.world.store(KEY, fileOf(4));
    return play(director);
  });
}

/** M1 and M3 are refused at first: the run has ended as PARTIAL, and everybody would be scored by now. */
function partial<T>(play: (director: Director) => Promise<T>): Promise<T> {
  return dropped(async (director) => {
    director.world.services.refused = new Set(['M1', 'M3']);
    await director.idle();
    director.world.services.refused = new Set();
    return play(director);
  });
}

/** The run ends as PARTIAL, while one invocation is held up from before. */
async function partialBehind(director: Director, heldUp: Parameters<Director['idle']>[0]): Promise<void> {
  await director.idle(heldUp);
  expect(director.summary()).toMatchObject({ status: 'PARTIAL', members: { total: 4, scored: 2, failed: 2 } });
  director.world.services.refused = new Set();
}

/** Where the run's outputs contradict each other. */
function contradictions(director: Director): string[] {
  const summary = director.summary();
  return summary === undefined ? ['no summary'] : disagreements(summary, readReport(director.world, summary));
}

/** How often a member's average transaction size was asked for. */
const askedFor = (director: Director, member: string) =>
  director.world.services.calls.filter(({ call, memberId }) => call === 'ats' && memberId === member).length;

describe('a file that two attempts read', () => {
  it('is not of use to nobody because it is deleted after the first has written its members', () =>
    dropped(async (director) => {
      director.repeat('features run 1');
      const first = await director.until(await director.begin('features run 1'), 'PutObject runs/run 1/manifest');
      director.world.remove(KEY);
      const second = await director.until(await director.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await director.step(first);
      await director.finish(second);
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(contradictions(director)).toEqual([]);
    }));

  it('is cut as the first has decided, also when settings have changed before its last batch', () =>
    dropped(async (director) => {
      const first = await director.until(await director.begin('features run 1'), 'PutObject batches/run 1/00002');
      await director.world.kill(first);
      director.world.batching = { minBatchSize: 1, maxBatches: 4 };
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(contradictions(director)).toEqual([]);
    }));

  it('has features of one day, although the same bytes have been dropped again as of another', () =>
    dropped(async (director) => {
      const first = await director.until(await director.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await director.world.kill(first);
      director.world.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
      await director.idle();
      const batches = director.world.objects.list(`batches/${director.runId()}/`).map(({ body }) => body.toString());
      const days = batches.join().match(/"DAYS_SINCE_LAST_TRANSACTION":\d+/g);
      // From the 10th of January to the 1st of February, when it was dropped.
      expect(new Set(days)).toEqual(new Set(['"DAYS_SINCE_LAST_TRANSACTION":22']));
      expect(director.summary()).toMatchObject({ ...COMPLETE, asOf: '2024-02-01' });
      expect(director.summary(2)).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
    }));

  it('is that of its event: where the bucket keeps versions, the same bytes of another are not taken for it', () =>
    dropped(
      async (director) => {
        director.world.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
        await director.idle();
        expect(director.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('overwritten') });
        expect(director.summary(2)).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
      },
      { isVersioned: true },
    ));

  it('is COMPLETE when its function dies for good after all batches are written', () =>
    dropped(async (director) => {
      const features = await director.until(await director.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await director.world.kill(features, { isFinal: true });
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(contradictions(director)).toEqual([]);
    }));

  it('is FAILED when its function died half-way and even the last event of that got lost', () =>
    dropped(async (director) => {
      const features = await director.until(await director.begin('features run 1'), 'PutObject batches/run 1/00002');
      await director.world.kill(features, { isFinal: true });
      director.lose('giveUp of features run 1');
      await director.idle();
      await director.passMinutes(75);
      await director.finish(await director.schedule());
      await director.idle();
      expect(director.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('drop it again') });
    }));
});

describe('what is under way from before a run was resumed', () => {
  it('and writes a report, does not replace the newer one', () =>
    dropped(async (director) => {
      director.world.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      director.repeat('report run 1');
      const stale = await director.until(await director.begin('report run 1'), 'PutObject reports/acme/run 1/report');
      await partialBehind(director, stale);
      await director.finish(await director.resume());
      await director.idle(stale);
      expect(director.summary()).toMatchObject(COMPLETE);
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(contradictions(director)).toEqual([]);
      expect(director.told.at(-1)).toBe('Member offers: COMPLETE, 4 members (members.csv)');
    }));

  it('and writes the same report, is left to the other', () =>
    dropped(async (director) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      director.repeat('report run 1');
      const slow = await director.until(await director.begin('report run 1'), 'PutObject reports/acme/run 1/offers');
      await director.idle(slow);
      const ended = director.summary()?.finishedAt;
      expect(ended).toBeDefined();
      await director.idle();
      expect(slow.ending).toBe('returned');
      expect(director.summary()?.finishedAt).toBe(ended);
      expect(contradictions(director)).toEqual([]);
      expect(director.told).toHaveLength(1);
    }));

  it('and scores a batch, does not undo what was scored since', () =>
    dropped(async (director) => {
      director.world.services.refused = new Set(['M1', 'M3']);
      await director.perform('features run 1');
      director.repeat('predict run 1/1');
      const stale = await director.until(await director.begin('predict run 1/1'), 'PutObject results/run 1/00001');
      await partialBehind(director, stale);
      await director.until(await director.resume(), 'PutObject completed');
      await director.finish(stale);
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(contradictions(director)).toEqual([]);
    }));

  it('and stores what it has for later, does not forget what another has stored', () =>
    dropped(
      async (director) => {
        await director.perform('features run 1');
        director.repeat('predict run 1/1');
        const slow = await director.until(await director.begin('predict run 1/1'), 'asks offer for M2');
        await director.world.take(slow, slow.turns.find(({ what }) => what.endsWith('M1')) ?? failing());
        await director.world.runShort(slow);
        await director.until(slow, 'PutObject checkpoints');
        const quick = await director.until(await director.begin('predict run 1/1'), 'asks ats for M4');
        await director.world.runShort(quick);
        await director.finish(quick);
        await director.finish(slow);
        const checkpoint = stored(director.world, checkpointKey(director.runId(), 1), checkpointSchema);
        expect(checkpoint?.members.map(({ memberId }) => memberId)).toEqual(['M1', 'M2']);
        await director.idle();
        expect(director.summary()).toMatchObject(COMPLETE);
        expect([askedFor(director, 'M1'), askedFor(director, 'M2')]).toEqual([2, 2]);
      },
      { batching: { minBatchSize: 4, maxBatches: 1 } },
    ));
});

function failing(): never {
  throw new Error('no such turn');
}

describe('a run that two people resume', () => {
  it('at once is resumed by one of them', () =>
    partial(async (director) => {
      const [one, other] = [await director.resume(), await director.resume()];
      await director.until(one, 'PutObject runs/run 1/round2');
      await director.finish(other);
      await director.finish(one);
      await director.idle();
      expect([one.ending, other.ending]).toEqual(['returned', 'returned']);
      expect(director.summary()).toMatchObject(COMPLETE);
      expect([askedFor(director, 'M1'), askedFor(director, 'M2')]).toEqual([2, 1]);
    }));

  it('one of them late, when the other is through, is not left without a report', () =>
    partial(async (director) => {
      const late = await director.until(await director.resume(), 'GetObject results/run 1/00001');
      await director.finish(await director.resume());
      await director.idle(late);
      expect(director.summary()).toMatchObject(COMPLETE);
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(contradictions(director)).toEqual([]);
      expect(director.world.deliveries.waiting).toEqual([]);
    }));

  it('while it goes on is left alone the second time', () =>
    partial(async (director) => {
      await director.finish(await director.resume());
      await director.finish(await director.resume());
      // For the second batch as for the first.
      expect(director.world.deliveries.waiting.map(({ name }) => name)).toEqual([
        'predict run 1/1 #2',
        'predict run 1/2 #2',
      ]);
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect([askedFor(director, 'M1'), askedFor(director, 'M2')]).toEqual([2, 1]);
    }));

  it('goes on where it was left when the first has died half-way', () =>
    partial(async (director) => {
      const first = await director.until(await director.resume(), 'PutObject batches/run 1.round2/00002');
      await director.world.kill(first);
      await director.idle();
      await director.passMinutes(75);
      await director.finish(await director.resume());
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(askedFor(director, 'M1')).toBe(2);
    }));
});

describe('resuming a run', () => {
  it('whose file is of no use and whose report has failed has the report written', () =>
    dropped(async (director) => {
      director.world.remove(KEY);
      await director.perform('features run 1');
      await director.world.kill(await director.begin('report run 1'), { isFinal: true });
      await director.idle();
      expect(director.summary()?.reason).toContain('report failed');
      await director.finish(await director.resume());
      await director.idle();
      expect(director.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('deleted') });
      expect(contradictions(director)).toEqual([]);
    }));

  it('whose report has failed has the report written and failed members tried again, at once', () =>
    dropped(async (director) => {
      director.world.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      await director.world.kill(await director.begin('report run 1'), { isFinal: true });
      await director.idle();
      director.world.services.refused = new Set();
      await director.finish(await director.resume());
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
    }));

  it('of which results have expired changes nothing', () =>
    partial(async (director) => {
      for (const { key } of director.world.objects.list(`results/${director.runId()}/`)) director.world.remove(key);
      const before = director.world.objects.list().map(({ key }) => key);
      const resume = await director.finish(await director.resume());
      expect(resume.error).toMatchObject({
        name: 'ExpiredRunError',
        message: expect.stringContaining('drop the file again'),
      });
      expect(director.world.objects.list().map(({ key }) => key)).toEqual(before);
      expect(director.summary()).toMatchObject({ status: 'PARTIAL' });
    }));

  it('tells in its round what is done again', () =>
    partial(async (director) => {
      director.world.services.refused = new Set(['M3']);
      await director.finish(await director.resume());
      await director.idle();
      await director.finish(await director.resume());
      expect(stored(director.world, roundKey(director.runId(), 2), roundSchema)).toMatchObject({
        of: [1, 2],
        members: 2,
      });
      expect(stored(director.world, roundKey(director.runId(), 3), roundSchema)).toMatchObject({ of: [2], members: 1 });
    }));
});

describe('the schedule', () => {
  /** M1 to M4 of another partner are dropped; their run has lost an event for an hour. */
  async function stalled(director: Director): Promise<void> {
    director.lose('predict run 1/1');
    await director.idle();
    await director.passMinutes(75);
  }

  it('goes on with other runs when a manifest cannot be read', () =>
    dropped(async (director) => {
      await director.perform('features run 1');
      director.world.store(manifestKey('20240201T095900Z-00000000'), '{}');
      await stalled(director);
      await director.finish(await director.schedule());
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
    }));

  it('goes on with other runs when an upload is deleted that it is about to store again', () =>
    dropped(async (director) => {
      await director.perform('features run 1');
      director.world.store(uploadKey('acme', 'a-lost-one.csv'), fileOf(1));
      director.lose('features run 2');
      await stalled(director);
      const schedule = await director.until(await director.schedule(), 'HeadObject uploads/acme/a-lost-one.csv');
      director.world.remove(uploadKey('acme', 'a-lost-one.csv'));
      await director.finish(schedule);
      await director.idle();
      expect(schedule.ending).toBe('returned');
      expect(director.summary()).toMatchObject(COMPLETE);
      expect(director.summary(2)).toBeUndefined();
    }));

  it('does not take for lost what waits for room while others are at work', () =>
    dropped(async (director) => {
      await director.perform('features run 1');
      director.world.store(uploadKey('acme', 'waiting.csv'), fileOf(1));
      await director.passMinutes(60);
      await director.perform('predict run 1/1');
      await director.passMinutes(30);
      await director.finish(await director.schedule());
      expect(director.world.deliveries.waiting.map(({ name }) => name)).toEqual(['predict run 1/2', 'features run 2']);
      await director.idle();
      expect(director.world.runIds).toHaveLength(2);
      expect([director.summary()?.status, director.summary(2)?.status]).toEqual(['COMPLETE', 'COMPLETE']);
      expect(askedFor(director, 'M3')).toBe(1);
    }));

  it('does not start a batch again every quarter of an hour while it waits', () =>
    dropped(async (director) => {
      await director.perform('features run 1');
      director.lose('predict run 1/1');
      director.lose('predict run 1/2');
      await director.passMinutes(75);
      await director.finish(await director.schedule());
      expect(director.world.deliveries.waiting).toHaveLength(2);
      await director.passMinutes(15);
      await director.finish(await director.schedule());
      expect(director.world.deliveries.waiting).toHaveLength(2);
    }));

  it('revives a lost upload, although another file is being read', () =>
    dropped(async (director) => {
      director.lose('features run 1');
      await director.passMinutes(7.5 * 60);
      director.world.store(
        progressKey('20240201T173000Z-00000000'),
        JSON.stringify({
          source: { bucket: 'offers', key: uploadKey('acme', 'another.csv') },
          etag: 'e',
          rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
        }),
      );
      await director.finish(await director.schedule());
      await director.idle();
      expect(director.summary(2)).toMatchObject(COMPLETE);
    }));

  it('delivered twice makes one run of a lost upload', () =>
    dropped(async (director) => {
      director.lose('features run 1');
      await director.passMinutes(75);
      const [one, other] = [await director.schedule(), await director.schedule()];
      await director.until(one, 'HeadObject uploads');
      await director.until(other, 'HeadObject uploads');
      await director.finish(one);
      await director.finish(other);
      await director.idle();
      expect(director.world.runIds).toHaveLength(2);
      expect(director.summary(2)).toMatchObject(COMPLETE);
      expect(askedFor(director, 'M1')).toBe(1);
    }));

  it('leaves a run alone whose report was deleted on purpose', () =>
    dropped(async (director) => {
      await director.idle();
      for (const { key } of director.world.objects.list(outputPrefix('acme', director.runId()))) {
        director.world.remove(key);
      }
      await director.passMinutes(75);
      await director.finish(await director.schedule());
      await director.idle();
      expect(director.summary()).toBeUndefined();
    }));

  it('finds a run that was resumed after days and has lost an event', () =>
    partial(async (director) => {
      await director.passMinutes(3 * 24 * 60);
      await director.finish(await director.resume());
      director.lose('predict run 1/1');
      await director.idle();
      expect(director.summary()).toMatchObject({ status: 'PARTIAL' });
      await director.passMinutes(75);
      await director.finish(await director.schedule());
      await director.idle();
      expect(director.summary()).toMatchObject(COMPLETE);
    }));
});

describe('a partner whose name is as long as a key allows', () => {
  it('gets a report under a shorter one', async () => {
    const partner = `${'ä'.repeat(499)}z`;
    const director = new Director();
    await director.world.during(async () => {
      director.world.store(uploadKey(partner, 'm.csv'), fileOf(4));
      await director.idle();
    });
    expect(director.summary(1, partner)).toMatchObject(COMPLETE);
    expect(stored(director.world, manifestKey(director.runId()), manifestSchema)?.partner).toBe(partner);
    expect(director.world.objects.list('reports/').map(({ key }) => Buffer.byteLength(key) <= 1024)).toEqual(
      Array(5).fill(true),
    );
  });
});

describe('who wants to know how runs end', () => {
  it('is told although the function died between writing the report and telling', () =>
    dropped(async (director) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      await director.world.kill(await director.until(await director.begin('report run 1'), 'Publish'));
      expect(director.summary()).toMatchObject(COMPLETE);
      await director.idle();
      expect(director.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told by whoever ends what others cannot when the function died there for good', () =>
    dropped(async (director) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      const report = await director.until(await director.begin('report run 1'), 'Publish');
      await director.world.kill(report, { isFinal: true });
      await director.idle();
      expect(director.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told by the schedule when even that got lost', () =>
    dropped(async (director) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      const report = await director.until(await director.begin('report run 1'), 'Publish');
      await director.world.kill(report, { isFinal: true });
      director.lose('giveUp of report run 1');
      await director.idle();
      await director.passMinutes(75);
      await director.finish(await director.schedule());
      await director.idle();
      expect(director.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told once when two write the report at once', () =>
    dropped(async (director) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      director.repeat('report run 1');
      const one = await director.until(await director.begin('report run 1'), 'Publish');
      const other = await director.until(await director.begin('report run 1'), 'Publish');
      await director.finish(one);
      await director.finish(other);
      await director.idle();
      expect(director.told).toHaveLength(1);
    }));

  it('is not told that a run is PARTIAL after it was told that it is COMPLETE', () =>
    dropped(async (director) => {
      director.world.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await director.perform(name);
      const slow = await director.until(await director.begin('report run 1'), 'Publish');
      director.world.services.refused = new Set();
      await director.finish(await director.resume());
      await director.idle(slow);
      await director.finish(slow);
      await director.finish(await director.resume());
      await director.idle();
      expect(director.told).toEqual([
        'Member offers: PARTIAL, 2 of 4 members failed (members.csv)',
        'Member offers: COMPLETE, 4 members (members.csv)',
      ]);
    }));
});
