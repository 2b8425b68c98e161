import './charts.ts';
import { checkpointSchema, manifestSchema, resultSchema, roundSchema } from '../../lib/run/contracts.ts';
import {
  checkpointKey,
  completionKey,
  manifestKey,
  noticeKey,
  outputPrefix,
  progressKey,
  resultKey,
  roundKey,
  uploadKey,
} from '../../lib/run/keys.ts';
import { DirectedWorld } from './directed-world.ts';
import { askedFor, COMPLETE, contradictions, dropped, KEY, partial } from './dropped.ts';
import type { Invocation } from './invocation.ts';
import { fileOf } from './members.ts';
import { stored } from './promises/runs.ts';

/** The run ends as PARTIAL, while one invocation is held up from before. */
async function partialBehind(world: DirectedWorld, heldUp: Invocation): Promise<void> {
  await world.idle(heldUp);
  expect(world.summary()).toMatchObject({ status: 'PARTIAL', members: { total: 4, scored: 2, failed: 2 } });
  world.services.refused = new Set();
}

describe('a file that two attempts read', () => {
  it('has all members, although it is deleted when the first has written them', () =>
    dropped(async (world) => {
      world.repeat('features run 1');
      const first = await world.held(world.begin('features run 1'), 'PutObject runs/run 1/manifest');
      world.remove(KEY);
      await world.perform('features run 1 #2');
      await world.finish(first);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
    }));

  it('has all members, although it is deleted while the first writes them', () =>
    dropped(async (world) => {
      world.repeat('features run 1');
      const first = await world.held(world.begin('features run 1'), 'PutObject batches/run 1/00002');
      world.remove(KEY);
      await expect(world.perform('features run 1 #2')).rejects.toThrow('deleted before it was read');
      await world.finish(first);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
    }));

  it('is cut as the first has decided, also when settings have changed before its last batch', () =>
    dropped(async (world) => {
      const first = await world.held(world.begin('features run 1'), 'PutObject batches/run 1/00002');
      await world.kill(first);
      world.batching = { minBatchSize: 1, maxBatches: 4 };
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
    }));

  it('has features of one day, although the same bytes have been dropped again as of another', () =>
    dropped(async (world) => {
      const first = await world.held(world.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await world.kill(first);
      world.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
      await world.idle();
      const batches = world.objects.list(`batches/${world.runId()}/`).map(({ body }) => body.toString());
      const days = batches.join().match(/"DAYS_SINCE_LAST_TRANSACTION":\d+/g);
      // From the 10th of January to the 1st of February, when it was dropped.
      expect(new Set(days)).toEqual(new Set(['"DAYS_SINCE_LAST_TRANSACTION":22']));
      expect(world.summary()).toMatchObject({ ...COMPLETE, asOf: '2024-02-01' });
      expect(world.summary(2)).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
    }));

  it('is that of its event: where the bucket keeps versions, the same bytes of another are not taken for it', () =>
    dropped(
      async (world) => {
        world.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
        await world.idle();
        expect(world.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('overwritten') });
        expect(world.summary(2)).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
      },
      { isVersioned: true },
    ));

  it('is COMPLETE when its function dies for good after all batches are written', () =>
    dropped(async (world) => {
      const features = await world.held(world.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await world.kill(features, { isFinal: true });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
    }));

  it('is FAILED when its function died half-way and even the last event of that got lost', () =>
    dropped(async (world) => {
      const features = await world.held(world.begin('features run 1'), 'PutObject batches/run 1/00002');
      await world.kill(features, { isFinal: true });
      world.lose('onFailure of features run 1');
      await world.idle();
      await world.passMinutes(75);
      await world.finish(await world.schedule());
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('drop it again') });
    }));
});

