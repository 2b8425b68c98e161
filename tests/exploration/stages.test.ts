import './charts.ts';
import { strFromU8, unzipSync } from 'fflate';
import type { Endpoints } from '../../lib/endpoints/endpoints.ts';
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
// The report stage would load it when it is first needed, in the midst of a test.
import '../../lib/stages/report/report-files.ts';
import { readResult, readRounds } from '../../lib/run/rounds.ts';
import { hasReport, isSettled } from '../../lib/run/stored-report.ts';
import { writeReport } from '../../lib/stages/report/write-report.ts';
import { DEFAULT_LIMITS } from '../../lib/transactions/limits.ts';
import type { DirectedWorld } from './directed-world.ts';
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
import { linesOf } from './promises/reports.ts';
import { stored } from './promises/runs.ts';
import { preconditionFailed } from './s3/errors.ts';

const outputLines = (world: DirectedWorld, output: Output) =>
  linesOf(Buffer.from(world.textOf(outputKey('acme', world.runId(), output))));

describe('a run of two batches', () => {
  it('asks S3 for nothing that it does not need', () =>
    dropped(async (world) => {
      const steps = await world.idle();
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
    dropped(async (world) => {
      await world.perform('features run 1');
      const { steps = [] } = stored(world, manifestKey(world.runId()), manifestSchema) ?? {};
      const [read, transform, ...others] = steps;
      expect(read).toMatchObject({ step: 'read', unit: 'file', count: 1, items: 'rows' });
      expect(transform).toMatchObject({ step: 'transform', unit: 'file', count: 1, items: 'members' });
      const written = others.at(-1);
      expect(written).toMatchObject({ step: 'write batches', unit: 'object', count: 2, items: 'members' });
      const { from, to } = written?.span ?? { from: 0, to: 0 };
      expect((written?.throughputPerSecond ?? 0) * ((to - from) / 1000)).toBeCloseTo(4, 6);
    }));

  it('does not go by what another attempt has read otherwise; the next attempt does', () =>
    dropped(async (world) => {
      world.repeat('features run 1');
      const first = await world.held(world.begin('features run 1'), 'PutObject runs/run 1/plan');
      world.store(KEY, fileOf(4), { 'as-of': '2024-01-20' });
      await world.finish(await world.held(world.begin('features run 1 #2'), 'PutObject runs/run 1/manifest'));
      await expect(world.finish(first)).rejects.toMatchObject({
        name: 'PlanConflictError',
        message:
          'another attempt has read uploads/acme/members.csv otherwise: 5 rows of 4 members as of 2024-01-20, not 5 rows of 4 members as of 2024-02-01',
      });
      await world.idle();
      expect(world.summary()).toMatchObject({ ...COMPLETE, asOf: '2024-01-20' });
    }));

  it('leaves its batches to an attempt that has read the file, when it is gone by then', () =>
    dropped(async (world) => {
      world.repeat('features run 1');
      const first = await world.held(world.begin('features run 1'), 'PutObject batches/run 1/00001');
      world.remove(KEY);
      await expect(world.perform('features run 1 #2')).rejects.toThrow(
        '5 rows of 4 members as of 2024-02-01, not of no use (the file was deleted before it was read; upload it again)',
      );
      await world.finish(first);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('does not take an error of S3 for one of the file', () =>
    dropped(async (world) => {
      const first = await world.begin('features run 1');
      await world.fail(first, await world.until(first, 'GetObject uploads/'), OVERLOADED, false);
      await expect(world.finish(first)).rejects.toBe(OVERLOADED);
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('cuts a run as a version without plans has begun to', () =>
    dropped(
      async (world) => {
        const first = await world.begin('features run 1');
        await world.past(first, 'PutObject batches/run 1/00001');
        await world.kill(first);
        world.remove(planKey(world.runId()));
        world.batching = { minBatchSize: 1, maxBatches: 4 };
        await world.idle();
        const batches = world.objects.list('batches/').map(({ key }) => jsonOf(world, key).members.length);
        expect(batches).toEqual([3, 1]);
        expect(world.summary()).toMatchObject(COMPLETE);
      },
      { batching: { minBatchSize: 3, maxBatches: 2 } },
    ));

  it('reads no batch when there is a plan to go by', () =>
    dropped(async (world) => {
      const first = await world.begin('features run 1');
      await world.past(first, 'PutObject batches/run 1/00001');
      await world.kill(first);
      const steps = await world.idle();
      const read = steps.filter((step) => /^features .*GetObject/.test(step)).map((step) => step.split(' ').at(-1));
      // The plan once more, when another one is refused.
      expect(read).toEqual(['1/manifest.json', '1/plan.json', 'uploads/acme/members.csv', '1/plan.json']);
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('that died for good when all batches of a file without a rejected row were written has lost nothing', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(KEY, fileOf(4).replace(/BAD.*\n/, ''));
      await world.kill(await world.held(world.begin('features run 2'), 'PutObject runs/run 2/manifest'), {
        isFinal: true,
      });
      await world.idle();
      expect(world.summary(2)).toMatchObject({ ...COMPLETE, rows: { rejected: 0 } });
    }));

  it('that died before the rejected rows were stored stores them the next time', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(KEY, `${fileOf(0)}WORSE\n`);
      await world.kill(await world.held(world.begin('features run 2'), 'PutObject runs/run 2/rejected'));
      await world.idle();
      expect(world.summary(2)).toMatchObject({ status: 'FAILED', rows: { read: 2, rejected: 2 } });
      const rows = linesOf(Buffer.from(world.textOf(rejectedRowsKey(world.runId(2)))));
      expect(rows.map((row) => rejectedRowSchema.parse(JSON.parse(row)).line)).toEqual([2, 3]);
    }));
});

describe('an upload', () => {
  /** As the features stage is told of it, whatever the bucket holds by now. */
  function read(
    world: DirectedWorld,
    changes: Partial<ObjectCreated> = {},
    limits = DEFAULT_LIMITS,
  ): Promise<Manifest> {
    const { etag = '', sequencer = '', storedAt = 0 } = world.objects.find(KEY) ?? {};
    const upload = { bucket: 'offers', key: KEY, etag, sequencer, createdAt: new Date(storedAt), ...changes };
    return prepareRun(bucketOf(world), upload, { minBatchSize: 1, maxBatches: 2 }, { limits });
  }

  it('that turns out to be of no use after some members becomes no batches', () =>
    dropped(async (world) => {
      const manifest = await read(world, {}, { ...DEFAULT_LIMITS, rejectedRows: 0 });
      expect(manifest).toMatchObject({ batches: 0, members: 0, steps: [] });
      expect(manifest.reason).toMatch(/^too many rejected rows: 1 of the first 5/);
      expect(world.objects.list('batches/')).toEqual([]);
    }));

  it('that is too large is not read at all', () =>
    dropped(async (world) => {
      const { reason, rows } = await read(world, {}, { ...DEFAULT_LIMITS, fileBytes: 100 });
      expect(reason).toMatch(/^too large: the file has 2\d\d bytes, and 100 bytes are the most/);
      expect(rows.read).toBe(0);
    }));

  it('that was overwritten before it was read is not read', () =>
    dropped(async (world) => {
      expect((await read(world, { etag: 'another' })).reason).toMatch(/^the file was overwritten before it was read/);
    }));

  it.each([
    { isVersioned: true, versionId: undefined },
    { isVersioned: false, versionId: 'v7' },
  ])('is known by its bytes where an event or the bucket tells of no version: %j', ({ isVersioned, versionId }) =>
    dropped(async (world) => expect(await read(world, { versionId })).toMatchObject({ members: 4 }), { isVersioned }),
  );

  it.each([
    { asOf: ' 2024-01-20\t', read: { asOf: '2024-01-20', members: 4 } },
    { asOf: '2024-01-20T10:00:00Z', read: { asOf: null, members: 0 } },
    { asOf: '2024-01-32', read: { asOf: null, members: 0 } },
  ])('that names the day $asOf', ({ asOf, read: expected }) =>
    dropped(async (world) => {
      world.store(KEY, fileOf(4), { 'as-of': asOf });
      const reason = `the metadata as-of is "${asOf}", not a date as 2024-01-31 is`;
      expect(await read(world)).toMatchObject({ ...expected, ...(expected.asOf === null ? { reason } : {}) });
    }),
  );
});

describe('the predict stage', () => {
  /** One member is finished, then there is no more time. */
  async function scoreOne(world: DirectedWorld, name: string): Promise<unknown> {
    const invocation = await world.begin(name);
    const offer = await world.until(invocation, 'asks offer');
    await world.take(invocation, offer);
    await world.runShort(invocation);
    return world.finish(invocation);
  }

  it('is continued five times at the most, and says what to do about it', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(KEY, fileOf(8));
      await world.perform('features run 2');
      for (const number of ['', ' #2', ' #3', ' #4', ' #5']) {
        expect(await scoreOne(world, `predict run 2/1${number}`)).toBeUndefined();
      }
      expect(await scoreOne(world, 'predict run 2/1 #6')).toMatchObject({ batch: 1 });
      await world.idle();
      expect(world.summary(2)).toMatchObject({ status: 'PARTIAL', members: { total: 8, scored: 6, failed: 2 } });
      expect(world.summary(2)?.failures).toMatchObject([
        { step: 'predict', calls: 2, example: expect.stringMatching(/ran out of time .* raise its time-out/) },
      ]);
    }, ONE_BATCH));

  it('is not continued when nobody was finished', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      const invocation = await world.held(world.begin('predict run 1/1'), 'asks ats');
      await world.runShort(invocation);
      await world.finish(invocation);
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'FAILED', members: { scored: 0, failed: 4 } });
    }, ONE_BATCH));

  it('fails no member that another invocation of the same batch has scored meanwhile', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.repeat('predict run 1/1');
      const slow = await world.held(world.begin('predict run 1/1'), 'asks ats');
      await scoreOne(world, 'predict run 1/1 #2');
      await world.runShort(slow);
      await world.finish(slow);
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'PARTIAL', members: { scored: 1, failed: 3 } });
    }, ONE_BATCH));

  it('lets calls that have begun go on for a second longer than members', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      const deadlines: (number | undefined)[] = [];
      const endpoint = {
        renewWait: () => undefined,
        takeOpenings: () => 0,
        call: async (_: string, { deadline }: { deadline?: number } = {}) => {
          deadlines.push(deadline);
          return { value: { prediction: 1, offer: 'A' }, attempts: 1 };
        },
      };
      const endpoints = { ats: endpoint, resp: endpoint, offer: endpoint, prepare: async () => undefined };
      const deadline = new Deadline(60_000);
      await scoreBatch(
        bucketOf(world),
        { key: batchKey(world.runId(), 1), createdAt: new Date() },
        { endpoints: endpoints as unknown as Endpoints, concurrency: 1, deadline },
      );
      expect(new Set(deadlines)).toEqual(new Set([deadline.endsAt + 1000]));
      deadline.clear();
    }, ONE_BATCH));

  it('goes on with a batch of a later round where it ran out of time', () =>
    partial(async (world) => {
      await world.finish(await world.resume());
      await scoreOne(world, 'predict run 1/1 #2');
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
      expect([askedFor(world, 'M1'), askedFor(world, 'M2')]).toEqual([2, 1]);
    }, ONE_BATCH));
});

