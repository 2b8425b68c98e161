import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Credentials } from '../../../lib/endpoints/credentials.ts';
import { deployedCalls } from '../../../lib/endpoints/deployed-calls.ts';
import { EndpointPool, type EndpointsOptions } from '../../../lib/endpoints/endpoints.ts';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import { urlOf } from '../../../lib/partners/call-url.ts';
import type { CallLimits, Definition } from '../../../lib/partners/definition.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import type { Partners } from '../../../lib/partners/partners.ts';
import { batchSchema } from '../../../lib/run/contracts.ts';
import { batchKey, completionKey } from '../../../lib/run/keys.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { Deadline } from '../../../lib/stages/predict/deadline.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { writeReport } from '../../../lib/stages/report/write-report.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { json, type ScriptedServer, startScriptedServer, text } from '../../unit/endpoints/scripted-server.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';

const local = useTestBucket('test');
let bucket: Bucket;
let server: ScriptedServer;
/** What a partner's model answers, by path. */
let answers: Record<string, Parameters<typeof startScriptedServer>[0]>;
/** Requests by path, and ends of runs, in order. */
let events: string[];
beforeEach(async () => {
  bucket = new Bucket(local.client, NAME);
  events = [];
  answers = { '/club': json({ prediction: 1 }), '/shop': json({ prediction: 2 }) };
  server = await startScriptedServer((response, request) => {
    const { path = '' } = request;
    events.push(path);
    answers[path]?.(response, request);
  });
});
afterEach(() => server.close());

const CSV = 'CUSTOMER,DATE\nANN,2024-01-20\nBEN,2024-01-20\nCAT,2024-01-20\nDAN,2024-01-20\n';
const MEMBERS = 4;

const QUICK: Partial<Resilience> = { attempts: 2, baseDelayMs: 1, maxDelayMs: 1 };

/** Another turn is in 1,000 seconds; the time of a batch is up before. */
const ONE_TURN = 0.001;
const TIME_LEFT_MS = 500_000;

/** A partner with one model, which its path is called after. */
function definitionOf(path: string, limits: CallLimits = {}): Definition {
  return definitionSchema.parse({
    input: {
      fields: {
        member: { titles: ['CUSTOMER'], type: 'string', required: true },
        time: { titles: ['DATE'], type: 'datetime', required: true },
      },
    },
    features: { VISITS: { count: 'transactions' } },
    models: { visits: { title: 'visits', url: urlOf(`${path.toUpperCase()}_URL`), ...limits } },
  });
}

/** The partners `club`, with limits, and `shop`. */
function partnersWith(limits: CallLimits, limitsOfShop: CallLimits = {}): Partners {
  const definitions = { club: definitionOf('club', limits), shop: definitionOf('shop', limitsOfShop) };
  return {
    names: ['club', 'shop'],
    read: (name) => ({
      file: `${name}.yml`,
      digest: 'aaaaaaaaaaaa',
      definition: name === 'club' ? definitions.club : definitions.shop,
    }),
  };
}

/** Runs of a deployment, all by one process of predict. */
function deployed(partners: Partners, options: Partial<EndpointsOptions> = {}) {
  const pool = new EndpointPool({ concurrency: MEMBERS, resilience: QUICK, ...options });
  const addresses = { CLUB_URL: `${server.url('/club')}`, SHOP_URL: `${server.url('/shop')}` };
  const endpoints = {
    prepare: () => pool.prepare(),
    of: (definition: Parameters<EndpointPool['of']>[0], partner: string | undefined) =>
      pool.of(definition, deployedCalls(partners, addresses, partner)),
  };
  return async (runId: string): Promise<Summary> => {
    const deadline = new Deadline(TIME_LEFT_MS);
    const created = { key: batchKey(runId, 1), createdAt: new Date() };
    await scoreBatch(bucket, created, { endpoints, concurrency: MEMBERS, deadline });
    deadline.clear();
    const summary = await writeReport(bucket, { key: completionKey(runId), createdAt: new Date() });
    if (summary === undefined) throw new Error('there was a report already');
    events.push(`${summary.partner} ${summary.status}`);
    return summary;
  };
}

/** Drops a partner's file. @returns the id of its run */
async function begin(partner: string, partners: Partners): Promise<string> {
  const key = `uploads/${partner}/members.csv`;
  const object = { Bucket: NAME, Key: key, Body: CSV, Metadata: { 'as-of': '2024-01-31' } };
  const { ETag = '' } = await local.client.send(new PutObjectCommand(object));
  const createdAt = new Date('2024-01-31T10:00:00Z');
  const upload = { bucket: NAME, key, etag: ETag.replaceAll('"', ''), sequencer: '1', createdAt };
  const { runId } = await prepareRun(bucket, upload, { minBatchSize: 10, maxBatches: 1 }, { partners });
  return runId;
}

/** Runs of both partners at once. */
async function runBoth(partners: Partners, options?: Partial<EndpointsOptions>): Promise<Summary[]> {
  const finish = deployed(partners, options);
  const [club, shop] = [await begin('club', partners), await begin('shop', partners)];
  return Promise.all([finish(club), finish(shop)]);
}

