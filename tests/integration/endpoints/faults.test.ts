import { jest } from '@jest/globals';
import { offerRows, predictionRows } from '../../../lib/endpoints/requests.ts';
import type { AlterationName } from '../../../local/faults/alterations.ts';
import type { FAULTS } from '../../../local/faults/answers.ts';
import { countsText } from '../../../local/faults/faults.ts';
import { type FaultServer, member, serveFaults } from './fault-server.ts';

const SENT = { ats_prediction: 'ats', resp_prediction: 'resp' };

jest.setTimeout(60_000);

const servers: FaultServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(...args: Parameters<typeof serveFaults>): Promise<FaultServer> {
  const server = await serveFaults(...args);
  servers.push(server);
  return server;
}

const ATTEMPTS = 3;

/** What each fault comes to when it is all there is: requests sent, and what the message says. */
const OUTCOMES: Record<keyof typeof FAULTS | Exclude<AlterationName, 'types'>, [requests: number, message: RegExp]> = {
  500: [ATTEMPTS, /answered 500: the model crashed, 3 attempts$/],
  503: [ATTEMPTS, /answered 503: not now, 3 attempts$/],
  429: [ATTEMPTS, /answered 429: not now, 3 attempts$/],
  '429-date': [ATTEMPTS, /answered 429: not now, 3 attempts$/],
  400: [1, /answered 400: a value cannot be read$/],
  401: [1, /answered 401: who are you\?$/],
  404: [1, /answered 404: no such page$/],
  413: [1, /answered 413: the request is too large$/],
  422: [1, /answered 422: a feature is out of range$/],
  424: [1, /answered 424: the model behind this has refused$/],
  301: [1, /answered 301: it redirects to http:\/\/127.0.0.1:\d+\/elsewhere, which is not followed$/],
  302: [1, /answered 302: it redirects to http:\/\/127.0.0.1:\d+\/elsewhere, which is not followed$/],
  307: [1, /answered 307: it redirects to http:\/\/elsewhere.invalid\/elsewhere, which is not followed$/],
  204: [ATTEMPTS, /answered with no JSON such as \{"prediction": 0.42\}, nothing at all, 3 attempts$/],
  reset: [ATTEMPTS, /could not be reached: .*ECONNRESET, 3 attempts$/],
  half: [ATTEMPTS, /could not be reached: .*, 3 attempts$/],
  hang: [ATTEMPTS, /did not answer within 100 ms, 3 attempts$/],
  'no-json': [ATTEMPTS, /answered with no JSON such as \{"prediction": 0.42\}: <html>.*, 3 attempts$/],
  nan: [ATTEMPTS, /answered with NaN, which is no finite number, .*: \{"prediction":NaN\}, 3 attempts$/],
  null: [ATTEMPTS, /answered with null, which is no finite number, .*: \{"prediction":null\}, 3 attempts$/],
  infinity: [ATTEMPTS, /answered with Infinity, which is no finite number, .*: \{"prediction":Infinity\}, 3 attempts$/],
  string: [ATTEMPTS, /answered with a text, which is no finite number, .*: \{"prediction":"high"\}, 3 attempts$/],
  count: [ATTEMPTS, /without the field prediction, and without any other.*: \{\}, 3 attempts$/],
  error: [
    ATTEMPTS,
    /answered with an object without the field prediction \(it has error\).*: \{"error":"model not loaded"\}, 3 attempts$/,
  ],
  empty: [ATTEMPTS, /answered with no JSON such as \{"prediction": 0.42\}, nothing at all, 3 attempts$/],
  huge: [ATTEMPTS, /more than a prediction or an offer can be; the rest was not read, 3 attempts$/],
  endless: [ATTEMPTS, /more than a prediction or an offer can be; the rest was not read, 3 attempts$/],
};

