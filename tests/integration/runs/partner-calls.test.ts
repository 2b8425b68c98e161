import { text as textOf } from 'node:stream/consumers';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { deployedCalls } from '../../../lib/endpoints/deployed-calls.ts';
import { EndpointPool } from '../../../lib/endpoints/endpoints.ts';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import { urlOf } from '../../../lib/partners/call-url.ts';
import type { Definition } from '../../../lib/partners/definition.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { batchSchema, type Manifest, type ScoredMember, scoredMemberSchema } from '../../../lib/run/contracts.ts';
import { batchKey, completionKey, outputKey, resultKey } from '../../../lib/run/keys.ts';
import type { Output } from '../../../lib/run/outputs.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { type EndpointSource, scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { writeReport } from '../../../lib/stages/report/write-report.ts';
import { resumeRun } from '../../../lib/stages/resume/resume-run.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { now } from '../../../lib/timing/clock.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { explainRun } from '../../../scripts/explain/run.ts';
import { explanationText } from '../../../scripts/explain/text.ts';
import { summaryText } from '../../../scripts/shared/summary/summary-text.ts';
import { partnersOf } from '../../builders/partners.ts';
import { type ScriptedServer, startScriptedServer } from '../../unit/endpoints/scripted-server.ts';
import { rowsOf } from '../harness/pipeline.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';
import { workbookOf } from '../harness/workbook.ts';

const local = useTestBucket('test');
let bucket: Bucket;
let server: ScriptedServer;
/** What the services answer, by path; others answer 404. */
let answers: Record<string, (request: Record<string, unknown>) => object | number>;
beforeEach(async () => {
  bucket = new Bucket(local.client, NAME);
  server = await startScriptedServer((response, { path = '', body }) => {
    const answer = answers[path]?.(JSON.parse(body)) ?? 404;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.end(JSON.stringify(answer));
  });
});
afterEach(() => server.close());

const INPUT = {
  fields: {
    member: { titles: ['CUSTOMER'], type: 'string', required: true },
    time: { titles: ['DATE'], type: 'datetime', required: true },
    amount: { titles: ['AMOUNT'], type: 'number', default: 0 },
  },
};
const FEATURES = { VISITS: { count: 'transactions' }, SPEND: { sum: 'amount' }, DAYS: { daysSinceLast: 'time' } };

/** ANN: two visits, 30 in all, the last one a day ago. BEN: one, 5, eleven days ago. */
const CSV = `CUSTOMER,DATE,AMOUNT
ANN,2024-01-20,10
ANN,2024-01-30,20
BEN,2024-01-20,5
`;

/** Three models, each with something of its own, and an offer service that is sent two of the predictions. */
const SHOP = definitionSchema.parse({
  input: INPUT,
  features: FEATURES,
  models: {
    spend: { title: 'spend in 30 days', url: urlOf('SPEND_URL'), expected: { from: 0 } },
    leaves: {
      title: 'probability to leave',
      label: 'CHURN',
      url: urlOf('CHURN_URL'),
      format: 'probability',
      expected: { from: 0, to: 1 },
      send: ['VISITS', 'DAYS'],
    },
    basket: {
      title: 'next basket',
      url: urlOf('BASKET_URL'),
      format: 'whole',
      send: { visits: 'VISITS', spent: 'SPEND' },
      take: 'basket_value',
    },
  },
  offer: {
    url: urlOf('COUPON_URL'),
    send: { spend: 'spend', churn: 'leaves' },
    take: 'coupon',
    expectedValue: ['spend', 'leaves'],
  },
});

/** One model, and no offer service. */
const CLUB = definitionSchema.parse({
  input: INPUT,
  features: FEATURES,
  models: { visits: { title: 'visits next month', url: urlOf('VISITS_URL') } },
});

const PARTNERS = partnersOf({ shop: SHOP, club: CLUB });

const environment = () => ({
  SPEND_URL: `${server.url('/spend')}`,
  CHURN_URL: `${server.url('/churn')}`,
  BASKET_URL: `${server.url('/basket')}`,
  COUPON_URL: `${server.url('/coupon')}`,
  VISITS_URL: `${server.url('/visits')}`,
});

const QUICK: Partial<Resilience> = { attempts: 2, baseDelayMs: 1, maxDelayMs: 1 };

