import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import pLimit from 'p-limit';
import { Pool } from 'undici';
import { Endpoint, type EndpointOptions } from '../../../lib/endpoints/endpoint.ts';
import { CallFailedError, parseRetryAfter } from '../../../lib/endpoints/errors.ts';
import { RateLimiter } from '../../../lib/endpoints/rate-limiter.ts';
import { RequestStatistics } from '../../../lib/endpoints/request-statistics.ts';
import { predictionContract } from '../../../lib/endpoints/requests.ts';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import { protocolOf } from '../../../lib/protocols/protocols.ts';
import { now } from '../../../lib/timing/clock.ts';
import { halfABody, json, reset, type ScriptedServer, silence, startScriptedServer, text } from './scripted-server.ts';

const GOOD = { good: 1 };
const GOOD_BODY = '{"good":1}';

const FAST: Partial<Resilience> = { timeoutMs: 2_000, baseDelayMs: 1, maxDelayMs: 5, attempts: 3 };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(...answers: Parameters<typeof startScriptedServer>): Promise<ScriptedServer> {
  const server = await startScriptedServer(...answers);
  closers.push(server.close);
  return server;
}

function endpointAt(url: URL, resilience: Partial<Resilience> = {}, options: Partial<EndpointOptions<number>> = {}) {
  const pool = new Pool(url.origin, { connections: 4 });
  closers.push(() => pool.destroy());
  return new Endpoint({
    id: 'ats',
    label: 'ATS',
    url,
    pool,
    protocol: protocolOf({}),
    contract: predictionContract(),
    resilience: { ...FAST, ...resilience },
    ...options,
  });
}

async function failureOf(call: Promise<unknown>): Promise<CallFailedError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CallFailedError) return error;
  throw new Error(`expected a CallFailedError, got ${String(error)}`);
}

