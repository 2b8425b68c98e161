import { OUTPUT_NAMES } from '../../lib/run/outputs.ts';
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
import { DirectedHarness } from './directed-harness.ts';
import { askedFor, COMPLETE, contradictions, dropped, KEY, partial } from './dropped.ts';
import type { Invocation } from './invocation.ts';
import { fileOf } from './members.ts';
import { stored } from './promises/runs.ts';

/** The run ends as PARTIAL, while one invocation is held up from before. */
async function partialBehind(harness: DirectedHarness, heldUp: Invocation): Promise<void> {
  await harness.idle(heldUp);
  expect(harness.summary()).toMatchObject({ status: 'PARTIAL', members: { total: 4, scored: 2, failed: 2 } });
  harness.services.refused = new Set();
}

describe('a file that two attempts read', () => {
  it('has all members, although it is deleted when the first has written them', () =>
    dropped(async (harness) => {
      harness.repeat('features run 1');
      const first = await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/manifest');
      harness.remove(KEY);
      await harness.perform('features run 1 #2');
      await harness.finish(first);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
    }));

  it('has all members, although it is deleted while the first writes them', () =>
    dropped(async (harness) => {
      harness.repeat('features run 1');
      const first = await harness.held(harness.begin('features run 1'), 'PutObject batches/run 1/00002');
      harness.remove(KEY);
      await expect(harness.perform('features run 1 #2')).rejects.toThrow('deleted before it was read');
      await harness.finish(first);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
    }));

  it('is cut as the first has decided, also when settings have changed before its last batch', () =>
    dropped(async (harness) => {
      const first = await harness.held(harness.begin('features run 1'), 'PutObject batches/run 1/00002');
      await harness.kill(first);
      harness.batching = { minBatchSize: 1, maxBatches: 4 };
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
    }));

  it('has features of one day, although the same bytes have been dropped again as of another', () =>
    dropped(async (harness) => {
      const first = await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await harness.kill(first);
      harness.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
      await harness.idle();
      const batches = harness.objects.list(`batches/${harness.runId()}/`).map(({ body }) => body.toString());
      const days = batches.join().match(/"DAYS_SINCE_LAST_TRANSACTION":\d+/g);
      // From the 10th of January to the 1st of February, when it was dropped.
      expect(new Set(days)).toEqual(new Set(['"DAYS_SINCE_LAST_TRANSACTION":22']));
      expect(harness.summary()).toMatchObject({ ...COMPLETE, asOf: '2024-02-01' });
      expect(harness.summary(2)).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
    }));

  it('is that of its event: where the bucket keeps versions, the same bytes of another are not taken for it', () =>
    dropped(
      async (harness) => {
        harness.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
        await harness.idle();
        expect(harness.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('overwritten') });
        expect(harness.summary(2)).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
      },
      { isVersioned: true },
    ));

  it('is COMPLETE when its function dies for good after all batches are written', () =>
    dropped(async (harness) => {
      const features = await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/manifest');
      await harness.kill(features, { isFinal: true });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
    }));

  it('is FAILED when its function died half-way and even the last event of that got lost', () =>
    dropped(async (harness) => {
      const features = await harness.held(harness.begin('features run 1'), 'PutObject batches/run 1/00002');
      await harness.kill(features, { isFinal: true });
      harness.lose('onFailure of features run 1');
      await harness.idle();
      await harness.passMinutes(75);
      await harness.finish(await harness.schedule());
      await harness.idle();
      expect(harness.summary()).toMatchObject({
        status: 'FAILED',
        reason: expect.stringContaining('drop the file again'),
      });
    }));
});