/** The deployment's endpoints, as predict has them. */
function deployed(partners = PARTNERS, variables: Record<string, string> = environment()): EndpointSource {
  const pool = new EndpointPool({ concurrency: 4, resilience: QUICK });
  return {
    prepare: () => pool.prepare(),
    of: (definition, partner) => pool.of(definition, deployedCalls(partners, variables, partner)),
  };
}

async function begin(partner: string, partners = PARTNERS, limits = DEFAULT_LIMITS): Promise<Manifest> {
  const key = `uploads/${partner}/members.csv`;
  const object = { Bucket: NAME, Key: key, Body: CSV, Metadata: { 'as-of': '2024-01-31' } };
  const { ETag = '' } = await local.client.send(new PutObjectCommand(object));
  const createdAt = new Date('2024-01-31T10:00:00Z');
  const upload = { bucket: NAME, key, etag: ETag.replaceAll('"', ''), sequencer: '1', createdAt };
  return prepareRun(bucket, upload, { minBatchSize: 10, maxBatches: 1 }, { partners, limits });
}

async function finish({ runId }: Manifest, endpoints = deployed(), round?: number): Promise<Summary> {
  const created = { key: batchKey(runId, 1, round), createdAt: new Date() };
  await scoreBatch(bucket, created, { endpoints, concurrency: 4 });
  const summary = await writeReport(bucket, { key: completionKey(runId, round), createdAt: new Date() });
  if (summary === undefined) throw new Error('there was a report already');
  return summarySchema.parse(JSON.parse(JSON.stringify(summary)));
}

const run = async (partner: string, endpoints?: EndpointSource) => finish(await begin(partner), endpoints);

const read = async ({ partner, runId }: Summary, output: Output) =>
  (await bucket.read(outputKey(partner, runId, output))).chunks;

async function membersOf(summary: Summary): Promise<Record<string, ScoredMember>> {
  const members = await Array.fromAsync(readJsonLines(await read(summary, 'members'), scoredMemberSchema));
  return Object.fromEntries(members.map((member) => [member.memberId, member]));
}

const sheetsOf = async (summary: Summary) => workbookOf(await read(summary, 'workbook'));

const requests = () =>
  server.requests.map(({ path, body }) => `${path} ${body}`).toSorted((one, other) => one.localeCompare(other));

