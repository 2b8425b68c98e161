import { PREDICTIONS } from '../default-calls.ts';
import './charts.ts';
import { strFromU8, unzipSync } from 'fflate';
import type { Callable } from '../../lib/endpoints/callable.ts';
import { completeIfAllIn } from '../../lib/run/completion.ts';
import { type Manifest, manifestSchema, type Result } from '../../lib/run/contracts.ts';
import {
  batchKey,
  completionKey,
  endKey,
  manifestKey,
  outputKey,
  planKey,
  rejectedRowsKey,
  resultKey,
} from '../../lib/run/keys.ts';
import type { ObjectCreated } from '../../lib/run/object-created.ts';
import type { Output } from '../../lib/run/outputs.ts';
import type { Edition } from '../../lib/run/summary.ts';
import { prepareRun } from '../../lib/stages/features/prepare-run.ts';
import { Deadline } from '../../lib/stages/predict/deadline.ts';
import { scoreBatch } from '../../lib/stages/predict/score-batch.ts';
import { rejectedRowSchema } from '../../lib/transactions/row-account.ts';
import { callable } from '../builders/callables.ts';
// The report stage would load it when it is first needed, in the midst of a test.
import '../../lib/stages/report/report-files.ts';
import { readResult, readRounds } from '../../lib/run/rounds.ts';
import { hasReport, isSettled } from '../../lib/run/stored-report.ts';
import { writeReport } from '../../lib/stages/report/write-report.ts';
import { DEFAULT_LIMITS } from '../../lib/transactions/limits.ts';
import type { DirectedHarness } from './directed-harness.ts';
import {
  askedFor,
  bucketOf,
  COMPLETE,
  dropped,
  jsonOf,
  KEY,
  ONE_BATCH,
  OVERLOADED,
  partial,
  performAll,
  THROUGH,
} from './dropped.ts';
import { fileOf } from './members.ts';
import { PARTNERS } from './partners.ts';
import { linesOf } from './promises/reports.ts';
import { stored } from './promises/runs.ts';
import { preconditionFailed } from './s3/errors.ts';

const outputLines = (harness: DirectedHarness, output: Output) =>
  linesOf(Buffer.from(harness.textOf(outputKey('acme', harness.runId(), output))));

describe('a run of two batches', () => {
  it('asks S3 for nothing that it does not need', () =>
    dropped(async (harness) => {
      const steps = await harness.idle();
      const requests = steps.filter((step) => / (Get|Head|Put|Copy|List|Delete|Create|Upload)/.test(step));
      expect(requests.map((step) => step.replaceAll('run 1', '1'))).toEqual([
        'features 1: GetObject runs/1/manifest.json',
        'features 1: GetObject runs/1/plan.json',
        'features 1: GetObject batches/1/00001.json',
        'features 1: GetObject uploads/acme/members.csv',
        'features 1: PutObject runs/1/plan.json',
        'features 1: PutObject runs/1/rejected.jsonl',
        'features 1: PutObject batches/1/00001.json',
        'features 1: PutObject batches/1/00002.json',
        'features 1: PutObject runs/1/manifest.json',
        'features 1: HeadObject results/1/00002.json',
        'predict 1/1: GetObject batches/1/00001.json',
        'predict 1/1: HeadObject results/1/00001.json',
        'predict 1/1: GetObject checkpoints/1/00001.json',
        'predict 1/1: PutObject results/1/00001.json',
        'predict 1/1: HeadObject results/1/00002.json',
        'predict 1/2: GetObject batches/1/00002.json',
        'predict 1/2: HeadObject results/1/00002.json',
        'predict 1/2: GetObject checkpoints/1/00002.json',
        'predict 1/2: PutObject results/1/00002.json',
        'predict 1/2: HeadObject results/1/00002.json',
        'predict 1/2: HeadObject runs/1/manifest.json',
        'predict 1/2: ListObjectsV2 results/1/',
        'predict 1/2: PutObject completed/1.json',
        'report 1: GetObject completed/1.json',
        'report 1: GetObject runs/1/manifest.json',
        'report 1: ListObjectsV2 reports/acme/1/',
        'report 1: GetObject results/1/00001.json',
        'report 1: GetObject results/1/00002.json',
        'report 1: GetObject runs/1/rejected.jsonl',
        'report 1: PutObject reports/acme/1/report.xlsx',
        'report 1: PutObject reports/acme/1/offers.csv',
        'report 1: PutObject reports/acme/1/members.jsonl',
        'report 1: PutObject reports/acme/1/report.html',
        'report 1: PutObject reports/acme/1/summary.json',
        'report 1: GetObject runs/1/ended.json',
        'report 1: GetObject runs/1/notified.json',
        'report 1: PutObject runs/1/ended.json',
      ]);
    }));
});

