import { text } from 'node:stream/consumers';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import type { Summary } from '../../../lib/run/summary.ts';
import { startDaemon } from '../../unit/functions/observation/daemon.ts';
import { fileOf } from '../faults/content.ts';
import { outputOf, usePipeline } from '../harness/pipeline.ts';
import { startSecretsServer } from '../harness/secrets-server.ts';
import { startSns } from '../harness/sns-server.ts';
import { type Capture, capture } from '../observation/captured.ts';

const REFERENCE = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/endpoints-AbCdEf';

const base64 = (value: string) => Buffer.from(value).toString('base64');

/** What is planted: a key, a password and a token, each with characters that other notations change. */
const planted = (generation: string) => ({
  key: `Zwiebel/key+${generation}==`,
  password: `Zwiebel "pass" ${generation}`,
  token: `Zwiebel.token-${generation}`,
});

type Planted = ReturnType<typeof planted>;

const headersWith = ({ key, password, token }: Planted) => ({
  ats: { 'x-api-key': key },
  resp: { authorization: `Basic ${base64(`campaigns:${password}`)}` },
  offer: { authorization: `Bearer ${token}`, 'x-api-key': key },
});

let kept: string | undefined;
/** Those that the endpoints let in. */
let valid = planted('one');
let secrets: Awaited<ReturnType<typeof startSecretsServer>>;
let sns: Awaited<ReturnType<typeof startSns>>;
let daemon: Awaited<ReturnType<typeof startDaemon>>;
let output: Capture;
const thrown: unknown[] = [];
/** Milliseconds by which the clock of the functions is fast. */
let later = 0;

beforeAll(async () => {
  secrets = await startSecretsServer(() => kept);
  sns = await startSns(() => undefined);
  daemon = await startDaemon();
  const time = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => time() + later);
});
const pipeline = usePipeline(() => ({
  environment: {
    ENDPOINT_HEADERS_REF: REFERENCE,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    NOTIFY_TOPIC: 'arn:aws:sns:eu-west-1:123456789012:run-ends',
    AWS_ENDPOINT_URL_SNS: sns.endpoint,
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
    _X_AMZN_TRACE_ID: 'Root=1-2-3;Parent=4;Sampled=1',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
    MAX_ATTEMPTS: '2',
    RETRY_DELAY_MS: '1',
    PROBE_AFTER_MS: '1',
  },
  around: (_, handle) =>
    handle().catch((error) => {
      thrown.push(error);
      throw error;
    }),
}));
beforeAll(() => {
  output = capture();
});
afterAll(async () => {
  output.restore();
  jest.restoreAllMocks();
  daemon.close();
  await Promise.all([secrets.close(), sns.close()]);
});

/** Lets in whoever is to be let in, and answers what the last argument says. */
function guarded(answer: (reply: FastifyReply, url: string, seen: string) => unknown = () => undefined): void {
  pipeline.intercept = ({ url, headers }, reply) => {
    const { ats, resp, offer } = headersWith(valid);
    const wanted = url.startsWith('/offer') ? offer : url.includes('/ats/') ? ats : resp;
    const seen = JSON.stringify(headers);
    const isWelcome = Object.entries(wanted).every(([name, value]) => headers[name] === value);
    return isWelcome ? answer(reply, url, seen) : reply.code(401).send(`who is ${seen}?`);
  };
}

/** Ways in which an endpoint gives away what it was sent, for the members in turn. */
function indiscreet(reply: FastifyReply, url: string, seen: string, turn: number): unknown {
  const { key, password, token } = valid;
  if (url.startsWith('/offer')) return turn % 2 === 0 ? reply.send({ offer: `for ${token}` }) : undefined;
  switch (turn % 6) {
    case 0:
      return reply.code(422).send(seen);
    case 1:
      return reply
        .code(422)
        .header('x-powered-by', key)
        .send(`${encodeURIComponent(key)} ${base64(key)} ${password}`);
    case 2:
      return reply.code(307).header('location', `https://login.example/${key}?key=${key}`).send();
    case 3:
      return reply.send({ prediction: seen });
    case 4:
      return reply.code(500).send({ error: { key, password, token } });
    default:
      return undefined;
  }
}