describe('the report stage', () => {
  /** All of a run goes well. */
  const complete = (play: (world: DirectedWorld) => Promise<void>) =>
    dropped(async (world) => {
      await world.idle();
      await play(world);
    });

  it.each([
    { play: partial, tabs: ['Summary', 'Members', 'Failures', 'Latency', 'Rejected rows'] },
    { play: complete, tabs: ['Summary', 'Members', 'Latency', 'Rejected rows'] },
  ])('puts what people look for first into the first tabs: $tabs', ({ play, tabs }) =>
    play(async (world) => {
      const { body } = world.objects.find(outputKey('acme', world.runId(), 'workbook')) ?? {};
      const files = unzipSync(new Uint8Array(body ?? []), { filter: ({ name }) => name === 'xl/workbook.xml' });
      const [text = ''] = Object.values(files).map((file) => strFromU8(file));
      expect([...text.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name]) => name)).toEqual(tabs);
    }),
  );

  it('lists in the workbook who has failed, and those alone', () =>
    partial(async (world) => {
      const { body } = world.objects.find(outputKey('acme', world.runId(), 'workbook')) ?? {};
      const sheets = Object.values(unzipSync(new Uint8Array(body ?? []))).map((file) => strFromU8(file));
      const failures = sheets.find((sheet) => sheet.includes('>HTTP_STATUS<')) ?? '';
      expect(failures.match(/>M\d</g)).toEqual(['>M1<', '>M1<', '>M3<', '>M3<']);
    }));

  it('looks for results once when nobody has failed, and twice for those in which somebody has', () =>
    dropped(async (world) => {
      world.services.refused = new Set(['M1']);
      await performAll(world, THROUGH);
      const steps = await world.idle();
      expect(steps.filter((step) => step.includes('GetObject results')).map((step) => step.slice(-6))).toEqual([
        ...['1.json', '2.json', '1.json'],
      ]);
    }));

  it('has every member once, however many there are in a batch', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      const result = jsonOf(world, resultKey(world.runId(), 1));
      const members = Array.from({ length: 1_001 }, (_, index) => ({ ...result.members[0], memberId: `M${index}` }));
      world.store(resultKey(world.runId(), 1), JSON.stringify({ ...result, members }));
      const manifest = jsonOf(world, manifestKey(world.runId()));
      world.store(manifestKey(world.runId()), JSON.stringify({ ...manifest, members: 1_003 }));
      const summary = await writeReport(bucketOf(world), { key: completionKey(world.runId()), createdAt: new Date() });
      expect(summary?.members.total).toBe(1_003);
      expect(outputLines(world, 'members').map((line) => JSON.parse(line).memberId)).toEqual([
        ...members.map(({ memberId }) => memberId),
        ...['M3', 'M4'],
      ]);
      // The header, too.
      expect(outputLines(world, 'offers')).toHaveLength(1_004);
    }));

  it('says of each file what it is', () =>
    dropped(async (world) => {
      await world.idle();
      const outputs = ['workbook', 'page', 'offers', 'members', 'summary'] as const;
      const types = outputs.map(
        (one) => world.objects.find(outputKey('acme', world.runId(), one))?.headers['content-type'],
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
    dropped(async (world) => {
      await performAll(world, THROUGH);
      const manifest = jsonOf(world, manifestKey(world.runId()));
      world.store(manifestKey(world.runId()), JSON.stringify({ ...manifest, members: 5 }));
      await expect(world.perform('report run 1')).rejects.toMatchObject({
        name: 'RunMismatchError',
        message: `the results of run ${world.runId()} have 4 members, its manifest has 5: drop the file again`,
      });
      expect(world.objects.list('reports/')).toEqual([]);
    }));

  it('writes a summary again that somebody has spoiled', () =>
    dropped(async (world) => {
      await world.idle();
      world.store(outputKey('acme', world.runId(), 'summary'), 'spoiled');
      await bucketOf(world).storeAgain(completionKey(world.runId()));
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }));

  it('does not take a summary for spoiled that S3 has not given it', () =>
    dropped(async (world) => {
      await world.idle();
      await bucketOf(world).storeAgain(completionKey(world.runId()));
      const report = await world.begin('report run 1 #2');
      await world.fail(report, await world.until(report, 'GetObject reports/'), OVERLOADED, false);
      await expect(world.finish(report)).rejects.toBe(OVERLOADED);
    }));

  it('knows its own summary when the answer to it got lost', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      const report = await world.begin('report run 1');
      const turn = await world.until(report, 'PutObject reports/acme/run 1/summary');
      await world.fail(report, turn, preconditionFailed(''), true);
      expect(await world.finish(report)).toMatchObject(COMPLETE);
      expect(world.told).toHaveLength(1);
    }));

  it('leaves the telling to another that has written its summary first', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      world.repeat('report run 1');
      const late = await world.held(world.begin('report run 1'), 'PutObject reports/acme/run 1/report.html');
      await world.idle(late);
      expect(await world.finish(late)).toBeUndefined();
      expect(world.told).toHaveLength(1);
    }));

  it.each(['html', 'csv'])('fails when somebody else has put a file in the place of its own: %s', (ending) =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      const key = outputKey('acme', world.runId(), ending === 'csv' ? 'offers' : 'page');
      world.store(key, 'from before');
      const report = await world.held(world.begin('report run 1'), `PutObject ${world.named(key)}`);
      if (ending === 'csv') world.store(key, 'by hand');
      else world.remove(key);
      await expect(world.finish(report)).rejects.toMatchObject({ name: 'ObjectChangedError', key });
    }),
  );

  it('tells nothing of a round that ended as the one before', () =>
    partial(async (world) => {
      world.services.refused = new Set(['M1', 'M3']);
      await world.finish(await world.resume());
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'PARTIAL', edition: { round: 2 } });
      expect(world.told).toHaveLength(1);
    }));

  it('has nothing to tell of a summary that was deleted on purpose meanwhile', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      await world.kill(await world.held(world.begin('report run 1'), 'Publish'));
      const next = await world.begin('report run 1');
      await world.past(next, 'GetObject reports/');
      await world.until(next, 'GetObject reports/');
      world.remove(outputKey('acme', world.runId(), 'summary'));
      expect(await world.finish(next)).toBeUndefined();
      expect(world.told).toEqual([]);
    }));

  it('notes once that a run has ended, also when nobody has heard that this is done', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      let notes = 0;
      world.onWritten = ({ key }) => {
        if (key === endKey(world.runId())) notes += 1;
      };
      const report = await world.begin('report run 1');
      await world.fail(report, await world.until(report, 'PutObject runs/run 1/ended'), OVERLOADED, true);
      await world.idle();
      expect({ notes, told: world.told.length }).toEqual({ notes: 1, told: 1 });
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
  function overlaid(play: (world: DirectedWorld, first: Result, second: Result) => unknown): Promise<void> {
    return partial(async (world) => {
      await world.finish(await world.resume());
      await world.idle();
      const [first, second] = [undefined, 2].map((round) => jsonOf(world, resultKey(world.runId(), 1, round)));
      await play(world, first, second);
    }, ONE_BATCH);
  }

  const readAll = (world: DirectedWorld) =>
    readRounds(bucketOf(world), world.runId()).then((rounds) => readResult(bucketOf(world), world.runId(), rounds, 1));

  it('has its members as they were scored in any of them', () =>
    overlaid(async (world, first, second) => {
      const [m1, m2, m3] = [second.members[0], first.members[1], first.members[2]];
      const failed = second.members.map((member) => ({ ...member, outcome: m3?.outcome }));
      world.store(resultKey(world.runId(), 1, 2), JSON.stringify({ ...second, members: failed }));
      world.store(resultKey(world.runId(), 1), JSON.stringify({ ...first, members: [m1, m2, m3, first.members[3]] }));
      const { members } = await readAll(world);
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
    overlaid(async (world, first, second) => {
      world.store(resultKey(world.runId(), 1), JSON.stringify({ ...first, usage: one }));
      world.store(resultKey(world.runId(), 1, 2), JSON.stringify({ ...second, usage: other }));
      expect((await readAll(world)).usage).toEqual(both);
    }),
  );
});

describe('who ends what a function could not', () => {
  const answers = (world: DirectedWorld, name: string) =>
    world.invocations.filter((one) => one.name === name).map(({ answer }) => answer);

  it('says that it was an upload, of which there is nothing', () =>
    dropped(async (world) => {
      await world.kill(await world.begin('features run 1'), { isFinal: true });
      expect(await world.perform('onFailure of features run 1')).toEqual({ ended: 'upload' });
      await world.idle();
      expect(world.summary()).toMatchObject({ status: 'FAILED', reason: 'the function features failed 3 times' });
    }));

  it('keeps to the reason for which a file is of no use', () =>
    dropped(async (world) => {
      world.remove(KEY);
      await world.kill(await world.held(world.begin('features run 1'), 'PutObject runs/run 1/manifest'), {
        isFinal: true,
      });
      expect(await world.perform('onFailure of features run 1')).toEqual({ ended: 'nothing' });
      await world.idle();
      expect(world.summary()?.reason).toBe('the file was deleted before it was read; upload it again');
    }));

  it('says that nothing came of an upload of which not all batches are there', () =>
    dropped(async (world) => {
      await world.kill(await world.held(world.begin('features run 1'), 'PutObject batches/'), { isFinal: true });
      expect(await world.perform('onFailure of features run 1')).toEqual({ ended: 'upload' });
      const reason = 'the function features failed 3 times';
      expect(stored(world, manifestKey(world.runId()), manifestSchema)).toMatchObject({
        reason,
        batches: 0,
        members: 0,
      });
    }));

  it('keeps to what is wrong with a file whose rejected rows are not there', () =>
    dropped(async (world) => {
      world.lose('features run 1');
      world.store(KEY, fileOf(0));
      await world.kill(await world.held(world.begin('features run 2'), 'PutObject runs/run 2/rejected'), {
        isFinal: true,
      });
      expect(await world.perform('onFailure of features run 2')).toEqual({ ended: 'nothing' });
      const reason = expect.stringMatching(/^no row was accepted/);
      expect(stored(world, manifestKey(world.runId(2)), manifestSchema)).toMatchObject({
        reason,
        rows: { rejected: 0 },
      });
    }));

  it('says how many members of a batch have failed, and what of it was used already', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      const first = await world.begin('predict run 1/1');
      await world.past(first, 'asks offer for M1');
      await world.runShort(first);
      await world.finish(first);
      await world.kill(await world.begin('predict run 1/1 #2'), { isFinal: true });
      expect(await world.perform('onFailure of predict run 1/1 #2')).toEqual({ ended: 'batch', members: 4, failed: 3 });
      expect(jsonOf(world, resultKey(world.runId(), 1)).usage).toMatchObject({ invocations: 1 });
    }, ONE_BATCH));

  it('leaves a batch alone that has a result by now', () =>
    dropped(async (world) => {
      await world.perform('features run 1');
      world.repeat('predict run 1/1');
      await world.kill(await world.begin('predict run 1/1'), { isFinal: true });
      await world.perform('predict run 1/1 #2');
      expect(await world.perform('onFailure of predict run 1/1')).toEqual({ ended: 'nothing' });
      await world.idle();
      expect(world.summary()).toMatchObject(COMPLETE);
    }, ONE_BATCH));

  it('says that it was a report, and leaves alone one that is there', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      world.repeat('report run 1');
      await world.kill(await world.begin('report run 1'), { isFinal: true });
      await world.kill(await world.begin('report run 1 #2'), { isFinal: true });
      await world.idle();
      expect(answers(world, 'onFailure of report run 1')).toEqual([{ ended: 'report' }]);
      expect(answers(world, 'onFailure of report run 1 #2')).toEqual([{ ended: 'nothing' }]);
    }));

  it('leaves the report of a version without rounds alone', () =>
    dropped(async (world) => {
      await performAll(world, THROUGH);
      world.store(outputKey('acme', world.runId(), 'summary'), '{}');
      await world.kill(await world.begin('report run 1'), { isFinal: true });
      expect(await world.perform('onFailure of report run 1')).toEqual({ ended: 'nothing' });
      expect(world.textOf(outputKey('acme', world.runId(), 'summary'))).toBe('{}');
    }));
});

describe('whoever looks whether all is in', () => {
  it('learns whether it has completed the run', () =>
    dropped(async (world) => {
      const complete = () => completeIfAllIn(bucketOf(world), { runId: world.runId(), batches: 2 });
      await world.perform('features run 1');
      expect(await complete()).toBe(false);
      await world.perform('predict run 1/2');
      expect(await complete()).toBe(false);
      await world.perform('predict run 1/1');
      expect(await complete()).toBe(false);
      world.remove(completionKey(world.runId()));
      expect(await complete()).toBe(true);
    }));
});