describe('a partner with three models and an offer', () => {
  beforeEach(() => {
    answers = {
      '/spend': ({ SPEND }) => ({ prediction: 2 * Number(SPEND) }),
      '/churn': ({ DAYS }) => ({ prediction: Number(DAYS) / 100 }),
      '/basket': ({ spent, visits }) => ({ basket_value: Number(spent) / Number(visits), prediction: 'not this' }),
      '/coupon': ({ spend }) => ({ coupon: Number(spend) > 20 ? 'TEN' : 'FIVE' }),
    };
  });

  it('has each model sent what its file says, under these names, and the offer service the predictions', async () => {
    const summary = await run('shop');
    expect(summary).toMatchObject({
      status: 'COMPLETE',
      members: { total: 2, scored: 2 },
      offers: { TEN: 1, FIVE: 1 },
    });
    expect(requests()).toEqual([
      '/basket {"visits":1,"spent":5}',
      '/basket {"visits":2,"spent":30}',
      '/churn {"VISITS":1,"DAYS":11}',
      '/churn {"VISITS":2,"DAYS":1}',
      '/coupon {"spend":10,"churn":0.11}',
      '/coupon {"spend":60,"churn":0.01}',
      '/spend {"VISITS":1,"SPEND":5,"DAYS":11}',
      '/spend {"VISITS":2,"SPEND":30,"DAYS":1}',
    ]);
    const { ANN } = await membersOf(summary);
    expect(ANN?.outcome).toEqual({ status: 'SCORED', spend: 60, leaves: 0.01, basket: 15, offer: 'TEN' });
    expect(ANN?.attempts).toEqual({ spend: 1, leaves: 1, basket: 1, offer: 1 });
    expect(Object.keys(summary.requests)).toEqual(['spend', 'leaves', 'basket', 'offer']);
    expect(Object.keys(summary.predictions ?? {})).toEqual(['spend', 'leaves', 'basket']);
  });

  it('has its own columns, titles and formats in the workbook and the lists', async () => {
    const summary = await run('shop');
    const workbook = await sheetsOf(summary);
    const members = workbook.getWorksheet('Members');
    expect(rowsOf(members)[0]).toMatchObject({
      OFFER: 'TEN',
      SPEND_PREDICTION: 60,
      CHURN_PREDICTION: 0.01,
      BASKET_PREDICTION: 15,
      VISITS: 2,
      ATTEMPTS: 4,
      CHURN_LATENCY_MS: expect.any(Number),
      OFFER_LATENCY_MS: expect.any(Number),
    });
    expect(['D2', 'E2', 'C2'].map((cell) => members?.getCell(cell).numFmt)).toEqual(['0.0000', '#,##0', '#,##0.00']);
    expect(await textOf(await read(summary, 'offers'))).toBe(
      'MEMBER_ID,OFFER,SPEND_PREDICTION,CHURN_PREDICTION,BASKET_PREDICTION\n"ANN","TEN",60,0.01,15\n"BEN","FIVE",10,0.11,5\n',
    );
  });

  it('has a page with a panel for each call, a chart of what is multiplied, and the boundary', async () => {
    const summary = await run('shop');
    const page = await textOf(await read(summary, 'page'));
    for (const words of ['CHURN, predicted probability to leave', 'SPEND, predicted spend in 30 days', 'SPEND × CHURN'])
      expect(page).toContain(words);
    for (const label of ['SPEND: median', 'CHURN: median', 'BASKET: median', 'OFFER: median'])
      expect(page).toContain(label);
    expect(page).toContain('BASKET, next basket');
    expect(page).not.toMatch(/\b(ATS|RESP)\b/);
    // 60 × 0.01 and 10 × 0.11.
    expect(summary.boundaries).toMatchObject([{ below: 'TEN', above: 'FIVE', highestBelow: 0.6, lowestAbove: 1.1 }]);
  });

  it('has a member failed at the model that refuses it, with what to do by the name of its variable', async () => {
    answers['/basket'] = ({ visits }) => (visits === 1 ? 422 : { basket_value: 1 });
    const summary = await run('shop');
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { scored: 1, failed: 1 } });
    expect(summary.failures).toMatchObject([{ step: 'basket', status: 422, calls: 1 }]);
    expect(summary.reason).toContain(`BASKET endpoint (${server.url('/basket')}) answered 422`);
    const { BEN } = await membersOf(summary);
    expect(BEN?.outcome).toMatchObject({ status: 'FAILED', spend: 10, leaves: 0.11, failures: [{ step: 'basket' }] });
    expect(summaryText(summary, undefined)).toContain('BASKET with HTTP 422');
  });

  it('is told of predictions outside of what its file expects', async () => {
    answers['/churn'] = () => ({ prediction: 1.5 });
    const summary = await run('shop');
    expect(summary.outOfRange).toEqual([
      { prediction: 'leaves', expected: { from: 0, to: 1 }, members: 2, lowest: 1.5, highest: 1.5 },
    ]);
    const page = await textOf(await read(summary, 'page'));
    expect(page).toContain('CHURN should be 0 to 1, and is not for 2 members (100%): there it is 1.5.');
    expect(page).toContain("where this is meant, change what the partner's file expects.");
  });

  it('is explained with what each endpoint was sent and answered', async () => {
    const { runId } = await run('shop');
    const target = { s3: local.client, bucket: NAME, name: 'the bucket', pollMs: 1, assertAlive: () => undefined };
    const explained = explanationText(await explainRun(target, runId, 'ANN'));
    expect(explained).toMatch(/^ANN: TEN\n/);
    expect(explained).toContain('expected value  SPEND × CHURN = 60 × 0.01 = 0.6');
    expect(explained).toContain('SPEND, CHURN and BASKET are called side by side, the offer after them');
    expect(explained).toMatch(
      /BASKET {2}POST to the BASKET endpoint\n {10}\{\n {10} {2}"visits": 2,\n {10} {2}"spent": 30\n/,
    );
    expect(explained).toMatch(/OFFER {3}POST to the OFFER endpoint\n[^→]*"churn": 0.01\n[^→]*→ offer TEN/);
  });

  it('is explained where a call has failed, by the label of its model', async () => {
    answers['/churn'] = () => 422;
    const { runId } = await run('shop');
    const target = { s3: local.client, bucket: NAME, name: 'the bucket', pollMs: 1, assertAlive: () => undefined };
    const explained = explanationText(await explainRun(target, runId, 'ANN'));
    expect(explained).toMatch(/^ANN: FAILED at CHURN\n/);
    expect(explained).toMatch(/→ failed with status 422 \(1 attempt, .*\): CHURN endpoint/);
    expect(explained).toContain('OFFER   not called, because a prediction is missing');
  });
});