describe('the features stage', () => {
  it('tells how long each of its steps took, and how much it went through', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      const { steps = [] } = stored(harness, manifestKey(harness.runId()), manifestSchema) ?? {};
      const [read, transform, ...others] = steps;
      expect(read).toMatchObject({ step: 'read', unit: 'file', count: 1, items: 'rows' });
      expect(transform).toMatchObject({ step: 'transform', unit: 'file', count: 1, items: 'members' });
      const written = others.at(-1);
      expect(written).toMatchObject({ step: 'write batches', unit: 'object', count: 2, items: 'members' });
      const { from, to } = written?.span ?? { from: 0, to: 0 };
      expect((written?.throughputPerSecond ?? 0) * ((to - from) / 1000)).toBeCloseTo(4, 6);
    }));

  it('does not go by what another attempt has read otherwise; the next attempt does', () =>
    dropped(async (harness) => {
      harness.repeat('features run 1');
      const first = await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/plan');
      harness.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
      await harness.finish(await harness.held(harness.begin('features run 1 #2'), 'PutObject runs/run 1/manifest'));
      await expect(harness.finish(first)).rejects.toMatchObject({
        name: 'PlanConflictError',
        message:
          'another attempt has read uploads/acme/members.csv otherwise: 5 rows of 4 members as of 2024-01-20, not 5 rows of 4 members as of 2024-02-01',
      });
      await harness.idle();
      expect(harness.summary()).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
    }));

  it('leaves its batches to an attempt that has read the file, when it is gone by then', () =>
    dropped(async (harness) => {
      harness.repeat('features run 1');
      const first = await harness.held(harness.begin('features run 1'), 'PutObject batches/run 1/00001');
      harness.remove(KEY);
      await expect(harness.perform('features run 1 #2')).rejects.toThrow(
        '5 rows of 4 members as of 2024-02-01, not of no use (the file was deleted before it was read; upload it again)',
      );
      await harness.finish(first);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('does not take an error of S3 for one of the file', () =>
    dropped(async (harness) => {
      const first = await harness.begin('features run 1');
      await harness.fail(first, await harness.until(first, 'GetObject uploads/'), OVERLOADED, false);
      await expect(harness.finish(first)).rejects.toBe(OVERLOADED);
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('cuts a run as a version without plans has begun to', () =>
    dropped(
      async (harness) => {
        const first = await harness.begin('features run 1');
        await harness.past(first, 'PutObject batches/run 1/00001');
        await harness.kill(first);
        harness.remove(planKey(harness.runId()));
        harness.batching = { minBatchSize: 1, maxBatches: 4 };
        await harness.idle();
        const batches = harness.objects.list('batches/').map(({ key }) => jsonOf(harness, key).members.length);
        expect(batches).toEqual([3, 1]);
        expect(harness.summary()).toMatchObject(COMPLETE);
      },
      { batching: { minBatchSize: 3, maxBatches: 2 } },
    ));

  it('reads no batch when there is a plan to go by', () =>
    dropped(async (harness) => {
      const first = await harness.begin('features run 1');
      await harness.past(first, 'PutObject batches/run 1/00001');
      await harness.kill(first);
      const steps = await harness.idle();
      const read = steps.filter((step) => /^features .*GetObject/.test(step)).map((step) => step.split(' ').at(-1));
      // The plan once more, when another one is refused.
      expect(read).toEqual(['1/manifest.json', '1/plan.json', 'uploads/acme/members.csv', '1/plan.json']);
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('that died for good when all batches of a file without a rejected row were written has lost nothing', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(KEY, fileOf(4).replace(/BAD.*\n/, ''));
      await harness.kill(await harness.held(harness.begin('features run 2'), 'PutObject runs/run 2/manifest'), {
        isFinal: true,
      });
      await harness.idle();
      expect(harness.summary(2)).toMatchObject({ ...COMPLETE, rows: { rejected: 0 } });
    }));

  it('that died before the rejected rows were stored stores them the next time', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(KEY, `${fileOf(0)}WORSE\n`);
      await harness.kill(await harness.held(harness.begin('features run 2'), 'PutObject runs/run 2/rejected'));
      await harness.idle();
      expect(harness.summary(2)).toMatchObject({ status: 'FAILED', rows: { read: 2, rejected: 2 } });
      const rows = linesOf(Buffer.from(harness.textOf(rejectedRowsKey(harness.runId(2)))));
      expect(rows.map((row) => rejectedRowSchema.parse(JSON.parse(row)).line)).toEqual([2, 3]);
    }));
});

describe('an upload', () => {
  /** As the features stage is told of it, whatever the bucket holds by now. */
  function read(
    harness: DirectedHarness,
    changes: Partial<ObjectCreated> = {},
    limits = DEFAULT_LIMITS,
  ): Promise<Manifest> {
    const { etag = '', sequencer = '', storedAt = 0 } = harness.objects.find(KEY) ?? {};
    const upload = { bucket: 'offers', key: KEY, etag, sequencer, createdAt: new Date(storedAt), ...changes };
    return prepareRun(bucketOf(harness), upload, { minBatchSize: 1, maxBatches: 2 }, { partners: PARTNERS, limits });
  }

  it('that turns out to be of no use after some members becomes no batches', () =>
    dropped(async (harness) => {
      const manifest = await read(harness, {}, { ...DEFAULT_LIMITS, rejectedRows: 0 });
      expect(manifest).toMatchObject({ batches: 0, members: 0, steps: [] });
      expect(manifest.reason).toMatch(/^too many rejected rows: 1 of the first 5/);
      expect(harness.objects.list('batches/')).toEqual([]);
    }));

  it('that is too large is not read at all', () =>
    dropped(async (harness) => {
      const { reason, rows } = await read(harness, {}, { ...DEFAULT_LIMITS, fileBytes: 100 });
      expect(reason).toMatch(/^too large: the file has 2\d\d bytes, and 100 bytes are the most/);
      expect(rows.read).toBe(0);
    }));

  it('that was overwritten before it was read is not read', () =>
    dropped(async (harness) => {
      expect((await read(harness, { etag: 'another' })).reason).toMatch(/^the file was overwritten before it was read/);
    }));

  it.each([
    { isVersioned: true, versionId: undefined },
    { isVersioned: false, versionId: 'v7' },
  ])('is known by its bytes where an event or the bucket tells of no version: %j', ({ isVersioned, versionId }) =>
    dropped(async (harness) => expect(await read(harness, { versionId })).toMatchObject({ members: 4 }), {
      isVersioned,
    }),
  );

  it.each([
    { asOf: ' 2024-01-20\t', read: { asOf: '2024-01-20', members: 4 } },
    { asOf: '2024-01-20T10:00:00Z', read: { asOf: null, members: 0 } },
    { asOf: '2024-01-32', read: { asOf: null, members: 0 } },
  ])('that names the day $asOf', ({ asOf, read: expected }) =>
    dropped(async (harness) => {
      harness.store(KEY, fileOf(4), { 'as-of': asOf });
      const reason = `the metadata as-of is "${asOf}", not a date as 2024-01-31 is`;
      expect(await read(harness)).toMatchObject({ ...expected, ...(expected.asOf === null ? { reason } : {}) });
    }),
  );
});

describe('the predict stage', () => {
  /** One member is finished, then there is no more time. */
  async function scoreOne(harness: DirectedHarness, name: string): Promise<unknown> {
    const invocation = await harness.begin(name);
    const offer = await harness.until(invocation, 'asks offer');
    await harness.take(invocation, offer);
    await harness.runShort(invocation);
    return harness.finish(invocation);
  }

  it('is continued five times at the most, and says what to do about it', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(KEY, fileOf(8));
      await harness.perform('features run 2');
      for (const number of ['', ' #2', ' #3', ' #4', ' #5']) {
        expect(await scoreOne(harness, `predict run 2/1${number}`)).toBeUndefined();
      }
      expect(await scoreOne(harness, 'predict run 2/1 #6')).toMatchObject({ batch: 1 });
      await harness.idle();
      expect(harness.summary(2)).toMatchObject({ status: 'PARTIAL', members: { total: 8, scored: 6, failed: 2 } });
      expect(harness.summary(2)?.failures).toMatchObject([
        { step: 'predict', calls: 2, example: expect.stringMatching(/ran out of time .* raise its time-out/) },
      ]);
    }, ONE_BATCH));

  it('is not continued when nobody was finished', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      const invocation = await harness.held(harness.begin('predict run 1/1'), 'asks ats');
      await harness.runShort(invocation);
      await harness.finish(invocation);
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'FAILED', members: { scored: 0, failed: 4 } });
    }, ONE_BATCH));

  it('fails no member that another invocation of the same batch has scored meanwhile', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.repeat('predict run 1/1');
      const slow = await harness.held(harness.begin('predict run 1/1'), 'asks ats');
      await scoreOne(harness, 'predict run 1/1 #2');
      await harness.runShort(slow);
      await harness.finish(slow);
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'PARTIAL', members: { scored: 1, failed: 3 } });
    }, ONE_BATCH));

  it('lets calls that have begun go on for a second longer than members', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      const deadlines: (number | undefined)[] = [];
      const endpoint = <T>(id: string, value: T) =>
        callable(id, async (_, { deadline } = {}) => {
          deadlines.push(deadline);
          return { value, attempts: 1 };
        });
      const models = PREDICTIONS.map((name) => ({ name, endpoint: endpoint(name, 1), rowOf: () => ({}) }));
      const offer = { endpoint: endpoint('offer', 'A'), rowOf: () => ({}) };
      const byCall = new Map<string, Callable<unknown>>([
        ...models.map((model) => [model.name, model.endpoint] as const),
        ['offer', offer.endpoint],
      ]);
      const endpoints = { prepare: async () => undefined, of: () => ({ models, offer, byCall }) };
      const deadline = new Deadline(60_000);
      await scoreBatch(
        bucketOf(harness),
        { key: batchKey(harness.runId(), 1), createdAt: new Date() },
        { endpoints, concurrency: 1, deadline },
      );
      expect(new Set(deadlines)).toEqual(new Set([deadline.endsAt + 1000]));
      deadline.clear();
    }, ONE_BATCH));

  it('goes on with a batch of a later round where it ran out of time', () =>
    partial(async (harness) => {
      await harness.finish(await harness.resume());
      await scoreOne(harness, 'predict run 1/1 #2');
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
      expect([askedFor(harness, 'M1'), askedFor(harness, 'M2')]).toEqual([2, 1]);
    }, ONE_BATCH));
});