/** Everything that a run leaves anywhere: objects with their keys and metadata, logs, traces, messages, errors. */
async function everythingWritten(): Promise<string> {
  const written = [output.text(), ...daemon.datagrams, JSON.stringify(sns.published), ...thrown.map(textOf)];
  for (const key of await pipeline.bucket.list('')) {
    const { Metadata } = await pipeline.client.send(new HeadObjectCommand({ Bucket: pipeline.bucket.name, Key: key }));
    written.push(key, JSON.stringify(Metadata));
    // The sheets' own text, which the file has only compressed.
    if (key.endsWith('.xlsx')) written.push(JSON.stringify((await pipeline.workbook(key)).model));
    else written.push(await text((await pipeline.bucket.read(key)).chunks));
  }
  return written.join('\n');
}

function textOf(error: unknown): string {
  const { stack, cause } = Object(error);
  return [stack, JSON.stringify(error), cause === undefined ? '' : textOf(cause)].join('\n');
}

async function expectNothingOf(...all: Planted[]): Promise<void> {
  const written = await everythingWritten();
  expect(written.length).toBeGreaterThan(10_000);
  // In whatever notation the rest of it is.
  expect(written).not.toContain('Zwiebel');
  for (const { key, password, token } of all) {
    for (const secret of [key, token, password, `campaigns:${password}`]) {
      expect(written).not.toContain(base64(secret).slice(0, 12));
    }
  }
}

const sent = async (summary: Summary) => text((await pipeline.bucket.read(outputOf(summary, 'members'))).chunks);

describe('the credentials of the endpoints', () => {
  it('are read from where they are kept, let members be scored, and are found nowhere afterwards', async () => {
    kept = JSON.stringify(headersWith(valid));
    guarded();
    const summary = await pipeline.drop('scored.csv', fileOf(60), '2024-01-31');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { scored: 60, failed: 0 } });
    expect(secrets.asked).toEqual([{ target: 'secretsmanager.GetSecretValue', body: { SecretId: REFERENCE } }]);
    await expectNothingOf(valid);
  });

  it('are found nowhere when endpoints quote them in refusals, redirects, errors, predictions and offers', async () => {
    let turn = 0;
    guarded((reply, url, seen) => indiscreet(reply, url, seen, turn++));
    const summary = await pipeline.drop('indiscreet.csv', fileOf(60), '2024-01-31');
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { failed: expect.any(Number) } });
    const members = await sent(summary);
    for (const trace of ['422', 'redirects to https://login.example/[redacted]', 'is expected: {', 'answered 500']) {
      expect(members).toContain(trace);
    }
    expect(sns.published.length).toBeGreaterThan(1);
    await expectNothingOf(valid);
  });

  it('are replaced where they are kept, without a failed member, and neither is found anywhere', async () => {
    const old = valid;
    valid = planted('two');
    kept = JSON.stringify(headersWith(valid));
    later += 10_000;
    guarded();
    const summary = await pipeline.drop('replaced.csv', fileOf(60), '2024-01-31');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { scored: 60, failed: 0 } });
    await expectNothingOf(old, valid);
  });

  it('are found nowhere when an endpoint refuses them', async () => {
    const refused = valid;
    valid = planted('three');
    later += 10_000;
    guarded();
    const summary = await pipeline.drop('refused.csv', fileOf(10), '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', members: { scored: 0, failed: 10 } });
    expect(summary.reason).toContain('answered 401: who is');
    await expectNothingOf(refused, valid);
  });

  it.each([
    ['no JSON', () => `Zwiebel ${JSON.stringify(headersWith(valid))}`],
    ['of another shape', () => JSON.stringify({ 'x-api-key': valid.key })],
    ['no headers', () => JSON.stringify({ ats: { 'x-api-key': `${valid.key}\n` } })],
    ['gone', () => undefined],
  ])('are found nowhere when what is kept is %s, which the report says', async (name, text) => {
    kept = text();
    later += 10_000;
    guarded();
    const summary = await pipeline.drop(`${name}.csv`, fileOf(10), '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', members: { failed: 10 } });
    expect(summary.reason).toContain(`the endpoints' headers`);
    expect(summary.reason).toContain(REFERENCE);
    await expectNothingOf(valid);
  });
});