describe('a partner with twenty models, the most there can be, and offers that are compared by nothing', () => {
  const NAMES = Array.from({ length: 20 }, (_, place) => `m${place}`);
  const MANY = definitionSchema.parse({
    input: INPUT,
    features: FEATURES,
    models: Object.fromEntries(NAMES.map((name) => [name, { title: `number ${name}`, url: urlOf('MANY_URL') }])),
    offer: { url: urlOf('COUPON_URL'), send: { last: 'm19' } },
  });
  const partners = partnersOf({ many: MANY });

  it('has them all in its report, which has no boundaries and no chart of two of them', async () => {
    answers = { '/many': () => ({ prediction: 2 }), '/coupon': ({ last }) => ({ offer: `OFFER_${last}` }) };
    const variables = { MANY_URL: `${server.url('/many')}`, COUPON_URL: `${server.url('/coupon')}` };
    const summary = await finish(await begin('many', partners), deployed(partners, variables));
    expect(summary).toMatchObject({ status: 'COMPLETE', offers: { OFFER_2: 2 }, boundaries: [] });
    // Twenty and the offer, for two members.
    expect(server.requests).toHaveLength(42);
    const workbook = await sheetsOf(summary);
    const [row = {}] = rowsOf(workbook.getWorksheet('Members'));
    for (const name of NAMES) expect(row).toMatchObject({ [`${name.toUpperCase()}_PREDICTION`]: 2 });
    const latency = workbook.getWorksheet('Latency')?.getSheetValues().flat().map(String) ?? [];
    expect(latency).toEqual(expect.arrayContaining(['M0_MS', 'M19_MS', 'OFFER_MS']));
    const page = await textOf(await read(summary, 'page'));
    for (const name of NAMES) expect(page).toContain(`${name.toUpperCase()}: median`);
    expect(page).toContain('M19, number m19');
    expect(page).not.toMatch(/Scatter chart|Expected value/);
  });
});

describe('a partner with one model and no offer service', () => {
  beforeEach(() => {
    answers = { '/visits': ({ VISITS }) => ({ prediction: Number(VISITS) / 2 }) };
  });

  it('ends with predictions, and is COMPLETE when all are there', async () => {
    const summary = await run('club');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { total: 2, scored: 2 }, offers: {}, boundaries: [] });
    expect(server.requests.map(({ path }) => path)).toEqual(['/visits', '/visits']);
    const { ANN } = await membersOf(summary);
    expect(ANN?.outcome).toEqual({ status: 'SCORED', visits: 1 });
    expect(ANN?.attempts).toEqual({ visits: 1 });
  });

  it('has no word of offers in its report', async () => {
    const summary = await run('club');
    expect(await textOf(await read(summary, 'offers'))).toBe('MEMBER_ID,VISITS_PREDICTION\n"ANN",1\n"BEN",0.5\n');
    const workbook = await sheetsOf(summary);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'Summary',
      'Members',
      'Latency',
      'Rejected rows',
      'Input',
    ]);
    const columns = Object.keys(rowsOf(workbook.getWorksheet('Members'))[0] ?? {});
    expect(columns.filter((name) => name.includes('OFFER'))).toEqual([]);
    const cells = (workbook.getWorksheet('Summary')?.getSheetValues().flat() ?? []).map(String);
    expect(cells.filter((cell) => /Nobody|\boffer\b/i.test(cell))).toEqual([]);
    expect(cells).toContain('VISITS, visits next month');
    const page = await textOf(await read(summary, 'page'));
    expect(page).toContain('Every member has all predictions.');
    expect(page).toContain('VISITS, visits next month');
    expect(page).not.toContain('Who gets which offer');
    expect(page).not.toContain('Scatter chart');
    expect(summaryText(summary, undefined)).not.toMatch(/offers {2}/);
  });

  it('has a report in its own words, also of a file that could not even be opened', async () => {
    const { runId } = await begin('club', PARTNERS, { ...DEFAULT_LIMITS, fileBytes: 1 });
    const summary = await writeReport(bucket, { key: completionKey(runId), createdAt: new Date() });
    if (summary === undefined) throw new Error('there was a report already');
    expect(summary).toMatchObject({ status: 'FAILED', requests: { visits: { sent: 0 } } });
    expect(await textOf(await read(summary, 'offers'))).toBe('MEMBER_ID,VISITS_PREDICTION\n');
    expect(await textOf(await read(summary, 'page'))).not.toMatch(/\b(ATS|RESP)\b/);
  });

  it('is FAILED where nobody has a prediction, and resumed when the model is back', async () => {
    answers['/visits'] = () => 500;
    const manifest = await begin('club');
    expect(await finish(manifest)).toMatchObject({ status: 'FAILED', members: { scored: 0, failed: 2 } });
    answers['/visits'] = () => ({ prediction: 3 });
    const time = Math.floor(now());
    await resumeRun(bucket, manifest.runId, { retryFailed: true, quietSince: time, time });
    const batch = await bucket.readJson(batchKey(manifest.runId, 1, 2), batchSchema);
    expect(batch).toMatchObject({ partner: 'club', calls: ['visits'], definition: { models: CLUB.models } });
    expect(await finish(manifest, deployed(), 2)).toMatchObject({ status: 'COMPLETE', members: { scored: 2 } });
  });

  it('is explained', async () => {
    const { runId } = await run('club');
    const target = { s3: local.client, bucket: NAME, name: 'the bucket', pollMs: 1, assertAlive: () => undefined };
    const explained = explanationText(await explainRun(target, runId, 'BEN'));
    expect(explained).toMatch(/^BEN: scored\n/);
    expect(explained).toContain('→ prediction 0.5');
    expect(explained).not.toMatch(/\boffer\b|expected value|side by side/);
  });
});