describe('the report stage', () => {
  /** All of a run goes well. */
  const complete = (play: (harness: DirectedHarness) => Promise<void>) =>
    dropped(async (harness) => {
      await harness.idle();
      await play(harness);
    });

  it.each([
    {
      play: partial,
      tabs: ['Summary', 'Members', 'Offers', 'Failures', 'Latency', 'Rejected rows', 'Missing members', 'Input'],
    },
    { play: complete, tabs: ['Summary', 'Members', 'Offers', 'Latency', 'Rejected rows', 'Missing members', 'Input'] },
  ])('puts what people look for first into the first tabs: $tabs', ({ play, tabs }) =>
    play(async (harness) => {
      const { body } = harness.objects.find(outputKey('acme', harness.runId(), 'workbook')) ?? {};
      const files = unzipSync(new Uint8Array(body ?? []), { filter: ({ name }) => name === 'xl/workbook.xml' });
      const [text = ''] = Object.values(files).map((file) => strFromU8(file));
      expect([...text.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name]) => name)).toEqual(tabs);
    }),
  );

  it('lists in the workbook who has failed, and those alone', () =>
    partial(async (harness) => {
      const { body } = harness.objects.find(outputKey('acme', harness.runId(), 'workbook')) ?? {};
      const sheets = Object.values(unzipSync(new Uint8Array(body ?? []))).map((file) => strFromU8(file));
      const failures = sheets.find((sheet) => sheet.includes('>HTTP_STATUS<')) ?? '';
      expect(failures.match(/>M\d</g)).toEqual(['>M1<', '>M1<', '>M3<', '>M3<']);
    }));

  it('looks for results once when nobody has failed, and twice for those in which somebody has', () =>
    dropped(async (harness) => {
      harness.services.refused = new Set(['M1']);
      await performAll(harness, THROUGH);
      const steps = await harness.idle();
      expect(steps.filter((step) => step.includes('GetObject results')).map((step) => step.slice(-6))).toEqual([
        ...['1.json', '2.json', '1.json'],
      ]);
    }));

  it('has every member once, however many there are in a batch', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      const result = jsonOf(harness, resultKey(harness.runId(), 1));
      const members = Array.from({ length: 1_001 }, (_, index) => ({ ...result.members[0], memberId: `M${index}` }));
      harness.store(resultKey(harness.runId(), 1), JSON.stringify({ ...result, members }));
      const manifest = jsonOf(harness, manifestKey(harness.runId()));
      harness.store(manifestKey(harness.runId()), JSON.stringify({ ...manifest, members: 1_003 }));
      const summary = await writeReport(bucketOf(harness), {
        key: completionKey(harness.runId()),
        createdAt: new Date(),
      });
      expect(summary?.members.total).toBe(1_003);
      expect(outputLines(harness, 'members').map((line) => JSON.parse(line).memberId)).toEqual([
        ...members.map(({ memberId }) => memberId),
        ...['M3', 'M4'],
      ]);
      // The header, too.
      expect(outputLines(harness, 'offers')).toHaveLength(1_004);
    }));

  it('says of each file what it is', () =>
    dropped(async (harness) => {
      await harness.idle();
      const outputs = ['workbook', 'page', 'offers', 'members', 'summary'] as const;
      const types = outputs.map(
        (one) => harness.objects.find(outputKey('acme', harness.runId(), one))?.headers['content-type'],
      );
      expect(types).toEqual([
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'text/html; charset=utf-8',
        'text/csv; charset=utf-8',
        'application/x-ndjson',
        'application/json',
      ]);
    }));

  it('writes nothing rather than a report that leaves members out', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      const manifest = jsonOf(harness, manifestKey(harness.runId()));
      harness.store(manifestKey(harness.runId()), JSON.stringify({ ...manifest, members: 5 }));
      await expect(harness.perform('report run 1')).rejects.toMatchObject({
        name: 'RunMismatchError',
        message: `the results of run ${harness.runId()} have 4 members, its manifest has 5: drop the file again`,
      });
      expect(harness.objects.list('reports/')).toEqual([]);
    }));

  it('writes a summary again that somebody has spoiled', () =>
    dropped(async (harness) => {
      await harness.idle();
      harness.store(outputKey('acme', harness.runId(), 'summary'), 'spoiled');
      await bucketOf(harness).storeAgain(completionKey(harness.runId()));
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }));

  it('does not take a summary for spoiled that S3 has not given it', () =>
    dropped(async (harness) => {
      await harness.idle();
      await bucketOf(harness).storeAgain(completionKey(harness.runId()));
      const report = await harness.begin('report run 1 #2');
      await harness.fail(report, await harness.until(report, 'GetObject reports/'), OVERLOADED, false);
      await expect(harness.finish(report)).rejects.toBe(OVERLOADED);
    }));

  it('knows its own summary when the answer to it got lost', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      const report = await harness.begin('report run 1');
      const turn = await harness.until(report, 'PutObject reports/acme/run 1/summary');
      await harness.fail(report, turn, preconditionFailed(''), true);
      expect(await harness.finish(report)).toMatchObject(COMPLETE);
      expect(harness.told).toHaveLength(1);
    }));

  it('leaves the telling to another that has written its summary first', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      harness.repeat('report run 1');
      const late = await harness.held(harness.begin('report run 1'), 'PutObject reports/acme/run 1/report.html');
      await harness.idle(late);
      expect(await harness.finish(late)).toBeUndefined();
      expect(harness.told).toHaveLength(1);
    }));

  it.each(['html', 'csv'])('fails when somebody else has put a file in the place of its own: %s', (ending) =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      const key = outputKey('acme', harness.runId(), ending === 'csv' ? 'offers' : 'page');
      harness.store(key, 'from before');
      const report = await harness.held(harness.begin('report run 1'), `PutObject ${harness.named(key)}`);
      if (ending === 'csv') harness.store(key, 'by hand');
      else harness.remove(key);
      await expect(harness.finish(report)).rejects.toMatchObject({ name: 'ObjectChangedError', key });
    }),
  );

  it('tells nothing of a round that ended as the one before', () =>
    partial(async (harness) => {
      harness.services.refused = new Set(['M1', 'M3']);
      await harness.finish(await harness.resume());
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'PARTIAL', edition: { round: 2 } });
      expect(harness.told).toHaveLength(1);
    }));

  it('has nothing to tell of a summary that was deleted on purpose meanwhile', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      await harness.kill(await harness.held(harness.begin('report run 1'), 'Publish'));
      const next = await harness.begin('report run 1');
      await harness.past(next, 'GetObject reports/');
      await harness.until(next, 'GetObject reports/');
      harness.remove(outputKey('acme', harness.runId(), 'summary'));
      expect(await harness.finish(next)).toBeUndefined();
      expect(harness.told).toEqual([]);
    }));

  it('notes once that a run has ended, also when nobody has heard that this is done', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      let notes = 0;
      harness.onWritten = ({ key }) => {
        if (key === endKey(harness.runId())) notes += 1;
      };
      const report = await harness.begin('report run 1');
      await harness.fail(report, await harness.until(report, 'PutObject runs/run 1/ended'), OVERLOADED, true);
      await harness.idle();
      expect({ notes, told: harness.told.length }).toEqual({ notes: 1, told: 1 });
    }));
});