describe('what is under way from before a run was resumed', () => {
  it('and writes a report, does not replace the newer one', () =>
    dropped(async (harness) => {
      harness.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      harness.repeat('report run 1');
      const stale = await harness.held(harness.begin('report run 1'), 'PutObject reports/acme/run 1/report');
      await partialBehind(harness, stale);
      await harness.finish(await harness.resume());
      await harness.idle(stale);
      expect(harness.summary()).toMatchObject(COMPLETE);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
      expect(harness.told.at(-1)).toBe('Member offers: COMPLETE, 4 members (members.csv)');
    }));

  it('and writes the same report, is left to the other', () =>
    dropped(async (harness) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      harness.repeat('report run 1');
      const slow = await harness.held(harness.begin('report run 1'), 'PutObject reports/acme/run 1/offers');
      await harness.idle(slow);
      const ended = harness.summary()?.finishedAt;
      expect(ended).toBeDefined();
      await harness.idle();
      expect(slow.ending).toBe('returned');
      expect(harness.summary()?.finishedAt).toBe(ended);
      expect(contradictions(harness)).toEqual([]);
      expect(harness.told).toHaveLength(1);
    }));

  it('and scores a batch, does not undo what was scored since', () =>
    dropped(async (harness) => {
      harness.services.refused = new Set(['M1', 'M3']);
      await harness.perform('features run 1');
      harness.repeat('predict run 1/1');
      const stale = await harness.held(harness.begin('predict run 1/1'), 'PutObject results/run 1/00001');
      await partialBehind(harness, stale);
      await harness.finish(await harness.resume());
      await harness.finish(stale);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
    }));

  it('and stores what it has for later, does not forget what another has stored', () =>
    dropped(
      async (harness) => {
        await harness.perform('features run 1');
        harness.repeat('predict run 1/1');
        const slow = await harness.held(harness.begin('predict run 1/1'), 'asks offer for M2');
        await harness.take(slow, slow.turns.find(({ what }) => what.endsWith('M1')) ?? failing());
        await harness.runShort(slow);
        await harness.until(slow, 'PutObject checkpoints');
        const quick = await harness.held(harness.begin('predict run 1/1 #2'), 'asks ats for M4');
        await harness.runShort(quick);
        await harness.finish(quick);
        await harness.finish(slow);
        const checkpoint = stored(harness, checkpointKey(harness.runId(), 1), checkpointSchema);
        expect(checkpoint?.members.map(({ memberId }) => memberId)).toEqual(['M1', 'M2']);
        await harness.idle();
        expect(harness.summary()).toMatchObject(COMPLETE);
        expect([askedFor(harness, 'M1'), askedFor(harness, 'M2')]).toEqual([2, 2]);
      },
      { batching: { minBatchSize: 4, maxBatches: 1 } },
    ));
});

function failing(): never {
  throw new Error('no such turn');
}

describe('a run that two people resume', () => {
  it('at once is resumed by one of them', () =>
    partial(async (harness) => {
      const [one, other] = [await harness.resume(), await harness.resume()];
      await harness.until(one, 'PutObject runs/run 1/round2');
      await harness.finish(other);
      await harness.finish(one);
      await harness.idle();
      expect([one.ending, other.ending]).toEqual(['returned', 'returned']);
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect([askedFor(harness, 'M1'), askedFor(harness, 'M2')]).toEqual([2, 1]);
    }));

  it('one of them late, when the other is through, is not left without a report', () =>
    partial(async (harness) => {
      const late = await harness.held(harness.resume(), 'GetObject results/run 1/00001');
      await harness.finish(await harness.resume());
      await harness.idle(late);
      expect(harness.summary()).toMatchObject(COMPLETE);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
      expect(harness.deliveries.waiting).toEqual([]);
    }));

  it('while it goes on is left alone the second time', () =>
    partial(async (harness) => {
      await harness.finish(await harness.resume());
      await harness.finish(await harness.resume());
      // For the second batch as for the first.
      expect(harness.waitingNames).toEqual(['predict run 1/1 #2', 'predict run 1/2 #2']);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect([askedFor(harness, 'M1'), askedFor(harness, 'M2')]).toEqual([2, 1]);
    }));

  it('goes on where it was left when the first has died half-way', () =>
    partial(async (harness) => {
      const first = await harness.held(harness.resume(), 'PutObject batches/run 1.round2/00002');
      await harness.kill(first);
      await harness.idle();
      await harness.passMinutes(75);
      await harness.finish(await harness.resume());
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(askedFor(harness, 'M1')).toBe(2);
    }));
});

describe('a report that is written once more', () => {
  it('and fails for good leaves the one that is there', () =>
    dropped(async (harness) => {
      await harness.idle();
      harness.store(completionKey(harness.runId()), JSON.stringify({ runId: harness.runId(), batches: 2 }));
      await harness.kill(await harness.begin('report run 1 #2'), { isFinal: true });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
      expect(harness.told).toHaveLength(1);
    }));

  it('by a version with rounds is not told of when the one before has told the same', () =>
    dropped(async (harness) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      const { members } = COMPLETE;
      harness.store(noticeKey(harness.runId()), JSON.stringify({ status: 'COMPLETE', members }));
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(harness.told).toEqual([]);
    }));
});