describe('what is under way from before a run was resumed', () => {
  it('and writes a report, does not replace the newer one', () =>
    dropped(async (world) => {
      world.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      world.repeat('report run 1');
      const stale = await world.held(world.begin('report run 1'), 'PutObject reports/acme/run 1/report');
      await partialBehind(world, stale);
      await world.finish(await world.resume());
      await world.idle(stale);
      expect(world.summary()).toMatchObject(COMPLETE);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
      expect(world.told.at(-1)).toBe('Member offers: COMPLETE, 4 members (members.csv)');
    }));

  it('and writes the same report, is left to the other', () =>
    dropped(async (world) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      world.repeat('report run 1');
      const slow = await world.held(world.begin('report run 1'), 'PutObject reports/acme/run 1/offers');
      await world.idle(slow);
      const ended = world.summary()?.finishedAt;
      expect(ended).toBeDefined();
      await world.idle();
      expect(slow.ending).toBe('returned');
      expect(world.summary()?.finishedAt).toBe(ended);
      expect(contradictions(world)).toEqual([]);
      expect(world.told).toHaveLength(1);
    }));

  it('and scores a batch, does not undo what was scored since', () =>
    dropped(async (world) => {
      world.services.refused = new Set(['M1', 'M3']);
      await world.perform('features run 1');
      world.repeat('predict run 1/1');
      const stale = await world.held(world.begin('predict run 1/1'), 'PutObject results/run 1/00001');
      await partialBehind(world, stale);
      await world.finish(await world.resume());
      await world.finish(stale);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
    }));

  it('and stores what it has for later, does not forget what another has stored', () =>
    dropped(
      async (world) => {
        await world.perform('features run 1');
        world.repeat('predict run 1/1');
        const slow = await world.held(world.begin('predict run 1/1'), 'asks offer for M2');
        await world.take(slow, slow.turns.find(({ what }) => what.endsWith('M1')) ?? failing());
        await world.runShort(slow);
        await world.until(slow, 'PutObject checkpoints');
        const quick = await world.held(world.begin('predict run 1/1 #2'), 'asks ats for M4');
        await world.runShort(quick);
        await world.finish(quick);
        await world.finish(slow);
        const checkpoint = stored(world, checkpointKey(world.runId(), 1), checkpointSchema);
        expect(checkpoint?.members.map(({ memberId }) => memberId)).toEqual(['M1', 'M2']);
        await world.idle();
        expect(world.summary()).toMatchObject(COMPLETE);
        expect([askedFor(world, 'M1'), askedFor(world, 'M2')]).toEqual([2, 2]);
      },
      { batching: { minBatchSize: 4, maxBatches: 1 } },
    ));
});

function failing(): never {
  throw new Error('no such turn');
}

describe('a run that two people resume', () => {
  it('at once is resumed by one of them', () =>
    partial(async (world) => {
      const [one, other] = [await world.resume(), await world.resume()];
      await world.until(one, 'PutObject runs/run 1/round2');
      await world.finish(other);
      await world.finish(one);
      await world.idle();
      expect([one.ending, other.ending]).toEqual(['returned', 'returned']);
      expect(world.summary()).toMatchObject(COMPLETE);
      expect([askedFor(world, 'M1'), askedFor(world, 'M2')]).toEqual([2, 1]);
    }));

  it('one of them late, when the other is through, is not left without a report', () =>
    partial(async (world) => {
      const late = await world.held(world.resume(), 'GetObject results/run 1/00001');
      await world.finish(await world.resume());
      await world.idle(late);
      expect(world.summary()).toMatchObject(COMPLETE);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
      expect(world.deliveries.waiting).toEqual([]);
    }));

  it('while it goes on is left alone the second time', () =>
    partial(async (world) => {
      await world.finish(await world.resume());
      await world.finish(await world.resume());
      // For the second batch as for the first.
      expect(world.waitingNames).toEqual(['predict run 1/1 #2', 'predict run 1/2 #2']);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect([askedFor(world, 'M1'), askedFor(world, 'M2')]).toEqual([2, 1]);
    }));

  it('goes on where it was left when the first has died half-way', () =>
    partial(async (world) => {
      const first = await world.held(world.resume(), 'PutObject batches/run 1.round2/00002');
      await world.kill(first);
      await world.idle();
      await world.passMinutes(75);
      await world.finish(await world.resume());
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(askedFor(world, 'M1')).toBe(2);
    }));
});

describe('a report that is written once more', () => {
  it('and fails for good leaves the one that is there', () =>
    dropped(async (world) => {
      await world.idle();
      world.store(completionKey(world.runId()), JSON.stringify({ runId: world.runId(), batches: 2 }));
      await world.kill(await world.begin('report run 1 #2'), { isFinal: true });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
      expect(world.told).toHaveLength(1);
    }));

  it('by a version with rounds is not told of when the one before has told the same', () =>
    dropped(async (world) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      const { members } = COMPLETE;
      world.store(noticeKey(world.runId()), JSON.stringify({ status: 'COMPLETE', members }));
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(world.told).toEqual([]);
    }));
});

