import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import type { CallManner, Definition } from '../../../lib/partners/definition.ts';
import { checkpointSchema, type Manifest } from '../../../lib/run/contracts.ts';
import { batchKey, checkpointKey, completionKey } from '../../../lib/run/keys.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { Deadline } from '../../../lib/stages/predict/deadline.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { writeReport } from '../../../lib/stages/report/write-report.ts';
import { resumeRun } from '../../../lib/stages/resume/resume-run.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { now } from '../../../lib/timing/clock.ts';
import { partnersOf } from '../../builders/partners.ts';
import { contentOf, fileOf, membersOf } from '../faults/content.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';
import { workbookOf } from '../harness/workbook.ts';
import { serveRows, speaking } from './row-services.ts';

const MEMBERS = 300;

const local = useTestBucket('test');
let bucket: Bucket;
beforeEach(() => {
  bucket = new Bucket(local.client, NAME);
});

type Services = Awaited<ReturnType<typeof serveRows>>;
const open: Services[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((services) => services.close()));
});

async function serve(spec = ''): Promise<Services> {
  const services = await serveRows(spec);
  open.push(services);
  return services;
}

async function begin(definition: Definition): Promise<Manifest> {
  const key = 'uploads/default/members.csv';
  const object = { Bucket: NAME, Key: key, Body: fileOf(MEMBERS), Metadata: { 'as-of': '2024-01-31' } };
  const { ETag = '' } = await local.client.send(new PutObjectCommand(object));
  // Each run is another one.
  const upload = {
    bucket: NAME,
    key,
    etag: ETag.replaceAll('"', ''),
    sequencer: '1',
    createdAt: new Date(++runs * 1000),
  };
  const batching = { minBatchSize: 1_000, maxBatches: 1 };
  return prepareRun(bucket, upload, batching, { partners: partnersOf({ default: definition }) });
}

let runs = Date.parse('2024-02-01T10:00:00Z') / 1000;

interface Scoring {
  resilience?: Partial<Resilience>;
  deadline?: Deadline;
  round?: number;
  concurrency?: number;
}

/** One invocation of predict. */
async function score({ runId }: Manifest, services: Services, definition: Definition, scoring: Scoring = {}) {
  const { resilience, deadline, round, concurrency = 4 } = scoring;
  const created = { key: batchKey(runId, 1, round), createdAt: new Date() };
  const endpoints = services.source(definition, resilience);
  return scoreBatch(bucket, created, { endpoints, concurrency, ...(deadline && { deadline }) });
}

async function report({ runId }: Manifest, round?: number): Promise<Summary> {
  const summary = await writeReport(bucket, { key: completionKey(runId, round), createdAt: new Date() });
  return summarySchema.parse(JSON.parse(JSON.stringify(summary)));
}

async function run(services: Services, definition: Definition, scoring: Scoring = {}): Promise<Summary> {
  const manifest = await begin(definition);
  await score(manifest, services, definition, scoring);
  return report(manifest);
}

const reader = {
  get bucket() {
    return bucket;
  },
  workbook: async (key: string) => workbookOf((await bucket.read(key)).chunks),
};

/**
 * All that a report says, but for times, attempts, the address of a service and what is quoted of its answer: with several
 * rows that is the row's part of it.
 */
async function told(summary: Summary): Promise<unknown> {
  const shown = (key: string, value: unknown) => {
    if (typeof value !== 'string') return key === 'attempts' ? undefined : value;
    return value
      .replace(/, \d+ attempts/, '')
      .replace(/\(http:[^)]*\)/, '')
      .replace(/(is expected): .*/, '$1');
  };
  return JSON.parse(JSON.stringify(await contentOf(reader, summary), shown));
}

const ROWS_OF_ALL = [200, 100];
/** What the report says when each request has one row, as it did before there were others. */
let toldAlone: unknown;