describe('of two reports', () => {
  const at = (round: number, time: string, failed?: true): Edition => {
    const edition = { round, completedAt: `2024-02-01T${time}:00Z`, writtenBy: `${round} ${time}` };
    return failed === undefined ? edition : { ...edition, failed };
  };

  it.each([
    { there: undefined, event: at(1, '10:00'), settled: false },
    { there: at(1, '10:00'), event: at(1, '10:01'), settled: false },
    { there: at(1, '10:00'), event: at(1, '10:00'), settled: true },
    { there: at(1, '10:01'), event: at(1, '10:00'), settled: true },
    { there: at(2, '10:00'), event: at(1, '10:01'), settled: true },
    { there: at(1, '10:01'), event: at(2, '10:00'), settled: false },
  ])('the one of the later round stands, and in a round the one of the later event: %j', (two) => {
    expect(isSettled(two.there, two.event)).toBe(two.settled);
  });

  const RUN = { partner: 'acme', runId: 'run' };
  const SUMMARY = new Map([[outputKey('acme', 'run', 'summary'), 'etag']]);

  it.each([
    { seen: new Map(), edition: undefined, round: 1, has: false },
    { seen: SUMMARY, edition: undefined, round: 1, has: true },
    { seen: SUMMARY, edition: undefined, round: 2, has: false },
    { seen: SUMMARY, edition: at(1, '10:00'), round: 1, has: true },
    { seen: SUMMARY, edition: at(2, '10:00'), round: 1, has: true },
    { seen: SUMMARY, edition: at(1, '10:00'), round: 2, has: false },
    { seen: SUMMARY, edition: at(1, '10:00', true), round: 1, has: false },
  ])('one that could not be written gives way: %j', ({ round, has, ...storedReport }) => {
    expect(hasReport(storedReport, RUN, round)).toBe(has);
  });
});