describe('an endpoint that answers every call with', () => {
  it.each(Object.entries(OUTCOMES))('%s fails it as it should', async (fault, [requests, message]) => {
    const server = await serve(`ats.${fault}:100%`);
    const { ats } = server.endpoints({ attempts: ATTEMPTS, timeoutMs: fault === 'hang' ? 100 : 5_000 });
    const failed = await ats.call(predictionRows()(member(1).features)).then(String, String);
    expect(failed).toMatch(message);
    expect(failed).not.toMatch(/secret|password|\?./);
    expect(failed.length).toBeLessThan(500);
    expect(server.requests).toEqual(Array(requests).fill('/ml/ats/predict'));
    expect(Object.fromEntries(server.counts)).toEqual({ [`ats.${fault}`]: requests });
  });

  it.each(['types', 'nan', 'null', 'error', 'empty', '204'])('%s gives no offer', async (fault) => {
    const server = await serve(`offer.${fault}:100%`);
    const failed = server.endpoints({ attempts: 2 }).offer.call(offerRows(SENT)({ ats: 400, resp: 0.5 }));
    await expect(failed).rejects.toThrow(/OFFER endpoint .* answered with .*, 2 attempts$/);
  });

  it.each(['gzip', 'chunked', 'bom'])('what is right but sent as %s is read', async (fault) => {
    const server = await serve(`${fault}:100%`);
    const { value } = await server.endpoints({}).offer.call(offerRows(SENT)({ ats: 400, resp: 0.5 }));
    expect(value).toBe('OFFER_2');
    expect(Object.fromEntries(server.counts)).toEqual({ [`offer.${fault}`]: 1 });
  });

  it('a number as text is read', async () => {
    const server = await serve('ats.types:100%');
    const { ats } = server.endpoints({});
    const calm = await serve('');
    const row = predictionRows()(member(1).features);
    expect((await ats.call(row)).value).toBe((await calm.endpoints({}).ats.call(row)).value);
  });

  it('what is right but slow is waited for', async () => {
    const server = await serve('slow:100%', { slowness: () => 30 });
    const { value } = await server.endpoints({}).offer.call(offerRows(SENT)({ ats: 400, resp: 0.5 }));
    expect(value).toBe('OFFER_2');
    expect(Object.fromEntries(server.counts)).toEqual({ 'offer.slow': 1 });
  });
});

describe('faults', () => {
  const HALF_OF_ALL = '500:20%,422:20%,empty:10%';

  /** How many requests each of 60 calls took, or how it failed, so many at a time and in this order. */
  async function fates(seed: number, order: number[]): Promise<unknown[]> {
    const server = await serve(HALF_OF_ALL, { seed });
    const { ats } = server.endpoints({ attempts: 2, outageAfter: 1_000 });
    const answers = new Map<number, unknown>();
    const call = async (number: number) => {
      const outcome = await ats
        .call(predictionRows()(member(number).features))
        .then(({ attempts }) => attempts, String);
      answers.set(number, typeof outcome === 'string' ? outcome.replace(/\(.*?\)/, '') : outcome);
    };
    await Promise.all(order.map(call));
    return [...answers].toSorted(([a], [b]) => a - b);
  }

  const NUMBERS = Array.from({ length: 60 }, (_, index) => index);

  it('hit the same requests for the same seed, in whatever order these come', async () => {
    const first = await fates(7, NUMBERS);
    expect(await fates(7, NUMBERS.toReversed())).toEqual(first);
    expect(await fates(8, NUMBERS)).not.toEqual(first);
  });

  it('are counted, and come about as often as they should', async () => {
    const server = await serve('500:25%', { latency: () => 1 });
    const { ats } = server.endpoints({ attempts: 20 });
    await Promise.all(NUMBERS.map((number) => ats.call(predictionRows()(member(number).features))));
    expect(server.counts.get('ats.ok')).toBe(60);
    expect(server.counts.get('ats.500')).toBeGreaterThan(10);
    expect(server.counts.get('ats.500')).toBeLessThan(35);
    expect(countsText(server.counts)).toMatch(/^ats.500 \d+, ats.ok 60$/);
  });
});