describe('a call', () => {
  it('posts JSON to the address, query included, and returns what was answered', async () => {
    const server = await serve(json({ prediction: 1.5, model: 'v2' }));
    const answer = await endpointAt(server.url('/ml/predict?v=1')).call({ a: 1 });
    expect(answer).toEqual({ value: 1.5, attempts: 1 });
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/ml/predict?v=1', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
    ]);
  });

  it('is told of without the query, which may be secret, also where the endpoint quotes it', async () => {
    const quoting = { message: 'Route POST:/ml/predict?v=1&token=s3cr3t%2Ft0ken not found, s3cr3t/t0ken' };
    const server = await serve(json(quoting, 404));
    const { message } = await failureOf(endpointAt(server.url('/ml/predict?v=1&token=s3cr3t%2Ft0ken')).call({}));
    expect(message).toContain(`(${server.url('/ml/predict')}) answered 404`);
    expect(message).toContain('Route POST:/ml/predict?v=1&token=[redacted] not found, [redacted]');
    expect(message).not.toContain('s3cr3t');
  });

  it.each([200, 201, 299])('takes what is answered with %i', async (status) => {
    const server = await serve(json({ prediction: 7 }, status));
    expect(await endpointAt(server.url('/')).call({})).toEqual({ value: 7, attempts: 1 });
  });

  it.each([
    ['a 500', text('oops', 500)],
    ['a 503', text('', 503)],
    ['a 429', text('slow down', 429)],
    ['a connection that is reset', reset],
    ['half an answer', halfABody],
    ['an answer that is no JSON', text('<html>')],
    ['an answer of another shape', json({ prediction: 'high' })],
    ['a prediction that no number can hold', text('{"prediction":1e999}')],
    ['a success with an error in it', json({ error: 'model not loaded' })],
    ['an answer without end', text('x'.repeat(70_000))],
  ])('is tried again after %s', async (_, answer) => {
    const server = await serve(answer, json({ prediction: 7 }));
    expect(await endpointAt(server.url('/')).call({})).toEqual({ value: 7, attempts: 2 });
  });

  it('is tried again when the answer does not come in time', async () => {
    const server = await serve(silence, json({ prediction: 7 }));
    const endpoint = endpointAt(server.url('/'), { timeoutMs: 100 });
    expect(await endpoint.call({})).toEqual({ value: 7, attempts: 2 });
  });

  it.each([400, 401, 404, 422])('is not tried again after a %i', async (status) => {
    const server = await serve(text('no\n such  member', status));
    const error = await failureOf(endpointAt(server.url('/p?key=secret')).call({}));
    expect(error.message).toBe(`ATS endpoint (${server.url('/p').href}) answered ${status}: no such member`);
    expect(error.attempts).toBe(1);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['another path', '/other?token=secret#part', (origin: string) => `${origin}/other`],
    ['another host', 'https://user:password@elsewhere.example/a?b=c', () => 'https://elsewhere.example/a'],
    ['nowhere', 'http://[', () => 'an address that cannot be read'],
    ['a long way off', `/${'x'.repeat(5_000)}`, (origin: string) => `${`${origin}/${'x'.repeat(300)}`.slice(0, 200)}…`],
  ])('does not follow a redirect to %s, and names it without what may be secret', async (_, location, shown) => {
    const server = await serve(text('moved', 307, { location }));
    const { origin } = server.url('/');
    const error = await failureOf(endpointAt(server.url('/')).call({}));
    expect(error.message).toBe(
      `ATS endpoint (${origin}/) answered 307: it redirects to ${shown(origin)}, which is not followed`,
    );
    expect(error.status).toBe(307);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [
      'is no JSON',
      text(`<html>${'x'.repeat(800)}`),
      /answered with no JSON such as \{"prediction": 0.42\}: <html>x{194}…, 3 attempts$/,
    ],
    [
      'has another shape',
      json({ error: 'not loaded' }),
      /without the field prediction \(it has error\).* is expected: \{"error":"not loaded"\}/,
    ],
    ['is empty', text(''), /answered with no JSON such as \{"prediction": 0.42\}, nothing at all, 3 attempts$/],
    ['is refused at length', text('x'.repeat(900), 500), /answered 500: x{200}…, 3 attempts$/],
    [
      'is too long to be one',
      text('x'.repeat(70_000)),
      /more than a prediction or an offer can be; the rest was not read/,
    ],
  ])('quotes no more than a beginning of an answer that %s', async (_, answer, message) => {
    const server = await serve(answer);
    expect((await failureOf(endpointAt(server.url('/')).call({}))).message).toMatch(message);
  });

  it('sends nothing after its deadline, and waits for nothing beyond it', async () => {
    const server = await serve(text('', 503, { 'retry-after': '60' }));
    const endpoint = endpointAt(server.url('/'), { maxRetryAfterMs: 60_000 });
    expect((await failureOf(endpoint.call({}, { deadline: now() }))).message).toMatch(
      /the time for this batch was up$/,
    );
    expect(server.requests).toHaveLength(0);
    expect((await failureOf(endpoint.call({}, { deadline: now() + 30_000 }))).message).toMatch(
      /the time for this batch was up$/,
    );
    expect(server.requests).toHaveLength(1);
  });

  it('is not sent when its turn comes after the deadline, and that is no failed request', async () => {
    const server = await serve(json({ prediction: 7 }));
    const rateLimiter = new RateLimiter(0.001);
    const endpoint = endpointAt(server.url('/'), {}, { rateLimiter });
    await endpoint.call({});
    const statistics = new RequestStatistics();
    const late = await failureOf(endpoint.call({}, { statistics, deadline: now() + 500_000 }));
    expect(late.message).toMatch(/the time for this batch was up$/);
    expect(late.attempts).toBe(0);
    expect([statistics.requests, statistics.errors]).toEqual([0, 0]);
    expect(server.requests).toHaveLength(1);
  });

  it('is not sent once more with other credentials after its deadline', async () => {
    const server = await serve(text('', 401), json({ prediction: 7 }));
    const deadline = now() + 50;
    const credentials = {
      current: {},
      isRenewed: async () => {
        while (now() < deadline) await new Promise(setImmediate);
        return true;
      },
      redact: (text: string) => text,
    };
    const endpoint = endpointAt(server.url('/'), {}, { credentials });
    expect((await failureOf(endpoint.call({}, { deadline }))).message).toMatch(/the time for this batch was up$/);
    expect(server.requests).toHaveLength(1);
  });

  it('quotes an answer as it was sent when that would be too much unpacked', async () => {
    const server = await serve((response) => {
      response.writeHead(500, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000)));
    });
    const { message } = await failureOf(endpointAt(server.url('/')).call({}));
    expect(message).toContain('answered 500: \x1f');
    expect(message).toMatch(/, 3 attempts$/);
  });

  it('fails when its attempts are used up, with the last reason', async () => {
    const server = await serve(text('first', 500), text('second', 500), text('third', 500), json({ prediction: 1 }));
    const error = await failureOf(endpointAt(server.url('/')).call({}));
    expect(error.message).toBe(`ATS endpoint (${server.url('/').href}) answered 500: third, 3 attempts`);
    expect(server.requests).toHaveLength(3);
  });

  it('says so when nobody listens', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    listener.close();
    await once(listener, 'close');
    const error = await failureOf(endpointAt(new URL(`http://127.0.0.1:${port}/`)).call({}));
    expect(error.message).toMatch(/could not be reached: .*ECONNREFUSED.*, 3 attempts$/);
  });
});

