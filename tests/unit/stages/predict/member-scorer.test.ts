import type { Endpoints } from '../../../../lib/endpoints/endpoints.ts';
import { RequestStatistics } from '../../../../lib/endpoints/request-statistics.ts';
import { Scorer } from '../../../../lib/stages/predict/member-scorer.ts';
import { Places } from '../../../../lib/stages/predict/places.ts';
import { now } from '../../../../lib/timing/clock.ts';
import { member } from '../../../builders/members.ts';
import { CALLS, type Call, endpointsAt, mapCalls } from '../../../default-calls.ts';
import { json, reset, type ScriptedServer, startScriptedServer, text } from '../../endpoints/scripted-server.ts';

type Answer = Parameters<typeof startScriptedServer>[0];

const MEMBER = member('A', { AVG_POINTS_BOUGHT: 100, DAYS_SINCE_LAST_TRANSACTION: 3 });

let server: ScriptedServer;
afterEach(() => server.close());

/** Services of which each gives the same answer always. */
async function services(changes: Partial<Record<Call, Answer>> = {}): Promise<Endpoints> {
  const answers: Record<Call, Answer> = {
    ats: json({ prediction: 1234.5 }),
    resp: json({ prediction: 0.42 }),
    offer: json({ offer: 'OFFER_2' }),
    ...changes,
  };
  const paths = new Map(CALLS.map((call) => [`/${call}`, answers[call]]));
  server = await startScriptedServer((response, request) => paths.get(request.path ?? '')?.(response, request));
  const resilience = { attempts: 2, baseDelayMs: 1, maxDelayMs: 1 };
  return endpointsAt(
    mapCalls((call) => server.url(`/${call}`)),
    { resilience },
  ).all;
}

const problem = (name: string, path: string, message: string) => `${name} endpoint (${server.url(path)}) ${message}`;

describe('a member that is scored', () => {
  it('has both predictions of its features, and the offer for these', async () => {
    const scored = await new Scorer(await services()).score(MEMBER);
    expect(scored).toEqual({
      ...MEMBER,
      outcome: { status: 'SCORED', ats: 1234.5, resp: 0.42, offer: 'OFFER_2' },
      latency: expect.anything(),
      attempts: { ats: 1, resp: 1, offer: 1 },
    });
    const bodies = server.requests.map(({ path, body }): [string | undefined, unknown] => [path, JSON.parse(body)]);
    expect(Object.fromEntries(bodies)).toEqual({
      '/ats': MEMBER.features,
      '/resp': MEMBER.features,
      '/offer': { ats_prediction: 1234.5, resp_prediction: 0.42 },
    });
    expect(bodies.at(-1)?.[0]).toBe('/offer');
  });

  it('is timed call by call and as a whole', async () => {
    const scorer = new Scorer(await services());
    const { latency } = await scorer.score(MEMBER);
    const { total, ats, resp, offer } = scorer.spans;
    if (!total || !ats || !resp || !offer) throw new Error('all four were timed');
    const lengths = { total: total.to - total.from, ats: ats.to - ats.from, resp: resp.to - resp.from };
    expect(latency).toEqual({ ...lengths, offer: offer.to - offer.from });
    expect(total.from).toBeLessThanOrEqual(ats.from);
    expect(offer.from).toBeGreaterThanOrEqual(Math.max(ats.to, resp.to));
    expect(total.to).toBeGreaterThanOrEqual(offer.to);
  });

  it('is one of several, of which the first begins a step and the last ends it', async () => {
    const scorer = new Scorer(await services());
    await scorer.score(MEMBER);
    const alone = { ...scorer.spans };
    await scorer.score(MEMBER);
    for (const step of ['total', 'ats', 'resp', 'offer'] as const) {
      expect(scorer.spans[step]?.from).toBe(alone[step]?.from);
      expect(scorer.spans[step]?.to).toBeGreaterThan(alone[step]?.to ?? Number.NaN);
    }
  });

  it('has its requests counted for each call', async () => {
    const statistics = mapCalls(() => new RequestStatistics());
    const counted = { statistics: (call: string) => statistics[call === 'ats' || call === 'resp' ? call : 'offer'] };
    await new Scorer(await services({ ats: text('', 422), resp: text('', 500) }), counted).score(MEMBER);
    expect([statistics.ats.requests, statistics.resp.requests, statistics.offer.requests]).toEqual([1, 2, 0]);
    await server.close();
    await new Scorer(await services(), counted).score(MEMBER);
    expect([statistics.ats.requests, statistics.resp.requests, statistics.offer.requests]).toEqual([2, 3, 1]);
  });
});

