import { reset, text } from '../../endpoints/scripted-server.ts';
import { askFor, type Behaviour, lostOf, type RowModel, rowsUpTo, startRowModel } from './row-model.ts';

let model: RowModel;
afterEach(() => model.close());

const refuse = text('{"error": "no such feature"}', 400);

/** Has so many rows answered, one request at a time unless more are given. */
async function ask(count: number, behaviour: Behaviour, requests = 1) {
  model = await startRowModel(behaviour);
  const rows = rowsUpTo(count);
  const { told } = await askFor(model.endpoint(), rows, { requests });
  return { told, lost: lostOf(rows, told), asked: model.asked.length };
}

/** The first 64 rows that stand alone: fewer than 2 requests for each, and 8 halvings. */
const TO_SUSPECT = 2 * 64 + 8;

describe('a server that refuses every row', () => {
  it('is found out, and then asked three times for each request that it would have been sent', async () => {
    const { told, lost, asked } = await ask(10_000, () => refuse);
    expect(lost).toHaveLength(10_000);
    // The rest of the first request is in six parts, and there are 49 more.
    expect(asked).toBeLessThanOrEqual(TO_SUSPECT + 3 * (6 + 49));
    expect(told[0]).toMatch(/answered 400: \{"error": "no such feature"\}$/);
    expect(told.at(-1)).toMatch(
      /answered 400: \{"error": "no such feature"\}; it refused the \d+ rows that it was asked for alone, too, and was not asked for this one$/,
    );
  });

  it('is found out as soon when it is sent several requests at a time', async () => {
    const { lost, asked } = await ask(10_000, () => refuse, 32);
    expect(lost).toHaveLength(10_000);
    // Each of 32 requests may be halved on its own until one row of it stands alone.
    expect(asked).toBeLessThanOrEqual(TO_SUSPECT + 32 * (8 + 3 * 8) + 3 * 18);
  });

  it('from some request on is found out with one more, and not asked again', async () => {
    const { told, lost, asked } = await ask(10_000, (_, request) => (request > 25 ? refuse : undefined));
    expect(lost).toEqual(rowsUpTo(10_000).slice(5_000));
    expect(asked).toBeLessThanOrEqual(25 + TO_SUSPECT + 1);
    expect(told.at(-1)).toMatch(/; it refused one that it had answered before, too, and was not asked for this one$/);
  });
});

describe('a server that refuses many rows, one after the other', () => {
  it.each([
    ['the first 150 of 200', 200, 0, 150],
    ['the first 250', 1_000, 0, 250],
    ['some in the middle', 1_000, 400, 600],
    ['all but the last of the first request', 1_000, 0, 199],
    ['the last 100', 1_000, 900, 1_000],
  ])('(%s) is asked for all others', async (_, count, from, to) => {
    const { lost, asked } = await ask(count, (rows) =>
      rows.some((row) => row >= from && row < to) ? refuse : undefined,
    );
    expect(lost).toEqual(rowsUpTo(count).slice(from, to));
    expect(asked).toBeLessThan(2 * count);
  });

  it('is asked again for what it has answered once for 64 of them, and each is told its own refusal', async () => {
    const { told, lost, asked } = await ask(400, (rows) => (rows.some((row) => row >= 200) ? refuse : undefined));
    expect(lost).toEqual(rowsUpTo(400).slice(200));
    // The second request is refused as a whole: the answered row is asked again after 64 rows, and is answered.
    expect(model.asked.filter((rows) => rows.length === 1 && rows[0] !== undefined && rows[0] < 200)).toHaveLength(3);
    expect(asked).toBeLessThanOrEqual(1 + 2 * 200 + 3);
    for (const one of told.slice(200)) expect(one).toMatch(/answered 400: \{"error": "no such feature"\}$/);
  });
});

it('a server that does not answer when it is asked again has not refused that', async () => {
  let refused = 0;
  const { lost } = await ask(600, (rows) => {
    const isBad = rows.some((row) => row >= 200 && row < 400);
    if (isBad && rows.length === 1) refused += 1;
    if (isBad) return refuse;
    return refused === 64 && rows.length === 1 ? reset : undefined;
  });
  expect(lost).toEqual(rowsUpTo(600).slice(200, 400));
});