describe('an endpoint that is down', () => {
  const OUTAGE: Partial<Resilience> = {
    attempts: 2,
    outageAfter: 10,
    probeAfterMs: 20,
    maxOutageMs: 0,
  };

  it('is left alone instead of being called by everybody', async () => {
    const server = await serve(text('', 503));
    const endpoint = endpointAt(server.url('/'), { ...OUTAGE, probeAfterMs: 60_000 });
    const messages: string[] = [];
    for (let call = 0; call < 200; call++) messages.push((await failureOf(endpoint.call({}))).message);
    expect(server.requests.length).toBeLessThanOrEqual(20);
    expect(messages.at(-1)).toMatch(/^ATS .* is down: no call has succeeded for \d{1,2} s; .* it answered 503$/);
  });

  it('is waited for, so that a short outage fails nobody', async () => {
    const outage = Array.from({ length: 15 }, () => text('', 503));
    const server = await serve(...outage, json({ prediction: 3 }));
    const endpoint = endpointAt(server.url('/'), { ...OUTAGE, attempts: 15, maxOutageMs: 60_000 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => endpoint.call({})));
    expect(answers.map(({ value }) => value)).toEqual(Array(40).fill(3));
    expect(server.requests).toHaveLength(15 + 40);
  });
});

describe('a call that waits for another attempt', () => {
  /** How often a call, which is answered in the end, has let others go first. */
  async function restsAfter(answer: Parameters<typeof serve>[0], rateLimiter?: RateLimiter): Promise<number> {
    const server = await serve(answer, json({ prediction: 7 }));
    const pool = new Pool(server.url('/').origin, { connections: 1 });
    closers.push(() => pool.destroy());
    const options = {
      id: 'ats',
      label: 'ATS',
      url: server.url('/'),
      pool,
      protocol: protocolOf({}),
      contract: predictionContract(),
      rateLimiter,
    };
    const endpoint = new Endpoint({ ...options, resilience: { ...FAST, maxRetryAfterMs: 1 } });
    let rests = 0;
    await endpoint.call({}, { rest: async () => (rests += 1) });
    return rests;
  }

  it.each([
    ['a 500', text('division by zero', 500)],
    ['a 502', text('', 502)],
    ['an unusable answer', json({ prediction: null })],
    ['no answer', reset],
  ])('lets others go first after %s', async (_, answer) => {
    expect(await restsAfter(answer)).toBe(1);
  });

  it.each([
    ['a 429', text('', 429)],
    ['a 503', text('', 503)],
    ['whatever asks for time', text('', 500, { 'retry-after': '1' })],
  ])('does not after %s: the service would get more instead of less', async (_, answer) => {
    expect(await restsAfter(answer)).toBe(0);
  });

  it.each([
    ['an unusable answer', json({ prediction: null }), false, 'short'],
    ['an unusable answer, while others are answered', json({ prediction: null }), true, 'short'],
    ['a 500, while others are answered', text('', 500), true, 'short'],
    ['a 500, while nobody is', text('', 500), false, 'long'],
    ['a 502, while others are answered', text('', 502), true, 'long'],
  ])('waits after %s', async (_, answer, areOthersAnswered, length) => {
    const server = await serve((response, request) =>
      (request.body === GOOD_BODY ? json({ prediction: 7 }) : answer)(response, request),
    );
    // By chance alone a long delay is as short as that once in a hundred million times.
    const delays = { attempts: 3, baseDelayMs: 1e9, maxDelayMs: 1e9, maxBriefDelayMs: 10 };
    const endpoint = endpointAt(server.url('/'), delays);
    const rests: number[] = [];
    const rest = async (milliseconds: number) => {
      rests.push(milliseconds);
      if (areOthersAnswered) await endpoint.call(GOOD);
    };
    await failureOf(endpoint.call({ bad: 0 }, { rest }));
    expect(rests).toHaveLength(2);
    expect((rests[1] ?? 0) > 10 ? 'long' : 'short').toBe(length);
  });

  it('does not for its turn, where there is a limit of requests per second', async () => {
    expect(await restsAfter(text('', 429), new RateLimiter(1_000))).toBe(0);
  });
});