describe('default.yml with requests of several rows', () => {
  it.each<CallManner>([
    { protocol: 'json', layout: 'list' },
    { protocol: 'instances', layout: 'objects' },
    { protocol: 'instances', layout: 'lists' },
    { protocol: 'mlflow', layout: 'dataframe_split' },
    { protocol: 'mlflow', layout: 'dataframe_records' },
    { protocol: 'open-inference', layout: 'tensors' },
    { protocol: 'sagemaker', layout: 'csv' },
    { protocol: 'sagemaker', layout: 'objects' },
  ])('in $protocol ($layout) comes to the same report, cell by cell, as with one row', async (manner) => {
    const services = await serve();
    toldAlone ??= await told(await run(services, speaking({ protocol: 'json' })));
    services.asked.length = 0;
    const together = await run(services, speaking(manner));
    expect(together).toMatchObject({ status: 'COMPLETE', members: { total: MEMBERS, scored: MEMBERS } });
    expect(await told(together)).toEqual(toldAlone);
    expect(services.sizes('ats')).toEqual(ROWS_OF_ALL);
    expect(services.sizes('resp')).toEqual(ROWS_OF_ALL);
    expect(services.sizes('offer').reduce((sum, rows) => sum + rows)).toBe(MEMBERS);
    expect(services.sizes('offer').length).toBeLessThanOrEqual(4);
    const once = { retries: 0, rows: MEMBERS };
    expect(together.requests).toMatchObject({ ats: { sent: 2, ...once }, resp: { sent: 2, ...once }, offer: once });
  });
});

describe('rows that services never answer', () => {
  /** Members have 0, 100, 200, … points each, and 22 to 30 days since their transaction. */
  it.each([
    ['400', 'ats.400:AVG_POINTS_BOUGHT=700'],
    ['422, a ninth of all', 'resp.422:DAYS_SINCE_LAST_TRANSACTION=25'],
    ['424', 'ats.424:AVG_POINTS_BOUGHT>29700,offer.424:5%-of-inputs'],
    ['NaN', 'ats.nan:AVG_POINTS_BOUGHT=0,resp.nan:DAYS_SINCE_LAST_TRANSACTION=25'],
    ['a text', 'ats.string:AVG_POINTS_BOUGHT=20000,offer.string:5%-of-inputs'],
    ['one value less', 'resp.count:AVG_POINTS_BOUGHT=29900'],
    ['500', 'ats.500:AVG_POINTS_BOUGHT=700,offer.500:5%-of-inputs'],
    ['an end of the connection', 'resp.reset:AVG_POINTS_BOUGHT=19900'],
    [
      'several of these, and other faults by chance',
      'ats.422:DAYS_SINCE_LAST_TRANSACTION=30,400:2%-of-inputs,gzip:30%',
    ],
  ])('(%s) fail the same members with several rows in a request as with one', async (_, spec) => {
    const services = await serve(spec);
    const alone = await run(services, speaking({ protocol: 'instances', batch: { rows: 1 } }));
    expect(alone.status).toBe('PARTIAL');
    const sent = services.asked.length;
    const together = await run(services, speaking({ protocol: 'instances' }));
    expect(await told(together)).toEqual(await told(alone));
    expect(services.asked.length - sent).toBeLessThan(2 * sent);
  });

  it('by their number (413) fail nobody', async () => {
    const services = await serve('ats.413:rows>50,resp.400:rows>8,offer.413:bytes>2000');
    expect(await run(services, speaking({ protocol: 'instances' }))).toMatchObject({ status: 'COMPLETE' });
    expect(services.sizes('ats').filter((rows) => rows > 50).length).toBeLessThanOrEqual(4);
    expect(services.sizes('resp').filter((rows) => rows > 8).length).toBeLessThanOrEqual(10);
  });

  it('by chance fail nobody but those that are refused', async () => {
    const services = await serve('500:10%,429:5%,reset:5%,half:3%,nan:10%,count:3%,ats.422:AVG_POINTS_BOUGHT=700');
    const definition = speaking({ protocol: 'instances', batch: { rows: 20 } });
    const summary = await run(services, definition, { resilience: { attempts: 12 } });
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { scored: MEMBERS - 1, failed: 1 } });
  });
});

describe('a member that one model fails', () => {
  it('is in no request for offers, also when models and offers are spoken to in ways of their own', async () => {
    const services = await serve('ats.422:DAYS_SINCE_LAST_TRANSACTION=25');
    const definition = speaking({ protocol: 'mlflow' }, { resp: { protocol: 'json' } });
    const { members } = await run(services, definition);
    // Every ninth of 300, from the sixth on.
    expect(members).toMatchObject({ total: MEMBERS, failed: 33 });
    expect(services.sizes('resp')).toEqual(Array.from({ length: MEMBERS }, () => 1));
    const offers = services.asked.filter(({ call }) => call === 'offer');
    expect(offers.flatMap(({ rows }) => rows)).toHaveLength(MEMBERS - 33);
    expect(offers.length).toBeLessThan(MEMBERS - 33);
  });
});