describe('resuming a run', () => {
  it('whose file is of no use and whose report has failed has the report written', () =>
    dropped(async (harness) => {
      harness.remove(KEY);
      await harness.perform('features run 1');
      await harness.kill(await harness.begin('report run 1'), { isFinal: true });
      await harness.idle();
      expect(harness.summary()?.reason).toContain('report failed');
      await harness.finish(await harness.resume());
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('deleted') });
      expect(contradictions(harness)).toEqual([]);
    }));

  it('whose report has failed has the report written and failed members tried again, at once', () =>
    dropped(async (harness) => {
      harness.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      await harness.kill(await harness.begin('report run 1'), { isFinal: true });
      await harness.idle();
      harness.services.refused = new Set();
      await harness.finish(await harness.resume());
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('of which results have expired changes nothing', () =>
    partial(async (harness) => {
      for (const prefix of ['batches', 'results']) {
        for (const { key } of harness.objects.list(`${prefix}/${harness.runId()}/`)) harness.remove(key);
      }
      const before = harness.objects.list().map(({ key }) => key);
      await harness.passMinutes(75);
      await expect(harness.finish(await harness.resume())).rejects.toThrow(
        /^run .* cannot go on: .* drop the file again$/,
      );
      expect(harness.objects.list().map(({ key }) => key)).toEqual(before);
      expect(harness.summary()).toMatchObject({ status: 'PARTIAL' });
    }));

  it('that a version without rounds has begun to resume has its batches scored first', () =>
    partial(async (harness) => {
      // As it was left when that had died: what is not to be called for again is stored, a result is gone.
      const result = stored(harness, resultKey(harness.runId(), 1), resultSchema);
      const members = result?.members.filter(({ outcome }) => outcome.status === 'SCORED') ?? [];
      const checkpoint = { runId: harness.runId(), batch: 1, members, continuations: 0 };
      harness.store(checkpointKey(harness.runId(), 1), JSON.stringify(checkpoint));
      harness.remove(resultKey(harness.runId(), 1));
      for (const _ of ['the batch without a result', 'members that have failed']) {
        await harness.passMinutes(75);
        await harness.finish(await harness.resume());
        await harness.idle();
      }
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(contradictions(harness)).toEqual([]);
      expect([askedFor(harness, 'M1'), askedFor(harness, 'M2'), askedFor(harness, 'M3')]).toEqual([2, 1, 2]);
    }));

  it('tells in its round what is done again', () =>
    partial(async (harness) => {
      harness.services.refused = new Set(['M3']);
      await harness.finish(await harness.resume());
      await harness.idle();
      await harness.finish(await harness.resume());
      expect(stored(harness, roundKey(harness.runId(), 2), roundSchema)).toMatchObject({
        of: [1, 2],
        members: 2,
      });
      expect(stored(harness, roundKey(harness.runId(), 3), roundSchema)).toMatchObject({ of: [2], members: 1 });
    }));
});

describe('the schedule', () => {
  /** M1 to M4 of another partner are dropped; their run has lost an event for an hour. */
  async function stalled(harness: DirectedHarness): Promise<void> {
    harness.lose('predict run 1/1');
    await harness.idle();
    await harness.passMinutes(75);
  }

  it('goes on with other runs when a manifest cannot be read', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.store(manifestKey('20240201T095900Z-00000000'), '{}');
      await stalled(harness);
      await harness.finish(await harness.schedule());
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('goes on with other runs when an upload is deleted that it is about to store again', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.store(uploadKey('acme', 'a-lost-one.csv'), fileOf(1));
      harness.lose('features run 2');
      await stalled(harness);
      const schedule = await harness.held(harness.schedule(), 'HeadObject uploads/acme/a-lost-one.csv');
      harness.remove(uploadKey('acme', 'a-lost-one.csv'));
      await harness.finish(schedule);
      await harness.idle();
      expect(schedule.ending).toBe('returned');
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect(harness.summary(2)).toBeUndefined();
    }));

  it('does not take for lost what waits for room while others are at work', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.store(uploadKey('acme', 'waiting.csv'), fileOf(1));
      await harness.passMinutes(60);
      await harness.perform('predict run 1/1');
      await harness.passMinutes(30);
      await harness.finish(await harness.schedule());
      expect(harness.waitingNames).toEqual(['predict run 1/2', 'features run 2']);
      await harness.idle();
      expect(harness.runIds).toHaveLength(2);
      expect([harness.summary()?.status, harness.summary(2)?.status]).toEqual(['COMPLETE', 'COMPLETE']);
      expect(askedFor(harness, 'M3')).toBe(1);
    }));

  it('does not take for lost what waits for room that others have only just left', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      await harness.passMinutes(60);
      harness.store(uploadKey('acme', 'quick.csv'), fileOf(1));
      for (const name of ['features run 2', 'predict run 2/1', 'report run 2']) await harness.perform(name);
      await harness.passMinutes(15);
      await harness.finish(await harness.schedule());
      expect(harness.waitingNames).toEqual(['predict run 1/1', 'predict run 1/2']);
    }));

  it('does not start a batch again every quarter of an hour while it waits', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.lose('predict run 1/1');
      harness.lose('predict run 1/2');
      await harness.passMinutes(75);
      await harness.finish(await harness.schedule());
      expect(harness.deliveries.waiting).toHaveLength(2);
      await harness.passMinutes(15);
      await harness.finish(await harness.schedule());
      expect(harness.deliveries.waiting).toHaveLength(2);
    }));

  it('revives a lost upload, although another file is being read', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(7.5 * 60);
      harness.store(
        progressKey('20240201T173000Z-00000000'),
        JSON.stringify({
          source: { bucket: 'offers', key: uploadKey('acme', 'another.csv') },
          etag: 'e',
          rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
        }),
      );
      await harness.finish(await harness.schedule());
      await harness.idle();
      expect(harness.summary(2)).toMatchObject(COMPLETE);
    }));

  it('delivered twice makes one run of a lost upload', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      await harness.passMinutes(75);
      const one = await harness.held(harness.schedule(), 'PutObject resumed/uploads');
      const other = await harness.held(harness.schedule(), 'PutObject resumed/uploads');
      await harness.finish(one);
      await harness.finish(other);
      await harness.idle();
      expect(harness.runIds).toHaveLength(2);
      expect(harness.summary(2)).toMatchObject(COMPLETE);
      expect(askedFor(harness, 'M1')).toBe(1);
    }));

  it('leaves a run alone whose report was deleted on purpose', () =>
    dropped(async (harness) => {
      await harness.idle();
      for (const { key } of harness.objects.list(outputPrefix('acme', harness.runId()))) {
        harness.remove(key);
      }
      await harness.passMinutes(75);
      await harness.finish(await harness.schedule());
      await harness.idle();
      expect(harness.summary()).toBeUndefined();
    }));

  it('finds a run that was resumed after days and has lost an event', () =>
    partial(async (harness) => {
      await harness.passMinutes(3 * 24 * 60);
      await harness.finish(await harness.resume());
      harness.lose('predict run 1/1 #2');
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'PARTIAL' });
      await harness.passMinutes(75);
      await harness.finish(await harness.schedule());
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));
});

