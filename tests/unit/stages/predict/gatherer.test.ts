import { RateLimiter } from '../../../../lib/endpoints/rate-limiter.ts';
import { RequestStatistics } from '../../../../lib/endpoints/request-statistics.ts';
import { Gatherer } from '../../../../lib/stages/predict/gatherer.ts';
import { now } from '../../../../lib/timing/clock.ts';
import { callable } from '../../../builders/callables.ts';
import { json, text } from '../../endpoints/scripted-server.ts';
import { askFor, lostOf, predictionOf, type RowModel, rowsUpTo, startRowModel } from './row-model.ts';

let model: RowModel;
afterEach(() => model.close());

const sizes = () => model.asked.map(({ length }) => length);

describe('rows that are asked for together', () => {
  it('go in requests that are as full as they may be, in their order, and each has its own answer', async () => {
    model = await startRowModel();
    const { told } = await askFor(model.endpoint(), rowsUpTo(450));
    expect(told).toEqual(rowsUpTo(450).map(predictionOf));
    expect(sizes()).toEqual([200, 200, 50]);
    expect(model.asked.flat()).toEqual(rowsUpTo(450));
  });

  it('are no more than a request may have bytes', async () => {
    model = await startRowModel();
    // {"instances":[]} and ten rows of one digit, {"x":1}, with their commas.
    const limits = { rows: 200, bytes: 16 + 10 * 7 + 9 };
    const { told } = await askFor(model.endpoint({ limits }), rowsUpTo(10).concat(rowsUpTo(10)));
    expect(told).toHaveLength(20);
    expect(sizes()).toEqual([10, 10]);
  });

  it('wait for nobody: what comes later goes in the next request', async () => {
    model = await startRowModel();
    const gatherer = new Gatherer(model.endpoint(), 1, {});
    expect(await gatherer.ask([{ x: 1 }])).toMatchObject([{ value: 2, attempts: 1 }]);
    expect(await gatherer.ask([{ x: 2 }])).toMatchObject([{ value: 4, attempts: 1 }]);
    expect(model.asked).toEqual([[1], [2]]);
  });

  it('by several who ask at once go in one request, and each hears of its own', async () => {
    model = await startRowModel();
    const gatherer = new Gatherer(model.endpoint(), 1, {});
    const both = await Promise.all([gatherer.ask([{ x: 1 }, { x: 2 }]), gatherer.ask([{ x: 3 }])]);
    expect(both).toMatchObject([[{ value: 2 }, { value: 4 }], [{ value: 6 }]]);
    expect(model.asked).toEqual([[1, 2, 3]]);
    expect(await gatherer.ask([])).toEqual([]);
  });
});

describe('what no endpoint does', () => {
  it.each(['fit', 'callAll'] as const)('fails whoever asks, in %s, and no one else for ever', async (method) => {
    const endpoint = callable('ats', async () => ({ value: 1, attempts: 1 }), { rows: 2, bytes: 100 });
    let isBroken = true;
    const once = { ...endpoint };
    const broken = (): never => {
      isBroken = false;
      throw new TypeError('a mistake of the program');
    };
    once.fit = (rows) => (method === 'fit' && isBroken ? broken() : endpoint.fit(rows));
    once.callAll = async (request) => (method === 'callAll' && isBroken ? broken() : endpoint.callAll(request));
    const gatherer = new Gatherer(once, 1, {});
    await expect(gatherer.ask([{ x: 1 }, { x: 2 }])).rejects.toThrow('a mistake of the program');
    expect(await gatherer.ask([{ x: 3 }])).toMatchObject([{ value: 1 }]);
  });
});