describe('a run keeps to the models that it began with', () => {
  beforeEach(() => {
    answers = { '/visits': () => ({ prediction: 1 }), '/other': () => ({ prediction: 2 }) };
  });
  const [visits] = Object.values(CLUB.models);

  it('and calls them where the file says that is deployed now', async () => {
    const manifest = await begin('club');
    const moved = {
      ...CLUB,
      models: { visits: { title: 'other', url: urlOf('OTHER_URL'), send: ['SPEND'], take: 'x' } },
    };
    const variables = { OTHER_URL: `${server.url('/other')}` };
    const summary = await finish(manifest, deployed(partnersOf({ club: moved }), variables));
    expect(summary).toMatchObject({ status: 'COMPLETE' });
    // What is sent and taken is as the run began; where to, as deployed.
    expect(requests()).toEqual(['/other {"VISITS":1,"SPEND":5,"DAYS":11}', '/other {"VISITS":2,"SPEND":30,"DAYS":1}']);
  });

  it('whatever address somebody has put into the bucket', async () => {
    const { runId } = await begin('club');
    const batch = await bucket.readJson(batchKey(runId, 1), batchSchema);
    const models = { visits: { ...visits, title: 'visits', url: `${server.url('/thief')}` } };
    await bucket.writeJson(batchKey(runId, 1), { ...batch, definition: { models } });
    await scoreBatch(
      bucket,
      { key: batchKey(runId, 1), createdAt: new Date() },
      { endpoints: deployed(), concurrency: 4 },
    );
    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(['/visits']));
  });

  it.each([
    [
      'a model that the file has no more',
      () => deployed(partnersOf({ club: { ...CLUB, models: { others: { title: 'x', url: urlOf('VISITS_URL') } } } })),
      'VISITS endpoint has no address: partners/club.yml, as it is deployed now, has no model visits; put it there, deploy, then resume the run',
    ],
    [
      'a variable that is not set',
      () => deployed(PARTNERS, {}),
      'VISITS endpoint has no address: VISITS_URL, which partners/club.yml names, is not set where predict runs; set it, deploy, then resume the run',
    ],
    [
      'an address that cannot be used',
      () => deployed(PARTNERS, { VISITS_URL: 'http://models.example/visits?key=secret' }),
      /^VISITS endpoint has no address that can be used: VISITS_URL must be an https address; .*; correct it, deploy, then resume/,
    ],
    [
      'a partner that has no file any more',
      () => deployed(partnersOf({ shop: SHOP })),
      /^VISITS endpoint has no address: unknown partner: there is no partners\/club.yml, nor a default.yml/,
    ],
  ])('and has its members fail with what to do where there is %s', async (_, endpoints, message) => {
    const summary = await run('club', endpoints());
    expect(summary).toMatchObject({ status: 'FAILED', members: { failed: 2 } });
    const { ANN } = await membersOf(summary);
    if (ANN?.outcome.status !== 'FAILED') throw new Error('it was scored');
    const [failure] = ANN.outcome.failures;
    expect(failure).toMatchObject({ step: 'visits', attempts: 0 });
    if (typeof message === 'string') expect(failure?.message).toBe(message);
    else expect(failure?.message).toMatch(message);
    expect(server.requests).toEqual([]);
  });
});