const sentTo = (path: string) => events.filter((event) => event === path).length;

describe('two partners at once', () => {
  it('are limited each by itself: the turns that one waits for are none of the other', async () => {
    const [club, shop] = await runBoth(partnersWith({ requestsPerSecond: ONE_TURN }));
    expect(club).toMatchObject({ status: 'PARTIAL', members: { scored: 1, failed: 3 } });
    expect(club?.failures).toMatchObject([{ step: 'visits', calls: 3 }]);
    expect(club?.reason).toContain('the time for this batch was up');
    expect(shop).toMatchObject({ status: 'COMPLETE', members: { scored: MEMBERS } });
    expect([sentTo('/club'), sentTo('/shop')]).toEqual([1, MEMBERS]);
  });

  it('are not limited by a limit of the deployment where they have one of their own', async () => {
    const [club, shop] = await runBoth(partnersWith({ requestsPerSecond: 10_000 }), { requestsPerSecond: ONE_TURN });
    expect(club).toMatchObject({ status: 'COMPLETE' });
    // That of the deployment holds for the other one, and none of its turns were taken.
    expect(shop).toMatchObject({ status: 'PARTIAL', members: { scored: 1, failed: 3 } });
    expect([sentTo('/club'), sentTo('/shop')]).toEqual([MEMBERS, 1]);
  });

  it('do not wait for the endpoint of one that is down: the run of the other ends meanwhile', async () => {
    const { promise: probed, resolve: isProbed } = Promise.withResolvers<void>();
    const { promise: back, resolve: comesBack } = Promise.withResolvers<void>();
    answers['/club'] = async (response, request) => {
      if (sentTo('/club') === 1) return text('', 503)(response, request);
      isProbed();
      await back;
      return json({ prediction: 1 })(response, request);
    };
    const outage = { outageAfter: 1, probeAfterMs: 1, maxOutageMs: 600_000 };
    const partners = partnersWith({ concurrency: 1 });
    const finish = deployed(partners, { resilience: { ...QUICK, ...outage } });
    const [club, shop] = [await begin('club', partners), await begin('shop', partners)];
    const waiting = finish(club);
    await probed;
    await finish(shop);
    comesBack();
    await waiting;
    expect(events).toEqual([
      ...['/club', '/club', '/shop', '/shop', '/shop', '/shop', 'shop COMPLETE'],
      ...['/club', '/club', '/club', 'club COMPLETE'],
    ]);
  });

  it('do not wait for one that is called by one request at a time, and whose endpoint takes its time', async () => {
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    answers['/club'] = async (response, request) => {
      isAsked();
      await released;
      return json({ prediction: 1 })(response, request);
    };
    const partners = partnersWith({ concurrency: 1 });
    const finish = deployed(partners);
    const [club, shop] = [await begin('club', partners), await begin('shop', partners)];
    const waiting = finish(club);
    await asked;
    await finish(shop);
    release();
    await waiting;
    expect(events).toEqual([
      ...['/club', '/shop', '/shop', '/shop', '/shop', 'shop COMPLETE'],
      ...['/club', '/club', '/club', 'club COMPLETE'],
    ]);
  });

  it('are sent each their own headers, and quote none of either in their reports', async () => {
    const headers = {
      'club/visits': { 'x-api-key': 'club-secret-key' },
      partners: { shop: { visits: { authorization: 'Bearer shop-secret-token' } } },
    };
    const credentials = new Credentials({
      read: async () => JSON.stringify(headers),
      kept: 'the store',
      endpoints: () => ['club/visits', 'shop/visits'],
    });
    answers['/club'] = text('not club-secret-key, nor shop-secret-token', 422);
    const [club, shop] = await runBoth(partnersWith({}), { credentials });
    const sent = (path: string) => server.requests.find((request) => request.path === path)?.headers;
    expect(sent('/club')).toMatchObject({ 'x-api-key': 'club-secret-key' });
    expect(sent('/club')).not.toHaveProperty('authorization');
    expect(sent('/shop')).toMatchObject({ authorization: 'Bearer shop-secret-token' });
    expect(sent('/shop')).not.toHaveProperty('x-api-key');
    expect([club?.status, shop?.status]).toEqual(['FAILED', 'COMPLETE']);
    expect(club?.reason).toContain('answered 422: not [redacted], nor [redacted]');
    expect(JSON.stringify([club, shop])).not.toContain('secret');
  });

  it('are tried as often as the file of each says', async () => {
    answers = { '/club': text('', 500), '/shop': text('', 500) };
    await runBoth(partnersWith({ attempts: 1 }, { attempts: 3 }));
    expect([sentTo('/club'), sentTo('/shop')]).toEqual([MEMBERS, 3 * MEMBERS]);
  });
});

it('what a run carries of limits counts for nothing, only what is deployed now', async () => {
  answers['/club'] = text('', 500);
  const runId = await begin('club', partnersWith({ attempts: 5 }));
  const batch = await bucket.readJson(batchKey(runId, 1), batchSchema);
  expect(batch.definition?.models).toMatchObject({ visits: { attempts: 5 } });
  await deployed(partnersWith({ attempts: 1 }))(runId);
  expect(sentTo('/club')).toBe(MEMBERS);
});
