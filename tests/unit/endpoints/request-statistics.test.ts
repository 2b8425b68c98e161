import { Pool } from 'undici';
import { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { RequestStatistics } from '../../../lib/endpoints/request-statistics.ts';
import { predictionContract } from '../../../lib/endpoints/requests.ts';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import { protocolOf } from '../../../lib/protocols/protocols.ts';
import { json, reset, type ScriptedServer, startScriptedServer, text } from './scripted-server.ts';

const FAST = { timeoutMs: 2_000, baseDelayMs: 1, maxDelayMs: 5, attempts: 3, outageAfter: 4, probeAfterMs: 60_000 };

let server: ScriptedServer;
let pool: Pool;
afterEach(async () => {
  await pool.destroy();
  await server.close();
});

async function endpointWith(...answers: Parameters<typeof startScriptedServer>) {
  return resilientEndpoint({ maxOutageMs: 0 }, ...answers);
}

async function resilientEndpoint(resilience: Partial<Resilience>, ...answers: Parameters<typeof startScriptedServer>) {
  server = await startScriptedServer(...answers);
  const url = server.url('/');
  pool = new Pool(url.origin, { connections: 4, maxResponseSize: 1024 });
  return new Endpoint({
    id: 'ats',
    label: 'ATS',
    url,
    pool,
    protocol: protocolOf({}),
    contract: predictionContract(),
    resilience: { ...FAST, ...resilience },
  });
}

const countsOf = ({ requests, retries, errors, throttled, refused, faults }: RequestStatistics) => ({
  requests,
  retries,
  errors,
  throttled,
  refused,
  faults,
});

describe('the request statistics of a batch', () => {
  it('counts requests, retries and what failed by whose fault, and times each request', async () => {
    const good = json({ prediction: 1 });
    const endpoint = await endpointWith(text('', 429), text('', 500), good, reset, json({}), good, text('', 422));
    const statistics = new RequestStatistics();
    await endpoint.call({}, { statistics });
    await endpoint.call({}, { statistics });
    await endpoint.call({}, { statistics }).catch(() => undefined);
    expect(countsOf(statistics)).toEqual({ requests: 7, retries: 4, errors: 5, throttled: 1, refused: 1, faults: 3 });
    expect(statistics.latenciesMs).toHaveLength(7);
    expect(statistics.latenciesMs.every((ms) => ms > 0)).toBe(true);
    const { from = 0, to = 0 } = statistics.span ?? {};
    // One request after the other.
    expect(to - from).toBeGreaterThanOrEqual(statistics.latenciesMs.reduce((sum, ms) => sum + ms, 0) - 1);
  });

  it('tells of failures in a row, until an answer, or a refusal of the input alone', async () => {
    const good = json({ prediction: 1 });
    const endpoint = await endpointWith(text('', 503), text('busy', 500), good, text('', 500), text('', 422));
    const statistics = new RequestStatistics();
    const failures: unknown[] = [];
    const rest = async () => failures.push([statistics.failing?.requests, statistics.failing?.latest.status]);
    await endpoint.call({}, { statistics, rest });
    expect(statistics.failing).toBeUndefined();
    await endpoint.call({}, { statistics, rest }).catch(() => undefined);
    expect(statistics.failing).toBeUndefined();
    // After the 503 nobody rests: the service has too much to do.
    expect(failures).toEqual([
      [2, 500],
      [1, 500],
    ]);
  });

  it('is its own, though another uses the endpoint at the same time', async () => {
    const endpoint = await endpointWith(json({ prediction: 1 }));
    const [one, two] = [new RequestStatistics({ 'x-batch': '1' }), new RequestStatistics({ 'x-batch': '2' })];
    await Promise.all([one, two, two].map((statistics) => endpoint.call({}, { statistics })));
    expect([one.requests, two.requests]).toEqual([1, 2]);
    expect(server.requests.map(({ headers }) => headers['x-batch']).toSorted()).toEqual(['1', '2', '2']);
    expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('counts the rows of all requests, one for a request that says nothing of them', () => {
    const statistics = new RequestStatistics();
    statistics.send(false, 200);
    statistics.send(true, 100);
    statistics.send(true);
    expect(statistics).toMatchObject({ requests: 3, retries: 2, rows: 301 });
  });

  it('of nothing has no span', () => {
    expect(new RequestStatistics().span).toBeUndefined();
  });
});

describe('an endpoint that goes down', () => {
  it('tells so once, however often it is probed', async () => {
    const endpoint = await resilientEndpoint({ maxOutageMs: 200, probeAfterMs: 5 }, text('', 500));
    const statistics = new RequestStatistics();
    for (let call = 0; call < 2; call++) await endpoint.call({}, { statistics }).catch(() => undefined);
    expect(statistics.requests).toBeGreaterThan(FAST.outageAfter + 1);
    expect(endpoint.takeOpenings()).toBe(1);
  });

  it('tells so once, however many calls it fails, and that it is down', async () => {
    const endpoint = await endpointWith(text('', 500));
    expect([endpoint.takeOpenings(), endpoint.isDown]).toEqual([0, false]);
    const statistics = new RequestStatistics();
    for (let call = 0; call < 5; call++) await endpoint.call({}, { statistics }).catch(() => undefined);
    expect(statistics.requests).toBe(FAST.outageAfter);
    expect([endpoint.takeOpenings(), endpoint.isDown]).toEqual([1, true]);
    expect([endpoint.takeOpenings(), endpoint.isDown]).toEqual([0, true]);
  });
});