describe('an endpoint that is sent so many requests at the same time', () => {
  it('gets no more, and another one as soon as one is answered', async () => {
    const held: (() => void)[] = [];
    const { promise: both, resolve: areBoth } = Promise.withResolvers<void>();
    const server = await serve((response, request) => {
      held.push(() => json({ prediction: held.length })(response, request));
      if (held.length === 2) areBoth();
      if (held.length > 2) held.at(-1)?.();
    });
    const endpoint = endpointAt(server.url('/'), {}, { concurrency: pLimit(2) });
    const calls = [1, 2, 3, 4].map((a) => endpoint.call({ a }));
    await both;
    expect(server.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":2}']);
    held[1]?.();
    await Promise.all(calls.slice(1));
    expect(server.requests.map(({ body }) => body)).toEqual([1, 2, 3, 4].map((a) => `{"a":${a}}`));
    held[0]?.();
    expect((await Promise.all(calls)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  });

  it('is sent nothing more by calls that have waited until it was down, or until time was up', async () => {
    const server = await serve(text('', 503));
    const concurrency = pLimit(1);
    const down = endpointAt(server.url('/'), { outageAfter: 1, maxOutageMs: 0 }, { concurrency });
    const failures = await Promise.all([1, 2, 3].map((a) => failureOf(down.call({ a }))));
    expect(failures.map(({ attempts }) => attempts)).toEqual([1, 0, 0]);
    const { promise: busy, resolve: isFree } = Promise.withResolvers<void>();
    void concurrency(() => busy);
    const deadline = now() + 5;
    const late = failureOf(endpointAt(server.url('/'), {}, { concurrency }).call({ a: 4 }, { deadline }));
    while (now() < deadline) await Promise.resolve();
    isFree();
    expect((await late).message).toContain('the time for this batch was up');
    expect(server.requests).toHaveLength(1);
  });
});

describe('an endpoint that has answered before', () => {
  const DOUBT: Partial<Resilience> = { attempts: 4, outageAfter: 10, probeAfterMs: 600_000, maxOutageMs: 600_000 };

  /** Answers what it is told to, refuses everything else, and is down when told so. */
  async function selective() {
    const state = { isDown: false };
    const server = await serve((response, request) => {
      if (!state.isDown && request.body === GOOD_BODY) return json({ prediction: 1 })(response, request);
      return text('division by zero', 500)(response, request);
    });
    const bodies = () => server.requests.map(({ body }) => body);
    return { state, bodies, endpoint: endpointAt(server.url('/'), DOUBT) };
  }

  it('is asked that again before it is taken for down, however many inputs it refuses', async () => {
    const { bodies, endpoint } = await selective();
    await endpoint.call(GOOD);
    for (let call = 0; call < 50; call++) {
      const error = await failureOf(endpoint.call({ bad: call }));
      expect(error.message).toMatch(/answered 500: division by zero, 4 attempts$/);
      expect(error.attempts).toBe(4);
    }
    expect(endpoint.isDown).toBe(false);
    expect(endpoint.takeOpenings()).toBe(0);
    // Of 200 requests it was doubted after the 10th, 21st and 32nd (one after an answer in the middle of a call does not
    // count), and so on every 32, and asked once each time.
    expect(bodies().filter((body) => body === GOOD_BODY)).toHaveLength(1 + 3 * 6);
  });

  it('counts what it is asked again among the requests of who asks', async () => {
    const { endpoint } = await selective();
    await endpoint.call(GOOD);
    const statistics = new RequestStatistics();
    for (let call = 0; call < 3; call++) await failureOf(endpoint.call({ bad: call }, { statistics }));
    expect(statistics.requests).toBe(3 * 4 + 1);
  });

  it('is found to be back by other bodies, too, when it refuses that by now', async () => {
    let isDown = false;
    const server = await serve((response, request) => {
      const isRefused = isDown || (request.body === '{"old":1}' && server.requests.length > 1);
      return (isRefused ? text('no', 500) : json({ prediction: 1 }))(response, request);
    });
    const endpoint = endpointAt(server.url('/'), { ...DOUBT, outageAfter: 3, probeAfterMs: 1, attempts: 9 });
    await endpoint.call({ old: 1 });
    isDown = true;
    const waiting = endpoint.call({ new: 1 }, { rest: async () => (isDown = !endpoint.isDown) });
    expect(await waiting).toMatchObject({ value: 1 });
    expect(endpoint.isDown).toBe(false);
  });

  it('is waited for while it is asked that again', async () => {
    const probed = Promise.withResolvers<() => void>();
    const server = await serve((response, request) => {
      const answer = () => json({ prediction: 1 })(response, request);
      if (request.body !== GOOD_BODY) return text('', 500)(response, request);
      if (server.requests.length === 3) return probed.resolve(answer);
      return answer();
    });
    const endpoint = endpointAt(server.url('/'), { ...DOUBT, attempts: 2, outageAfter: 1, timeoutMs: 60_000 });
    await endpoint.call(GOOD);
    const refused = failureOf(endpoint.call({ bad: 0 }));
    const answer = await probed.promise;
    const other = endpoint.call(GOOD);
    await new Promise(setImmediate);
    expect(server.requests).toHaveLength(3);
    answer();
    expect(await other).toMatchObject({ value: 1 });
    expect((await refused).attempts).toBe(2);
  });

  it('is down when it does not answer that any more', async () => {
    const { state, bodies, endpoint } = await selective();
    await endpoint.call(GOOD);
    state.isDown = true;
    for (let call = 0; call < 2; call++) await failureOf(endpoint.call({ bad: call }));
    const waiting = failureOf(endpoint.call({ bad: 0 }, { deadline: now() + 300 }));
    expect((await waiting).message).toMatch(/the time for this batch was up$/);
    expect(endpoint.isDown).toBe(true);
    expect(endpoint.takeOpenings()).toBe(1);
    expect(bodies().filter((body) => body === GOOD_BODY)).toHaveLength(2);
    expect(bodies()).toHaveLength(1 + 10 + 1);
  });
});

describe('an endpoint whose address or credentials are wrong', () => {
  it.each([301, 401, 404, 405])('is given up at once after enough %i', async (status) => {
    const server = await serve(text('no', status));
    const endpoint = endpointAt(server.url('/'), { outageAfter: 10, probeAfterMs: 600_000, maxOutageMs: 600_000 });
    let last: CallFailedError | undefined;
    for (let call = 0; call < 50; call++) last = await failureOf(endpoint.call({}));
    expect(server.requests).toHaveLength(5);
    const message = `ATS endpoint (${server.url('/').href}) answered ${status}: no; none of its last answers could be used, and it is not called any more`;
    expect(last).toMatchObject({ status, attempts: 0, message });
  });

  it('is not what members that are refused one by one tell of', async () => {
    const server = await serve(text('no', 422));
    const endpoint = endpointAt(server.url('/'), { outageAfter: 10, probeAfterMs: 600_000, maxOutageMs: 600_000 });
    for (let call = 0; call < 50; call++) await failureOf(endpoint.call({}));
    expect(server.requests).toHaveLength(50);
  });
});

describe('a Retry-After header', () => {
  const NOW = Date.parse('2024-01-31T10:00:00Z');

  it.each([
    ['7', 7_000],
    ['Wed, 31 Jan 2024 10:00:30 GMT', 30_000],
    ['Wed, 31 Jan 2024 09:00:00 GMT', 0],
    ['soon', undefined],
  ])('%s is %s ms', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});

describe('new work for an endpoint that has been down for longer than anybody waits', () => {
  const resilience = { attempts: 2, outageAfter: 2, probeAfterMs: 500, maxOutageMs: 1_500 };

  /** An endpoint that fails so many times more, once it has been given up. */
  async function givenUp(failuresToCome: number) {
    let failures = Number.POSITIVE_INFINITY;
    const server = await serve((response, request) =>
      failures-- > 0 ? text('gone', 503)(response, request) : json({ prediction: 7 })(response, request),
    );
    const endpoint = endpointAt(server.url('/'), resilience);
    await failureOf(endpoint.call({}));
    expect((await failureOf(endpoint.call({}))).message).toMatch(/is down/);
    failures = failuresToCome;
    return { server, endpoint, before: server.requests.length };
  }

  it('has it probed more than once, because it may be back', async () => {
    const { server, endpoint, before } = await givenUp(1);
    endpoint.renewWait();
    expect(await endpoint.call({})).toMatchObject({ value: 7 });
    expect(server.requests).toHaveLength(before + 2);
  });

  it('is given up after a few probes when it is not', async () => {
    const { server, endpoint, before } = await givenUp(Number.POSITIVE_INFINITY);
    endpoint.renewWait();
    expect((await failureOf(endpoint.call({}))).message).toMatch(/is down/);
    expect(server.requests.length).toBeLessThanOrEqual(before + 4);
  });
});