describe('a member with a call that fails for good', () => {
  it('keeps the prediction that it has, and nobody is asked for an offer', async () => {
    const scorer = new Scorer(await services({ ats: text('no', 422) }));
    const { outcome, attempts, latency } = await scorer.score(MEMBER);
    const message = problem('ATS', '/ats', 'answered 422: no');
    expect(outcome).toEqual({
      status: 'FAILED',
      resp: 0.42,
      failures: [{ step: 'ats', status: 422, attempts: 1, message }],
    });
    expect(attempts).toEqual({ ats: 1, resp: 1, offer: 0 });
    expect(Object.keys(latency).toSorted()).toEqual(['ats', 'resp', 'total']);
    const { from, to } = scorer.spans.total ?? { from: 0, to: 0 };
    expect(latency.total).toBe(to - from);
    expect(latency.total).toBeGreaterThan(0);
  });

  it('keeps the other one when it is that', async () => {
    const { outcome } = await new Scorer(await services({ resp: text('', 500) })).score(MEMBER);
    const message = problem('RESP', '/resp', 'answered 500, 2 attempts');
    expect(outcome).toEqual({
      status: 'FAILED',
      ats: 1234.5,
      failures: [{ step: 'resp', status: 500, attempts: 2, message }],
    });
  });

  it('says so of each when both fail', async () => {
    const no = text('no', 422);
    const { outcome } = await new Scorer(await services({ ats: no, resp: no })).score(MEMBER);
    expect(outcome).toEqual({
      status: 'FAILED',
      failures: [
        { step: 'ats', status: 422, attempts: 1, message: problem('ATS', '/ats', 'answered 422: no') },
        { step: 'resp', status: 422, attempts: 1, message: problem('RESP', '/resp', 'answered 422: no') },
      ],
    });
  });

  it('keeps both when it is the offer, and has no status where there was no answer', async () => {
    const { outcome, attempts } = await new Scorer(await services({ offer: reset })).score(MEMBER);
    const message = expect.stringMatching(/^OFFER endpoint .* could not be reached/);
    expect(outcome).toEqual({
      status: 'FAILED',
      ats: 1234.5,
      resp: 0.42,
      failures: [{ step: 'offer', attempts: 2, message }],
    });
    expect(attempts).toEqual({ ats: 1, resp: 1, offer: 2 });
  });

  it('is not called for after the deadline', async () => {
    const { outcome } = await new Scorer(await services(), { deadline: now() }).score(MEMBER);
    expect(outcome).toMatchObject({ status: 'FAILED', failures: [{ step: 'ats' }, { step: 'resp' }] });
    expect(server.requests).toEqual([]);
  });

  it('leaves its place while it waits for another attempt', async () => {
    let answers = 0;
    const endpoints = await services({
      ats: (response, request) => (answers++ === 0 ? text('', 500) : json({ prediction: 1 }))(response, request),
    });
    const rests: number[] = [];
    await new Places(1).map([MEMBER], (member, place) => {
      place.rest = async (milliseconds) => {
        rests.push(milliseconds);
      };
      return new Scorer(endpoints).score(member, place);
    });
    // Between 0 and 1 by chance.
    expect(rests).toEqual([expect.closeTo(0.5, 0)]);
  });
});

it('what is no failed call is an error of the program', async () => {
  const endpoints = await services();
  const [ats] = endpoints.models;
  if (ats === undefined) throw new Error('there are two models');
  ats.endpoint.call = async () => {
    throw new TypeError('a bug');
  };
  await expect(new Scorer(endpoints).score(MEMBER)).rejects.toThrow('a bug');
});