describe('resuming a run', () => {
  it('whose file is of no use and whose report has failed has the report written', () =>
    dropped(async (world) => {
      world.remove(KEY);
      await world.perform('features run 1');
      await world.kill(await world.begin('report run 1'), { isFinal: true });
      await world.idle();
      expect(world.summary()?.reason).toContain('report failed');
      await world.finish(await world.resume());
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('deleted') });
      expect(contradictions(world)).toEqual([]);
    }));

  it('whose report has failed has the report written and failed members tried again, at once', () =>
    dropped(async (world) => {
      world.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      await world.kill(await world.begin('report run 1'), { isFinal: true });
      await world.idle();
      world.services.refused = new Set();
      await world.finish(await world.resume());
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('of which results have expired changes nothing', () =>
    partial(async (world) => {
      for (const prefix of ['batches', 'results']) {
        for (const { key } of world.objects.list(`${prefix}/${world.runId()}/`)) world.remove(key);
      }
      const before = world.objects.list().map(({ key }) => key);
      await world.passMinutes(75);
      await expect(world.finish(await world.resume())).rejects.toThrow(/^run .* cannot go on: .* drop the file again$/);
      expect(world.objects.list().map(({ key }) => key)).toEqual(before);
      expect(world.summary()).toMatchObject({ status: 'PARTIAL' });
    }));

  it('that a version without rounds has begun to resume has its batches scored first', () =>
    partial(async (world) => {
      // As it was left when that had died: what is not to be called for again is stored, a result is gone.
      const result = stored(world, resultKey(world.runId(), 1), resultSchema);
      const members = result?.members.filter(({ outcome }) => outcome.status === 'SCORED') ?? [];
      const checkpoint = { runId: world.runId(), batch: 1, members, continuations: 0 };
      world.store(checkpointKey(world.runId(), 1), JSON.stringify(checkpoint));
      world.remove(resultKey(world.runId(), 1));
      for (const _ of ['the batch without a result', 'members that have failed']) {
        await world.passMinutes(75);
        await world.finish(await world.resume());
        await world.idle();
      }
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(contradictions(world)).toEqual([]);
      expect([askedFor(world, 'M1'), askedFor(world, 'M2'), askedFor(world, 'M3')]).toEqual([2, 1, 2]);
    }));

  it('tells in its round what is done again', () =>
    partial(async (world) => {
      world.services.refused = new Set(['M3']);
      await world.finish(await world.resume());
      await world.idle();
      await world.finish(await world.resume());
      expect(stored(world, roundKey(world.runId(), 2), roundSchema)).toMatchObject({
        of: [1, 2],
        members: 2,
      });
      expect(stored(world, roundKey(world.runId(), 3), roundSchema)).toMatchObject({ of: [2], members: 1 });
    }));
});

describe('the schedule', () => {
  /** M1 to M4 of another partner are dropped; their run has lost an event for an hour. */
  async function stalled(world: DirectedWorld): Promise<void> {
    world.lose('predict run 1/1');
    await world.idle();
    await world.passMinutes(75);
  }

  it('goes on with other runs when a manifest cannot be read', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.store(manifestKey('20240201T095900Z-00000000'), '{}');
      await stalled(world);
      await world.finish(await world.schedule());
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('goes on with other runs when an upload is deleted that it is about to store again', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.store(uploadKey('acme', 'a-lost-one.csv'), fileOf(1));
      world.lose('features run 2');
      await stalled(world);
      const schedule = await world.held(world.schedule(), 'HeadObject uploads/acme/a-lost-one.csv');
      world.remove(uploadKey('acme', 'a-lost-one.csv'));
      await world.finish(schedule);
      await world.idle();
      expect(schedule.ending).toBe('returned');
      expect(world.summary()).toMatchObject(COMPLETE);
      expect(world.summary(2)).toBeUndefined();
    }));

  it('does not take for lost what waits for room while others are at work', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.store(uploadKey('acme', 'waiting.csv'), fileOf(1));
      await world.passMinutes(60);
      await world.perform('predict run 1/1');
      await world.passMinutes(30);
      await world.finish(await world.schedule());
      expect(world.waitingNames).toEqual(['predict run 1/2', 'features run 2']);
      await world.idle();
      expect(world.runIds).toHaveLength(2);
      expect([world.summary()?.status, world.summary(2)?.status]).toEqual(['COMPLETE', 'COMPLETE']);
      expect(askedFor(world, 'M3')).toBe(1);
    }));

  it('does not take for lost what waits for room that others have only just left', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      await world.passMinutes(60);
      world.store(uploadKey('acme', 'quick.csv'), fileOf(1));
      for (const name of ['features run 2', 'predict run 2/1', 'report run 2']) await world.perform(name);
      await world.passMinutes(15);
      await world.finish(await world.schedule());
      expect(world.waitingNames).toEqual(['predict run 1/1', 'predict run 1/2']);
    }));

  it('does not start a batch again every quarter of an hour while it waits', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.lose('predict run 1/1');
      world.lose('predict run 1/2');
      await world.passMinutes(75);
      await world.finish(await world.schedule());
      expect(world.deliveries.waiting).toHaveLength(2);
      await world.passMinutes(15);
      await world.finish(await world.schedule());
      expect(world.deliveries.waiting).toHaveLength(2);
    }));

  it('revives a lost upload, although another file is being read', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(7.5 * 60);
      world.store(
        progressKey('20240201T173000Z-00000000'),
        JSON.stringify({
          source: { bucket: 'offers', key: uploadKey('acme', 'another.csv') },
          etag: 'e',
          rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
        }),
      );
      await world.finish(await world.schedule());
      await world.idle();
      expect(world.summary(2)).toMatchObject(COMPLETE);
    }));

  it('delivered twice makes one run of a lost upload', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      await world.passMinutes(75);
      const one = await world.held(world.schedule(), 'PutObject resumed/uploads');
      const other = await world.held(world.schedule(), 'PutObject resumed/uploads');
      await world.finish(one);
      await world.finish(other);
      await world.idle();
      expect(world.runIds).toHaveLength(2);
      expect(world.summary(2)).toMatchObject(COMPLETE);
      expect(askedFor(world, 'M1')).toBe(1);
    }));

  it('leaves a run alone whose report was deleted on purpose', () =>
    dropped(async (world) => {
      await world.idle();
      for (const { key } of world.objects.list(outputPrefix('acme', world.runId()))) {
        world.remove(key);
      }
      await world.passMinutes(75);
      await world.finish(await world.schedule());
      await world.idle();
      expect(world.summary()).toBeUndefined();
    }));

  it('finds a run that was resumed after days and has lost an event', () =>
    partial(async (world) => {
      await world.passMinutes(3 * 24 * 60);
      await world.finish(await world.resume());
      world.lose('predict run 1/1 #2');
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'PARTIAL' });
      await world.passMinutes(75);
      await world.finish(await world.schedule());
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));
});

