import { randomFrom } from '../../../../scripts/shared/random.ts';
import { json, reset, silence, text } from '../../endpoints/scripted-server.ts';
import { askFor, type Behaviour, lostOf, predictionOf, type RowModel, rowsUpTo, startRowModel } from './row-model.ts';

let model: RowModel;
afterEach(() => model.close());

type Endpoint = Parameters<RowModel['endpoint']>[0];

async function ask(count: number, behaviour: Behaviour, { requests = 1, options = {} as Endpoint } = {}) {
  model = await startRowModel(behaviour);
  const rows = rowsUpTo(count);
  const { told, attempts } = await askFor(model.endpoint(options), rows, { requests });
  return { told, attempts, lost: lostOf(rows, told), asked: model.asked.length };
}

const sizes = () => model.asked.map(({ length }) => length);

/** Refuses each request that has one of the rows. */
const refusing =
  (bad: ReadonlySet<number>, answer = text('no', 400)): Behaviour =>
  (rows) =>
    rows.some((row) => bad.has(row)) ? answer : undefined;

const REFUSALS = [400, 413, 422, 424] as const;

/** 2 · log2(200), rounded down. */
const MOST_FOR_ONE = 15;

describe('one row that is refused', () => {
  it('costs at most 15 further requests, wherever it stands among 200', async () => {
    for (let bad = 0; bad < 200; bad++) {
      const { lost, asked } = await ask(200, refusing(new Set([bad])));
      expect(lost).toEqual([bad]);
      expect(asked).toBeLessThanOrEqual(1 + MOST_FOR_ONE);
      await model.close();
    }
    model = await startRowModel();
  });

  it.each([0, 199, 200, 5_099, 9_999, randomFrom(1).whole(0, 9_999)])(
    'costs no more among 10,000: that of number %i',
    async (bad) => {
      const { lost, asked } = await ask(10_000, refusing(new Set([bad])), { requests: 4 });
      expect(lost).toEqual([bad]);
      expect(asked).toBeLessThanOrEqual(50 + MOST_FOR_ONE);
    },
  );

  it.each(REFUSALS)('with %i is lost alone, with its own answer', async (status) => {
    const { told, lost, asked } = await ask(600, refusing(new Set([77]), text('out of range', status)));
    expect(lost).toEqual([77]);
    expect(told[77]).toMatch(new RegExp(`answered ${status}: out of range$`));
    // After 413 requests are smaller, which was not the reason here.
    expect(asked).toBeLessThanOrEqual(status === 413 ? 2 * 600 : 3 + MOST_FOR_ONE);
  });

  it('is counted in the attempts of each row that it was sent with', async () => {
    const { attempts } = await ask(200, refusing(new Set([0])));
    // 200, 100, 50, 25, 12, 6, 3, 1.
    expect(attempts[0]).toBe(8);
    expect(attempts[199]).toBe(2);
  });
});

describe('many rows that are refused', () => {
  it.each([
    ['one in ten', (row: number) => row % 10 === 3],
    ['a thousand side by side', (row: number) => row >= 4_950 && row < 5_950],
  ])('(%s) never cost more than two requests for each row', async (_, isBad) => {
    const bad = rowsUpTo(10_000).filter(isBad);
    const { lost, asked } = await ask(10_000, refusing(new Set(bad)), { requests: 4 });
    expect(lost).toEqual(bad);
    expect(asked).toBeLessThan(2 * 10_000);
    expect(asked).toBeLessThanOrEqual(50 + MOST_FOR_ONE * bad.length);
  });
});

describe('rows that are answered with no number', () => {
  const value = (row: number) => (row % 50 === 7 ? 'high' : predictionOf(row));

  it('are asked for again together, and lost with what they are answered', async () => {
    const { told, lost } = await ask(200, (rows) => json({ predictions: rows.map(value) }));
    expect(lost).toEqual([7, 57, 107, 157]);
    expect(told[57]).toMatch(/answered with a text, which is no finite number, .*: "high"$/);
    expect(sizes()).toEqual([200, 4, 4]);
  });

  it('and are NaN, which is no JSON, leave the others their numbers', async () => {
    const nan = (row: number) => (row % 50 === 7 ? 'NaN' : String(predictionOf(row)));
    const { told, lost } = await ask(200, (rows) => text(`{"predictions": [${rows.map(nan).join(', ')}]}`));
    expect(lost).toEqual([7, 57, 107, 157]);
    expect(told[57]).toMatch(/answered with NaN, which is no finite number/);
  });

  it('by chance are answered the next time', async () => {
    let answers = 0;
    const behaviour: Behaviour = (rows) => {
      answers += 1;
      return json({ predictions: rows.map((row) => (answers === 1 && row === 5 ? null : predictionOf(row))) });
    };
    expect((await ask(200, behaviour)).lost).toEqual([]);
    expect(model.asked.map((rows) => rows.length)).toEqual([200, 1]);
  });
});