describe('a partner whose name is as long as a key allows', () => {
  it('gets a report under a shorter one', async () => {
    const partner = `${'ä'.repeat(499)}z`;
    const harness = new DirectedHarness();
    await harness.during(async () => {
      harness.store(uploadKey(partner, 'm.csv'), fileOf(4));
      await harness.idle();
    });
    expect(harness.summary(1, partner)).toMatchObject(COMPLETE);
    expect(stored(harness, manifestKey(harness.runId()), manifestSchema)?.partner).toBe(partner);
    expect(harness.objects.list('reports/').map(({ key }) => Buffer.byteLength(key) <= 1024)).toEqual(
      OUTPUT_NAMES.map(() => true),
    );
  });
});

describe('who wants to know how runs end', () => {
  it('is told although the function died between writing the report and telling', () =>
    dropped(async (harness) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      await harness.kill(await harness.held(harness.begin('report run 1'), 'Publish'));
      expect(harness.summary()).toMatchObject(COMPLETE);
      await harness.idle();
      expect(harness.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told by whoever ends what others cannot when the function died there for good', () =>
    dropped(async (harness) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      const report = await harness.held(harness.begin('report run 1'), 'Publish');
      await harness.kill(report, { isFinal: true });
      await harness.idle();
      expect(harness.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told by the schedule when even that got lost', () =>
    dropped(async (harness) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      const report = await harness.held(harness.begin('report run 1'), 'Publish');
      await harness.kill(report, { isFinal: true });
      harness.lose('onFailure of report run 1');
      await harness.idle();
      await harness.passMinutes(75);
      await harness.finish(await harness.schedule());
      await harness.idle();
      expect(harness.told).toEqual(['Member offers: COMPLETE, 4 members (members.csv)']);
    }));

  it('is told once also when another report is written while it is told', () =>
    dropped(async (harness) => {
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      harness.repeat('report run 1');
      const one = await harness.held(harness.begin('report run 1'), 'Publish');
      await harness.perform('report run 1 #2');
      await harness.finish(one);
      await harness.idle();
      expect(harness.told).toHaveLength(1);
    }));

  it('is not told that a run is PARTIAL after it was told that it is COMPLETE', () =>
    dropped(async (harness) => {
      harness.services.refused = new Set(['M1', 'M3']);
      for (const name of ['features run 1', 'predict run 1/1', 'predict run 1/2']) await harness.perform(name);
      const slow = await harness.held(harness.begin('report run 1'), 'Publish');
      harness.services.refused = new Set();
      await harness.finish(await harness.resume());
      await harness.idle(slow);
      await harness.finish(slow);
      await harness.finish(await harness.resume());
      await harness.idle();
      expect(harness.told).toEqual([
        'Member offers: PARTIAL, 2 of 4 members failed (members.csv)',
        'Member offers: COMPLETE, 4 members (members.csv)',
      ]);
    }));
});
