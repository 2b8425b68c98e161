import { jest } from '@jest/globals';
import pMap from 'p-map';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import type { ScoredMember } from '../../../lib/run/contracts.ts';
import { Scorer } from '../../../lib/stages/predict/member-scorer.ts';
import { now } from '../../../lib/timing/clock.ts';
import { type FaultServer, members, serveFaults } from './fault-server.ts';

jest.setTimeout(60_000);

const CONCURRENCY = 16;

/** No probe within the test: what is left of the bound does not depend on time. */
const RESILIENCE: Partial<Resilience> = { attempts: 10, outageAfter: 20, probeAfterMs: 600_000, maxOutageMs: 50 };

/** Those that open the circuit, and those under way by then. */
const BOUND = 20 + CONCURRENCY;

let server: FaultServer | undefined;
afterEach(() => server?.close());

async function score(spec: string, count: number, resilience: Partial<Resilience> = {}, slow = false) {
  server = await serveFaults(spec, slow ? { latency: () => 20 } : {});
  const scorer = new Scorer(server.endpoints({ ...RESILIENCE, ...resilience }, CONCURRENCY).all);
  const scored = await pMap(members(count), (one) => scorer.score(one), { concurrency: CONCURRENCY });
  const sent = (path: string) => server?.requests.filter((url) => url === path).length ?? 0;
  return { scored, ats: sent('/ml/ats/predict'), resp: sent('/ml/resp/predict'), offer: sent('/offer/assign') };
}

function messagesOf(scored: ScoredMember[]): string[] {
  return scored.flatMap(({ outcome }) =>
    outcome.status === 'FAILED' ? outcome.failures.map(({ message }) => message) : [],
  );
}

describe('an endpoint that is down for good', () => {
  it.each([
    ['refuses', 'down:ats', {}, false],
    ['answers 500 slowly', 'ats.500:100%', {}, true],
    ['accepts connections and never answers', 'ats.hang:100%', { timeoutMs: 300 }, false],
    ['resets connections', 'ats.reset:100%', {}, false],
    ['says that it has too much to do', 'ats.429:100%', {}, false],
  ])('and %s gets no more requests than it takes to find out', async (_, spec, resilience, slow) => {
    const { scored, ats, resp, offer } = await score(spec, 1_000, resilience, slow);
    expect(ats).toBeGreaterThanOrEqual(20);
    expect(ats).toBeLessThanOrEqual(BOUND);
    // A short time-out may hit one that is well, too.
    expect(resp).toBeGreaterThanOrEqual(1_000);
    expect(offer).toBe(0);
    expect(messagesOf(scored).length).toBeGreaterThanOrEqual(1_000);
    expect(messagesOf(scored)).toContainEqual(expect.stringMatching(/^ATS endpoint .* is down: no call has succeeded/));
  });

  it.each([
    [
      'answers nonsense',
      'ats.no-json:100%',
      /answered with no JSON such as .*; none of its last answers could be used/,
    ],
    ['has moved', 'ats.301:100%', /answered 301: .*; none of its last answers could be used/],
  ])('because it %s is found out with a handful of members, and nothing is waited for', async (_, spec, message) => {
    const { scored, ats, resp, offer } = await score(spec, 1_000, { maxOutageMs: 600_000 });
    expect(ats).toBeLessThanOrEqual(5 + CONCURRENCY);
    expect({ resp, offer }).toEqual({ resp: 1_000, offer: 0 });
    expect(messagesOf(scored)).toHaveLength(1_000);
    expect(messagesOf(scored).at(-1)).toMatch(message);
  });

  it('like the others on its host is bounded by itself', async () => {
    const { scored, ats, resp, offer } = await score('down:ats,down:resp,down:offer', 500);
    expect(Math.max(ats, resp)).toBeLessThanOrEqual(BOUND);
    expect(offer).toBe(0);
    expect(messagesOf(scored)).toHaveLength(1_000);
  });

  it('as the last of the three leaves both predictions in the report', async () => {
    const { scored, ats, resp, offer } = await score('down:offer', 500);
    expect(offer).toBeLessThanOrEqual(BOUND);
    expect({ ats, resp }).toEqual({ ats: 500, resp: 500 });
    for (const { outcome } of scored) {
      expect(outcome).toMatchObject({ status: 'FAILED', ats: expect.any(Number), resp: expect.any(Number) });
    }
  });

  it('is asked by one call at a time, and no more often than it should be', async () => {
    const from = performance.now();
    const { ats } = await score('down:ats', 300, { probeAfterMs: 10, maxOutageMs: 200 });
    expect(ats).toBeLessThanOrEqual(BOUND + (performance.now() - from) / 10 + 1);
  });
});

describe('a limit of requests per second', () => {
  it('is for the three endpoints together', async () => {
    server = await serveFaults('');
    // One turn at once, the next in 1,000 seconds.
    const { ats, resp } = server.endpoints({}, 2, 0.001);
    const deadline = now() + 60_000;
    const [first] = members(1);
    const row = first?.features ?? {};
    expect((await ats.call(row, { deadline })).attempts).toBe(1);
    await expect(resp.call(row, { deadline })).rejects.toMatchObject({
      attempts: 0,
      message: expect.stringMatching(/the time .* was up$/),
    });
    expect(server.requests).toEqual(['/ml/ats/predict']);
  });
});
