import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Row } from '../../../../lib/protocols/protocol.ts';
import { type MeasuringOptions, measureBatches } from '../../../../scripts/partner/batch-measuring.ts';
import { modelEndpoint } from '../../../builders/model-endpoint.ts';
import { json, type ScriptedServer, startScriptedServer } from '../../endpoints/scripted-server.ts';

const requestSchema = z.object({ instances: z.array(z.object({ a: z.number() })) });

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Answers with ten times each row; its clock goes on with each request. */
async function serve(answer: (rows: number[], response: ServerResponse) => void, msOf = (_rows: number) => 1) {
  let time = 1000;
  const server: ScriptedServer = await startScriptedServer((response, { body }) => {
    const rows = requestSchema.parse(JSON.parse(body)).instances.map(({ a }) => a);
    time += msOf(rows.length);
    answer(rows, response);
  });
  closers.push(server.close);
  const { endpoint, close } = modelEndpoint(server.url('/predict'), {
    limits: { rows: 1000, bytes: 5000 },
    resilience: { attempts: 1 },
  });
  closers.push(close);
  const measure = (options: Partial<MeasuringOptions<number>> = {}) => {
    const rows: Row[] = [{ a: 1 }, { a: 2 }, { a: 3 }];
    return measureBatches({ endpoint, rows, answered: rows, forMs: 1_000_000, clock: () => time, ...options });
  };
  const sent = () => server.requests.map(({ body }) => requestSchema.parse(JSON.parse(body)).instances.length);
  return { measure, sent };
}

const good = (rows: number[], response: ServerResponse) =>
  json({ predictions: rows.map((row) => 10 * row) })(response, NOTHING);
const refused = (response: ServerResponse, status: number) => json({ error: 'no' }, status)(response, NOTHING);
const NOTHING = { method: 'POST', path: '/', headers: {}, body: '' };

describe('requests of more and more rows', () => {
  it('are sent five times each, with the rows repeated, until they have too many bytes', async () => {
    const { measure, sent } = await serve(good, (rows) => 2 * rows);
    const { sizes, ended } = await measure();
    expect(sent()).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((size) => Array(5).fill(size)));
    // {"a":1}, 200 times, with commas, in {"instances":[]}.
    expect(sizes[7]).toMatchObject({ rows: 200, bytes: 200 * 8 - 1 + 16, ms: 400, lost: 0, problem: undefined });
    expect(sizes[2]?.values).toEqual([1, 2, 3, 1, 2].map((a) => ({ row: { a }, value: 10 * a })));
    expect(ended).toBe('larger ones have more than the 5000 bytes of batch.bytes');
  });

  it('end where one is refused', async () => {
    const { measure, sent } = await serve((rows, response) =>
      rows.length > 5 ? refused(response, 413) : good(rows, response),
    );
    const { sizes, ended } = await measure();
    expect(sent().slice(-2)).toEqual([5, 10]);
    expect(sizes.at(-1)).toMatchObject({ rows: 10, ms: undefined, problem: 'answered 413: {"error":"no"}' });
    expect(ended).toBeUndefined();
  });

  it('go on after one that fails by chance, and end after two', async () => {
    let requests = 0;
    const { measure, sent } = await serve((rows, response) => {
      requests += 1;
      return requests === 1 || rows.length === 5 ? refused(response, 500) : good(rows, response);
    });
    const { sizes } = await measure();
    expect(sent()).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 5, 5]);
    expect(sizes.map(({ problem }) => problem)).toEqual([undefined, undefined, 'answered 500: {"error":"no"}']);
  });

  it('go on without a row that is refused whatever it is sent with', async () => {
    const { measure, sent } = await serve((rows, response) =>
      rows.includes(2) || rows.length > 5 ? refused(response, 400) : good(rows, response),
    );
    const { sizes, badRow } = await measure({ answered: [{ a: 1 }, { a: 3 }] });
    expect(badRow).toBe('answered 400: {"error":"no"}');
    expect(sizes.map(({ rows, problem }) => [rows, problem])).toEqual([
      [1, undefined],
      [2, undefined],
      [5, undefined],
      [10, 'answered 400: {"error":"no"}'],
    ]);
    expect(sent()).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 5, 5, 5, 5, 5, 10]);
  });

  it('count rows without a usable value', async () => {
    const { measure } = await serve((rows, response) =>
      json({ predictions: rows.map((row) => (row === 3 ? null : row)) })(response, NOTHING),
    );
    const { sizes } = await measure({ forMs: 30 });
    expect(sizes.slice(0, 3).map(({ lost, problem }) => ({ lost, problem }))).toEqual([
      { lost: 0, problem: undefined },
      { lost: 0, problem: undefined },
      { lost: 1, problem: undefined },
    ]);
  });

  it('are fewer where each takes long: none begins when the time is up', async () => {
    const { measure, sent } = await serve(good, () => 300);
    const { sizes, ended } = await measure({ forMs: 1000 });
    expect(sent()).toEqual([1, 2, 5, 10]);
    expect(sizes.map(({ ms }) => ms)).toEqual([300, 300, 300, 300]);
    expect(ended).toBe('the time for measuring, 1 s, was up');
  });

  it('wait between each other, which is no part of what they take', async () => {
    const waits: number[] = [];
    const { measure } = await serve(good);
    const { sizes } = await measure({ forMs: 3, restMs: 500, rest: async (ms) => waits.push(ms) });
    expect(new Set(waits)).toEqual(new Set([500]));
    expect(sizes[0]?.ms).toBe(1);
  });
});