it('a row that has no value in an answer is found, and nobody has the value of another', async () => {
  const short = json({ predictions: [] });
  const behaviour: Behaviour = (rows) =>
    rows.includes(7)
      ? rows.length === 1
        ? short
        : json({ predictions: rows.filter((row) => row !== 7).map(predictionOf) })
      : undefined;
  const { told, lost } = await ask(400, behaviour);
  expect(lost).toEqual([7]);
  expect(told[7]).toMatch(/answered with 0 values, where 1 were asked for/);
});

describe('a server that takes no more than so many rows', () => {
  it('and says so with 413 is asked with half as many until it takes them, and with no more from then on', async () => {
    const { lost, asked } = await ask(1_000, (rows) => (rows.length > 50 ? text('', 413) : undefined));
    expect(lost).toEqual([]);
    expect(sizes()).toEqual([200, 100, ...Array.from({ length: 20 }, () => 50)]);
    expect(asked).toBe(22);
  });

  it('and says so with 400 is found out by one request, and asked with no more again', async () => {
    const { lost, asked } = await ask(10_000, (rows) => (rows.length > 8 ? text('', 400) : undefined));
    expect(lost).toEqual([]);
    expect(sizes().filter((size) => size > 8)).toEqual([200, 100, 50, 25, 12]);
    // 6 rows each, after the first requests.
    expect(asked).toBeLessThanOrEqual(Math.ceil(10_000 / 6) + 30);
  });

  it('and has a row that it refuses besides is asked with no more again, either', async () => {
    const behaviour: Behaviour = (rows) => (rows.length > 8 || rows.includes(3) ? text('', 400) : undefined);
    const { lost } = await ask(2_000, behaviour);
    expect(lost).toEqual([3]);
    expect(sizes().filter((size) => size > 8).length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['does not answer larger ones in time', silence],
    ['ends connections on larger ones', reset],
  ])('because it %s is sent smaller ones from then on', async (_, answer) => {
    const behaviour: Behaviour = (rows) => (rows.length > 20 ? answer : undefined);
    const { lost } = await ask(1_000, behaviour, { options: { resilience: { timeoutMs: 200 } } });
    expect(lost).toEqual([]);
    // The first of the five requests: 200 twice, as that may be chance, and then 100, 50 and 25. While it waits for its
    // second attempt, others may be sent.
    expect(sizes().filter((size) => size > 20 && size < 200)).toEqual([100, 50, 25]);
    expect(sizes().filter((size) => size === 200).length).toBeLessThanOrEqual(2 * 5);
    expect(
      sizes()
        .slice(-20)
        .every((size) => size <= 13),
    ).toBe(true);
  });
});

describe('rows at which a server fails as a whole', () => {
  const bad = new Set([7, 57, 107, 157, 507]);

  it.each([
    ['answers 500', text('division by zero', 500), /answered 500: division by zero/],
    ['ends the connection', reset, /could not be reached/],
  ])('are lost alone where it %s', async (_, answer, message) => {
    const { told, lost } = await ask(1_000, refusing(bad, answer), { requests: 4 });
    expect(lost).toEqual([...bad]);
    expect(told[57]).toMatch(message);
  });

  it('do not lose the good rows beside them when other requests fail by chance', async () => {
    const random = randomFrom(1);
    const behaviour: Behaviour = (rows) =>
      rows.some((row) => row % 50 === 7) || random.chance(0.2) ? text('', 500) : undefined;
    const resilience = { attempts: 10, maxBriefDelayMs: 1, probeAfterMs: 1 };
    const { lost } = await ask(1_000, behaviour, { requests: 4, options: { resilience } });
    expect(lost).toEqual(rowsUpTo(1_000).filter((row) => row % 50 === 7));
  });
});
