import { Credentials } from '../../../lib/endpoints/credentials.ts';
import type { EndpointsOptions } from '../../../lib/endpoints/endpoints.ts';
import { offerRows, predictionRows } from '../../../lib/endpoints/requests.ts';
import { CALLS, endpointsAt, mapCalls } from '../../default-calls.ts';
import { json, type ScriptedServer, startScriptedServer, text } from './scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

async function endpointsOf(answer: Parameters<typeof startScriptedServer>[0], options: Partial<EndpointsOptions> = {}) {
  server = await startScriptedServer(answer);
  const urls = mapCalls((call) => server.url(`/${call}`));
  return endpointsAt(urls, { concurrency: 2, resilience: { attempts: 1 }, ...options });
}

const credentials = () =>
  new Credentials({
    read: async () => '{"ats": {"x-api-key": "ats-key-1"}, "offer": {"x-api-key": "offer-key-1"}}',
    kept: 'the store',
    endpoints: () => CALLS,
  });

describe('the endpoints', () => {
  it('are called each at its own address, for what it is asked for', async () => {
    const { ats, resp, offer } = await endpointsOf((response, request) =>
      json({ prediction: request.path?.length, offer: ' gold ' })(response, request),
    );
    expect((await ats.call({})).value).toBe(4);
    expect((await resp.call({})).value).toBe(5);
    expect((await offer.call({})).value).toBe('gold');
    expect(server.requests.map(({ path }) => path)).toEqual(['/ats', '/resp', '/offer']);
  });

  it('are called what people call them when they fail', async () => {
    const { ats, resp, offer } = await endpointsOf(text('no', 422));
    for (const [name, endpoint] of Object.entries({ ATS: ats, RESP: resp, OFFER: offer })) {
      const path = `/${name.toLowerCase()}`;
      await expect(endpoint.call({})).rejects.toThrow(`${name} endpoint (${server.url(path)}) answered 422: no`);
    }
  });

  it('are sent each their own credentials, and none where there are none', async () => {
    const own = credentials();
    const endpoints = await endpointsOf(json({ prediction: 1, offer: 'gold' }), { credentials: own });
    await endpoints.source.prepare();
    for (const name of ['ats', 'resp', 'offer'] as const) await endpoints[name].call({});
    const keys = server.requests.map(({ headers }) => headers['x-api-key']);
    expect(keys).toEqual(['ats-key-1', undefined, 'offer-key-1']);
  });

  it('want no preparation where they want no credentials', async () => {
    await expect((await endpointsOf(json({}))).source.prepare()).resolves.toBeUndefined();
  });

  it('have no credential in an offer, which is the one text of an answer that is kept', async () => {
    const endpoints = await endpointsOf(json({ offer: 'for offer-key-1' }), { credentials: credentials() });
    await endpoints.source.prepare();
    expect((await endpoints.offer.call({})).value).toBe('for [redacted]');
  });

  it('share the connections of a host, and no more of them than are allowed', async () => {
    const connections = new Set<number | undefined>();
    const endpoints = await endpointsOf((response, request) => {
      connections.add(response.socket?.remotePort);
      json({ prediction: 1 })(response, request);
    });
    await Promise.all(Array.from({ length: 20 }, () => [endpoints.ats.call({}), endpoints.resp.call({})]).flat());
    // As many as there are models, times the members at a time.
    expect(connections.size).toBe(4);
  });

  it('read no more of an answer than one can be', async () => {
    const { ats } = await endpointsOf(text(`{"prediction": 1${' '.repeat(65_536)}}`));
    await expect(ats.call({})).rejects.toThrow('more than a prediction or an offer can be');
  });

  it('keep together to a limit of requests per second, when there is one', async () => {
    const { ats, resp } = await endpointsOf(json({ prediction: 1 }), { requestsPerSecond: 0.001 });
    await ats.call({});
    // Its turn is in a thousand seconds.
    await expect(resp.call({}, { deadline: Date.now() + 500_000 })).rejects.toThrow('the time for this batch was up');
    expect(server.requests).toHaveLength(1);
  });
});

describe('what is sent', () => {
  const features = {
    AVG_POINTS_BOUGHT: 1 / 3,
    AVG_REVENUE_USD: 1,
    LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 2,
    LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 3,
    PCT_BUY_TRANSACTIONS: 0.5,
    PCT_GIFT_TRANSACTIONS: 0.25,
    PCT_REDEEM_TRANSACTIONS: 0.25,
    DAYS_SINCE_LAST_TRANSACTION: 7,
  };

  it('for a prediction is the eight features, unrounded', () => {
    expect(predictionRows()(features)).toEqual(features);
  });

  it('for an offer is both predictions, unrounded', () => {
    expect(offerRows({ ats_prediction: 'ats', resp_prediction: 'resp' })({ ats: 1234.5, resp: 1 / 3 })).toEqual({
      ats_prediction: 1234.5,
      resp_prediction: 0.3333333333333333,
    });
  });
});