describe('a partner whose name is as long as a key allows', () => {
  it('gets a report under a shorter one', async () => {
    const partner = `${'ä'.repeat(499)}z`;
    const world = new DirectedWorld();
    await world.during(async () => {
      world.store(uploadKey(partner, 'm.csv'), fileOf(4));
      await world.idle();
    });
    expect(world.summary(1, partner)).toMatchObject(COMPLETE);
    expect(stored(world, manifestKey(world.runId()), manifestSchema)?.partner).toBe(partner);
    expect(world.objects.list('reports/').map(({ key }) => Buffer.byteLength(key) <= 1024)).toEqual(
      Array(5).fill(true),
    );
  });
});

describe('who wants to know how runs end', () => {
  it('is told although the function died between writing the report and telling', () =>
    dropped(async (world) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      await world.kill(await world.held(world.begin('report run 1'), 'Publish'));
      expect(world.summary()).toMatchObject(COMPLETE);
      await world.idle();
      expect(world.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told by whoever ends what others cannot when the function died there for good', () =>
    dropped(async (world) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      const report = await world.held(world.begin('report run 1'), 'Publish');
      await world.kill(report, { isFinal: true });
      await world.idle();
      expect(world.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told by the schedule when even that got lost', () =>
    dropped(async (world) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      const report = await world.held(world.begin('report run 1'), 'Publish');
      await world.kill(report, { isFinal: true });
      world.lose('onFailure of report run 1');
      await world.idle();
      await world.passMinutes(75);
      await world.finish(await world.schedule());
      await world.idle();
      expect(world.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told once also when another report is written while it is told', () =>
    dropped(async (world) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      world.repeat('report run 1');
      const one = await world.held(world.begin('report run 1'), 'Publish');
      await world.perform('report run 1 #2');
      await world.finish(one);
      await world.idle();
      expect(world.told).toHaveLength(1);
    }));

  it('is not told that a run is PARTIAL after it was told that it is COMPLETE', () =>
    dropped(async (world) => {
      world.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await world.perform(name);
      const slow = await world.held(world.begin('report run 1'), 'Publish');
      world.services.refused = new Set();
      await world.finish(await world.resume());
      await world.idle(slow);
      await world.finish(slow);
      await world.finish(await world.resume());
      await world.idle();
      expect(world.told).toEqual([
        'Member offers: PARTIAL, 2 of 4 members failed (members.csv)',
        'Member offers: COMPLETE, 4 members (members.csv)',
      ]);
    }));
});