describe('a batch of which several rounds have a result', () => {
  const usage = { invocations: 1, durationMs: 5, s3: { writes: 1, reads: 2 } };

  /** M1 and M2 of a run's only batch are as these two results have them. */
  function overlaid(play: (harness: DirectedHarness, first: Result, second: Result) => unknown): Promise<void> {
    return partial(async (harness) => {
      await harness.finish(await harness.resume());
      await harness.idle();
      const [first, second] = [undefined, 2].map((round) => jsonOf(harness, resultKey(harness.runId(), 1, round)));
      await play(harness, first, second);
    }, ONE_BATCH);
  }

  const readAll = (harness: DirectedHarness) =>
    readRounds(bucketOf(harness), harness.runId()).then((rounds) =>
      readResult(bucketOf(harness), harness.runId(), rounds, 1),
    );

  it('has its members as they were scored in any of them', () =>
    overlaid(async (harness, first, second) => {
      const [m1, m2, m3] = [second.members[0], first.members[1], first.members[2]];
      const failed = second.members.map((member) => ({ ...member, outcome: m3?.outcome }));
      harness.store(resultKey(harness.runId(), 1, 2), JSON.stringify({ ...second, members: failed }));
      harness.store(
        resultKey(harness.runId(), 1),
        JSON.stringify({ ...first, members: [m1, m2, m3, first.members[3]] }),
      );
      const { members } = await readAll(harness);
      expect(members.map(({ memberId, outcome }) => `${memberId} ${outcome.status}`)).toEqual([
        ...['M1 SCORED', 'M2 SCORED', 'M3 FAILED', 'M4 SCORED'],
      ]);
    }));

  it.each([
    { one: usage, other: usage, both: { ...usage, invocations: 2, durationMs: 10, s3: { writes: 2, reads: 4 } } },
    { one: usage, other: undefined, both: usage },
    { one: undefined, other: usage, both: usage },
    { one: undefined, other: undefined, both: undefined },
  ])('has used what all of them have, as far as they tell: %j', ({ one, other, both }) =>
    overlaid(async (harness, first, second) => {
      harness.store(resultKey(harness.runId(), 1), JSON.stringify({ ...first, usage: one }));
      harness.store(resultKey(harness.runId(), 1, 2), JSON.stringify({ ...second, usage: other }));
      expect((await readAll(harness)).usage).toEqual(both);
    }),
  );

  it('took from the first start to the last end in any of them', () =>
    overlaid(async (harness, first, second) => {
      const spans = { ats: { from: 10, to: 90 }, total: { from: 10, to: 90 } };
      const later = { ats: { from: 500, to: 520 }, offer: { from: 520, to: 530 } };
      harness.store(resultKey(harness.runId(), 1), JSON.stringify({ ...first, spans }));
      harness.store(resultKey(harness.runId(), 1, 2), JSON.stringify({ ...second, spans: later }));
      expect((await readAll(harness)).spans).toEqual({
        ats: { from: 10, to: 520 },
        total: { from: 10, to: 90 },
        offer: { from: 520, to: 530 },
      });
    }));

  it.each([
    { one: { ats: { requests: 1, retries: 0, rows: 4 } }, requests: 1 + 2, rows: 4 + 3 },
    // As the attempts of its four members say, each of which was in one request.
    { one: undefined, requests: 4 + 2, rows: 4 + 3 },
  ])('was sent to the endpoints in all of them: %j', ({ one, ...sent }) =>
    overlaid(async (harness, first, second) => {
      const members = first.members.map((member) => ({ ...member, attempts: { ats: 1 } }));
      const other = { ats: { requests: 2, retries: 1, rows: 3 } };
      harness.store(resultKey(harness.runId(), 1), JSON.stringify({ ...first, members, requests: one }));
      harness.store(resultKey(harness.runId(), 1, 2), JSON.stringify({ ...second, requests: other }));
      expect((await readAll(harness)).requests).toEqual({ ats: { ...sent, retries: 1 } });
    }),
  );
});

