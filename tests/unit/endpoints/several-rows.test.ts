import type { Endpoint, EndpointOptions } from '../../../lib/endpoints/endpoint.ts';
import { RequestStatistics } from '../../../lib/endpoints/request-statistics.ts';
import { modelEndpoint } from '../../builders/model-endpoint.ts';
import { json, reset, type ScriptedServer, startScriptedServer, text } from './scripted-server.ts';

let server: ScriptedServer;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** An endpoint that takes several rows per request, and answers in turn as told. */
async function endpoint(
  answers: Parameters<typeof startScriptedServer>,
  options: Partial<EndpointOptions<number>> = {},
): Promise<Endpoint<number>> {
  server = await startScriptedServer(...answers);
  const { endpoint: own, close } = modelEndpoint(server.url('/'), {
    limits: { rows: 3, bytes: 1_000 },
    resilience: { attempts: 4, baseDelayMs: 1, maxDelayMs: 1 },
    ...options,
  });
  closers.push(close, server.close);
  return own;
}

const keysSent = () => server.requests.map(({ headers }) => headers['idempotency-key']);

describe('a request with several rows', () => {
  it('has as many of them as it may, by number and by bytes, but one at least', async () => {
    const rows = [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }];
    const byNumber = await endpoint([text('')]);
    expect(byNumber.fit(rows)).toEqual({ rows: rows.slice(0, 3), body: '{"instances":[{"x":1},{"x":2},{"x":3}]}' });
    // {"instances":[]} and one row are 23 bytes, each further row is 8.
    const limited = (bytes: number) => endpoint([text('')], { limits: { rows: 3, bytes } });
    for (const [bytes, count] of [
      [39, 3],
      [38, 2],
      [31, 2],
      [30, 1],
      [22, 1],
    ] as const) {
      expect((await limited(bytes)).fit(rows).rows).toHaveLength(count);
    }
  });

  it('has its rows counted, and those of each further attempt', async () => {
    const statistics = new RequestStatistics();
    const ats = await endpoint([text('', 503), json({ predictions: [1, 2] })]);
    const answers = await ats.callAll(ats.fit([{ x: 1 }, { x: 2 }]), { statistics });
    expect(answers).toEqual({ rows: [{ value: 1 }, { value: 2 }], attempts: 2 });
    expect(statistics).toMatchObject({ requests: 2, retries: 1, rows: 4 });
  });

  it('has the same idempotency key in all of its attempts, and no other has it', async () => {
    const ats = await endpoint([text('', 500), reset, json({ predictions: [1] })]);
    await ats.callAll(ats.fit([{ x: 1 }]));
    await ats.callAll(ats.fit([{ x: 1 }]));
    const [first, second, third, other] = keysSent();
    expect(first).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    expect([second, third]).toEqual([first, first]);
    expect(other).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    expect(other).not.toBe(first);
  });

  it('fails as a whole twice at the most, and is better divided then', async () => {
    const ats = await endpoint([text('crashed', 500)]);
    await expect(ats.callAll(ats.fit([{ x: 1 }, { x: 2 }]))).rejects.toMatchObject({
      attempts: 2,
      divisible: 'perhaps',
      status: 500,
    });
  });

  it('is tried as often as that of one row where the service has too much to do, which fewer rows do not help', async () => {
    const ats = await endpoint([text('', 429)]);
    const failing = ats.callAll(ats.fit([{ x: 1 }, { x: 2 }]));
    await expect(failing).rejects.toMatchObject({ attempts: 4, divisible: 'no', status: 429 });
  });
});

describe('a row that failed with others', () => {
  it('is tried alone at least half as often as a row that was alone from the beginning', async () => {
    const ats = await endpoint([text('crashed', 500)]);
    const history = { failures: 9 };
    await expect(ats.callAll(ats.fit([{ x: 1 }]), { history })).rejects.toMatchObject({ attempts: 2 });
    await expect(ats.callAll(ats.fit([{ x: 1 }]), { history: { failures: 1 } })).rejects.toMatchObject({ attempts: 3 });
  });
});