describe('requests to an endpoint', () => {
  it('are so many at a time at the most', async () => {
    const held: (() => unknown)[] = [];
    let most = 0;
    model = await startRowModel((rows, request) => (response, received) => {
      held.push(() => json({ predictions: rows.map(predictionOf) })(response, received));
      // All are answered together, and after whoever else is to come may have come; the last one is alone.
      if (held.length < 3 && request < 10) return;
      setImmediate(() => {
        most = Math.max(most, held.length);
        for (const answer of held.splice(0)) answer();
      });
    });
    await askFor(model.endpoint(), rowsUpTo(2_000), { requests: 3 });
    expect(sizes()).toEqual(Array.from({ length: 10 }, () => 200));
    expect(most).toBe(3);
  });

  it('give way to others while they wait for another attempt', async () => {
    model = await startRowModel((_, request) => (request === 1 ? text('', 500) : undefined));
    const { told } = await askFor(model.endpoint({ resilience: { baseDelayMs: 20, maxDelayMs: 20 } }), rowsUpTo(400));
    expect(lostOf(rowsUpTo(400), told)).toEqual([]);
    expect(sizes()).toEqual([200, 200, 200]);
  });

  it('take one turn each where there is a limit per second, however many rows they have', async () => {
    model = await startRowModel();
    // One turn at once, the next in 1,000 seconds.
    const rateLimiter = new RateLimiter(0.001);
    const options = { deadline: now() + 60_000 };
    const { told } = await askFor(model.endpoint({ rateLimiter }), rowsUpTo(400), { options });
    expect(lostOf(rowsUpTo(400), told)).toEqual(rowsUpTo(400).slice(200));
    expect(told[200]).toMatch(/the time for this batch was up$/);
    expect(sizes()).toEqual([200]);
  });

  it('are not sent after the deadline', async () => {
    model = await startRowModel();
    const { told } = await askFor(model.endpoint(), rowsUpTo(400), { options: { deadline: now() } });
    expect(lostOf(rowsUpTo(400), told)).toHaveLength(400);
    expect(model.asked).toEqual([]);
  });

  it('have their rows counted, those that are divided with each request that has them', async () => {
    model = await startRowModel((rows) => (rows.includes(0) ? text('', 400) : undefined));
    const statistics = new RequestStatistics();
    await askFor(model.endpoint(), rowsUpTo(4), { options: { statistics } });
    expect(sizes()).toEqual([4, 2, 1, 1, 2]);
    expect(statistics).toMatchObject({ requests: 5, rows: 10, refused: 3, retries: 0 });
  });

  it('have an idempotency key each, which further attempts have as well', async () => {
    model = await startRowModel((rows, request) => {
      if (request === 1) return text('', 503);
      return rows.length > 2 ? text('', 400) : undefined;
    });
    await askFor(model.endpoint(), rowsUpTo(4));
    expect(sizes()).toEqual([4, 4, 2, 1, 1]);
    const keys = model.headers().map((headers) => headers['idempotency-key']);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(4);
  });
});

describe('an endpoint that is down', () => {
  it('is left alone, and probed with one row', async () => {
    model = await startRowModel(() => text('', 503));
    const resilience = { attempts: 100, outageAfter: 3, probeAfterMs: 600_000, maxOutageMs: 0 };
    const { told } = await askFor(model.endpoint({ resilience }), rowsUpTo(1_000));
    expect(lostOf(rowsUpTo(1_000), told)).toHaveLength(1_000);
    expect(told.at(-1)).toMatch(/is down: no call has succeeded/);
    expect(sizes().length).toBeLessThanOrEqual(3);
  });

  it('and is back after some probes has lost no row but that which it refuses', async () => {
    model = await startRowModel((rows, request) => {
      if (request > 1 && request <= 12) return text('', 503);
      return rows.includes(333) ? text('no', 422) : undefined;
    });
    const resilience = { attempts: 100, outageAfter: 3, probeAfterMs: 1, maxOutageMs: 60_000 };
    const { told } = await askFor(model.endpoint({ resilience }), rowsUpTo(1_000));
    expect(lostOf(rowsUpTo(1_000), told)).toEqual([333]);
    // Once it is doubted, it is asked for nothing but a row.
    expect(sizes().slice(4, 12)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('for a while asks to be asked later, and is', async () => {
    model = await startRowModel((rows, request) => {
      if (request === 1) return text('', 429, { 'retry-after': '0' });
      return rows.includes(5) ? text('no', 422) : undefined;
    });
    const { told } = await askFor(model.endpoint(), rowsUpTo(200));
    expect(lostOf(rowsUpTo(200), told)).toEqual([5]);
  });
});