describe('who ends what a function could not', () => {
  const answers = (harness: DirectedHarness, name: string) =>
    harness.invocations.filter((one) => one.name === name).map(({ answer }) => answer);

  it('says that it was an upload, of which there is nothing', () =>
    dropped(async (harness) => {
      await harness.kill(await harness.begin('features run 1'), { isFinal: true });
      expect(await harness.perform('onFailure of features run 1')).toEqual({ ended: 'upload' });
      await harness.idle();
      expect(harness.summary()).toMatchObject({ status: 'FAILED', reason: 'the function features failed 3 times' });
    }));

  it('keeps to the reason for which a file is of no use', () =>
    dropped(async (harness) => {
      harness.remove(KEY);
      await harness.kill(await harness.held(harness.begin('features run 1'), 'PutObject runs/run 1/manifest'), {
        isFinal: true,
      });
      expect(await harness.perform('onFailure of features run 1')).toEqual({ ended: 'nothing' });
      await harness.idle();
      expect(harness.summary()?.reason).toBe('the file was deleted before it was read; upload it again');
    }));

  it('says that nothing came of an upload of which not all batches are there', () =>
    dropped(async (harness) => {
      await harness.kill(await harness.held(harness.begin('features run 1'), 'PutObject batches/'), { isFinal: true });
      expect(await harness.perform('onFailure of features run 1')).toEqual({ ended: 'upload' });
      const reason = 'the function features failed 3 times';
      expect(stored(harness, manifestKey(harness.runId()), manifestSchema)).toMatchObject({
        reason,
        batches: 0,
        members: 0,
      });
    }));

  it('keeps to what is wrong with a file whose rejected rows are not there', () =>
    dropped(async (harness) => {
      harness.lose('features run 1');
      harness.store(KEY, fileOf(0));
      await harness.kill(await harness.held(harness.begin('features run 2'), 'PutObject runs/run 2/rejected'), {
        isFinal: true,
      });
      expect(await harness.perform('onFailure of features run 2')).toEqual({ ended: 'nothing' });
      const reason = expect.stringMatching(/^no row was accepted/);
      expect(stored(harness, manifestKey(harness.runId(2)), manifestSchema)).toMatchObject({
        reason,
        rows: { rejected: 0 },
      });
    }));

  it('says how many members of a batch have failed, and what of it was used already', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      const first = await harness.begin('predict run 1/1');
      await harness.past(first, 'asks offer for M1');
      await harness.runShort(first);
      await harness.finish(first);
      await harness.kill(await harness.begin('predict run 1/1 #2'), { isFinal: true });
      expect(await harness.perform('onFailure of predict run 1/1 #2')).toEqual({
        ended: 'batch',
        members: 4,
        failed: 3,
      });
      const { usage, requests } = jsonOf(harness, resultKey(harness.runId(), 1));
      expect(usage).toMatchObject({ invocations: 1 });
      // M1's calls, which the first invocation has made; what was made when it had stored them is not told.
      const sent = { requests: 1, retries: 0, rows: 1 };
      expect(requests).toEqual({ ats: sent, resp: sent, offer: sent });
    }, ONE_BATCH));

  it('leaves a batch alone that has a result by now', () =>
    dropped(async (harness) => {
      await harness.perform('features run 1');
      harness.repeat('predict run 1/1');
      await harness.kill(await harness.begin('predict run 1/1'), { isFinal: true });
      await harness.perform('predict run 1/1 #2');
      expect(await harness.perform('onFailure of predict run 1/1')).toEqual({ ended: 'nothing' });
      await harness.idle();
      expect(harness.summary()).toMatchObject(COMPLETE);
    }, ONE_BATCH));

  it('says that it was a report, and leaves alone one that is there', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      harness.repeat('report run 1');
      await harness.kill(await harness.begin('report run 1'), { isFinal: true });
      await harness.kill(await harness.begin('report run 1 #2'), { isFinal: true });
      await harness.idle();
      expect(answers(harness, 'onFailure of report run 1')).toEqual([{ ended: 'report' }]);
      expect(answers(harness, 'onFailure of report run 1 #2')).toEqual([{ ended: 'nothing' }]);
    }));

  it('leaves the report of a version without rounds alone', () =>
    dropped(async (harness) => {
      await performAll(harness, THROUGH);
      harness.store(outputKey('acme', harness.runId(), 'summary'), '{}');
      await harness.kill(await harness.begin('report run 1'), { isFinal: true });
      expect(await harness.perform('onFailure of report run 1')).toEqual({ ended: 'nothing' });
      expect(harness.textOf(outputKey('acme', harness.runId(), 'summary'))).toBe('{}');
    }));
});

describe('whoever looks whether all is in', () => {
  it('learns whether it has completed the run', () =>
    dropped(async (harness) => {
      const complete = () => completeIfAllIn(bucketOf(harness), { runId: harness.runId(), batches: 2 });
      await harness.perform('features run 1');
      expect(await complete()).toBe(false);
      await harness.perform('predict run 1/2');
      expect(await complete()).toBe(false);
      await harness.perform('predict run 1/1');
      expect(await complete()).toBe(false);
      harness.remove(completionKey(harness.runId()));
      expect(await complete()).toBe(true);
    }));
});