describe('two partners at once', () => {
  const [one, other] = ['one', 'other'].map((name) =>
    definitionSchema.parse({ ...CLUB, models: { visits: { title: name, url: urlOf(`${name.toUpperCase()}_URL`) } } }),
  );
  if (one === undefined || other === undefined) throw new Error('there are two');
  const partners = partnersOf({ one, other });
  const addresses = () => ({ ONE_URL: `${server.url('/one')}`, OTHER_URL: `${server.url('/other')}` });

  it('do not wait for each other: each has connections of its own, also on the same host', async () => {
    const { promise: asked, resolve: hangs } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    answers = { '/other': () => ({ prediction: 1 }) };
    const hanging = await startScriptedServer(async (response, { path = '' }) => {
      if (path === '/one') hangs();
      if (path === '/one') await released;
      response.end('{"prediction": 2}');
    });
    const variables = { ONE_URL: `${hanging.url('/one')}`, OTHER_URL: `${hanging.url('/other')}` };
    const pool = new EndpointPool({ concurrency: 1, resilience: QUICK });
    const endpoints: EndpointSource = {
      prepare: () => pool.prepare(),
      of: (definition, partner) => pool.of(definition, deployedCalls(partners, variables, partner)),
    };
    const [manifestOfOne, manifestOfOther] = [await begin('one', partners), await begin('other', partners)];
    const waiting = finish(manifestOfOne, endpoints);
    await asked;
    // It ends while the other one is waiting for its endpoint.
    expect(await finish(manifestOfOther, endpoints)).toMatchObject({ status: 'COMPLETE', partner: 'other' });
    release();
    expect(await waiting).toMatchObject({ status: 'COMPLETE', partner: 'one' });
    await hanging.close();
  });

  it('each have circuits of their own, which their next run finds as they are', async () => {
    answers = { '/one': () => 503, '/other': () => ({ prediction: 1 }) };
    const outage = { outageAfter: 2, probeAfterMs: 60_000, maxOutageMs: 0 };
    const pool = new EndpointPool({ concurrency: 4, resilience: { ...QUICK, ...outage } });
    const of = (partner: string, definition: Definition) =>
      pool.of(definition, deployedCalls(partners, addresses(), partner)).byCall.get('visits');
    const [down, up] = [of('one', one), of('other', other)];
    await expect(down?.call({})).rejects.toThrow('VISITS endpoint');
    expect(await up?.call({})).toEqual({ value: 1, attempts: 1 });
    expect([down?.isDown, up?.isDown]).toEqual([true, false]);
    expect([down?.takeOpenings(), up?.takeOpenings()]).toEqual([1, 0]);
    expect(up?.id).toBe('other/visits');
    expect(of('one', one)?.isDown).toBe(true);
  });
});

it('a batch without a definition is one of before there were any, and calls what default.yml has', async () => {
  const { runId } = await begin('club');
  const { definition: _, partner: __, ...older } = await bucket.readJson(batchKey(runId, 1), batchSchema);
  await local.client.send(new DeleteObjectCommand({ Bucket: NAME, Key: resultKey(runId, 1) }));
  await bucket.writeJson(batchKey(runId, 1), { ...older, calls: ['ats'] });
  answers = { '/ats': () => ({ prediction: 1 }) };
  const ats = definitionSchema.parse({ ...CLUB, models: { ats: { title: 'size', url: urlOf('ATS_URL') } } });
  const endpoints = deployed(partnersOf({ default: ats }), { ATS_URL: `${server.url('/ats')}` });
  await scoreBatch(bucket, { key: batchKey(runId, 1), createdAt: new Date() }, { endpoints, concurrency: 4 });
  expect(server.requests.map(({ path }) => path)).toEqual(['/ats', '/ats']);
});