const POISONED = 'ats.422:AVG_POINTS_BOUGHT=700';
const FIFTY = speaking({ protocol: 'instances', batch: { rows: 50 } });

describe('an invocation that runs out of time between requests', () => {
  it('keeps what it has, and the next one asks for nobody of these', async () => {
    const services = await serve(POISONED);
    const manifest = await begin(FIFTY);
    const deadline = new Deadline();
    services.watch(({ call }) => {
      if (call === 'offer' && services.sizes('offer').length === 3) deadline.pass();
    });
    expect(await score(manifest, services, FIFTY, { deadline, concurrency: 1 })).toBeUndefined();
    const { members } = await bucket.readJson(checkpointKey(manifest.runId, 1), checkpointSchema);
    expect(members.length).toBeGreaterThan(0);
    expect(members.length).toBeLessThan(MEMBERS);
    const kept = new Set(members.map(({ features }) => JSON.stringify(features)));
    const from = services.asked.length;
    await score(manifest, services, FIFTY);
    const models = services.asked.slice(from).filter(({ call }) => call !== 'offer');
    for (const row of models.flatMap(({ rows }) => rows)) expect(kept.has(JSON.stringify(row))).toBe(false);
    const summary = await report(manifest);
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { total: MEMBERS, scored: MEMBERS - 1, failed: 1 } });
    const ids = (await membersOf(reader, summary)).map(({ memberId }) => memberId);
    expect(ids).toEqual(Array.from({ length: MEMBERS }, (_, index) => `M${index}`));
    // The report counts what both invocations sent.
    expect(summary.requests?.ats?.rows).toBeGreaterThanOrEqual(MEMBERS);
  });
});

describe('a run that is resumed', () => {
  it('asks for those that failed, together', async () => {
    const manifest = await begin(FIFTY);
    const failing = await serve('ats.422:DAYS_SINCE_LAST_TRANSACTION=25,resp.400:AVG_POINTS_BOUGHT<900');
    await score(manifest, failing, FIFTY);
    // Every ninth, and the first nine, of which one is among those.
    expect(await report(manifest)).toMatchObject({ status: 'PARTIAL', members: { failed: 33 + 8 } });
    const time = Math.floor(now());
    await resumeRun(bucket, manifest.runId, { retryFailed: true, quietSince: time, time });
    const well = await serve();
    await score(manifest, well, FIFTY, { round: 2 });
    expect(await report(manifest, 2)).toMatchObject({ status: 'COMPLETE', members: { scored: MEMBERS } });
    expect([well.sizes('ats'), well.sizes('resp'), well.sizes('offer')]).toEqual([[41], [41], [41]]);
  });
});

describe('services that are down for a while', () => {
  it('and refuse a row when they are back lose that one alone', async () => {
    const services = await serve(POISONED);
    const down = await serve('down:ats,down:resp,down:offer');
    const impatient = { outageAfter: 4, maxOutageMs: 0, probeAfterMs: 600_000 };
    const manifest = await begin(FIFTY);
    await score(manifest, down, FIFTY, { resilience: { ...impatient, attempts: 10 } });
    expect(await report(manifest)).toMatchObject({ status: 'FAILED', members: { failed: MEMBERS } });
    // Those that open each circuit, and those under way by then.
    expect(down.asked.length).toBeLessThanOrEqual(2 * (4 + 4));
    const time = Math.floor(now());
    await resumeRun(bucket, manifest.runId, { retryFailed: true, quietSince: time, time });
    await score(manifest, services, FIFTY, { round: 2 });
    expect(await report(manifest, 2)).toMatchObject({ status: 'PARTIAL', members: { scored: MEMBERS - 1, failed: 1 } });
  });

  it('or have limits of their own lose nobody but the row that they refuse', async () => {
    const services = await serve(POISONED);
    const limits = { protocol: 'instances', batch: { rows: 10 }, concurrency: 1, requestsPerSecond: 10_000 } as const;
    let [underWay, most] = [0, 0];
    services.watch(() => {
      most = Math.max(most, ++underWay);
      setImmediate(() => {
        underWay -= 1;
      });
    });
    const summary = await run(services, speaking(limits));
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { scored: MEMBERS - 1, failed: 1 } });
    // One for each of the three.
    expect(most).toBeLessThanOrEqual(3);
  });
});
