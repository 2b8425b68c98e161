import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { FIRST_FEATURES } from '../../../lib/run/contract-version.ts';
import { CALLS } from '../../default-calls.ts';
import { outputOf, rowsOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

/** Expected values were worked out by a program of its own, see tests/data/expected.py. */
async function expectedSample() {
  const members: Record<string, string>[] = parse(await readFile('tests/data/expected-sample.csv'), { columns: true });
  const counts = JSON.parse(await readFile('tests/data/expected-sample.json', 'utf8'));
  return { members, counts };
}

describe('the sample file', () => {
  it('becomes a report with every value as worked out independently', async () => {
    const { members, counts } = await expectedSample();
    const summary = await pipeline.drop('sample.csv', await readFile('events/sample.csv'), '2024-01-31');
    expect(summary).toMatchObject({
      status: 'COMPLETE',
      asOf: '2024-01-31',
      rows: counts.rows,
    });
    expect(summary.members).toEqual({ total: members.length, scored: members.length, failed: 0 });

    const workbook = await pipeline.workbook(outputOf(summary, 'workbook'));
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'Summary',
      'Members',
      'Offers',
      'Latency',
      'Rejected rows',
      'Input',
    ]);
    const rows = rowsOf(workbook.getWorksheet('Members'));
    expect(rows.map(({ MEMBER_ID }) => MEMBER_ID)).toEqual(members.map(({ MEMBER_ID }) => MEMBER_ID));
    for (const [index, expected] of members.entries()) expectMember(rows[index], expected);
  });

  it('lists rejected rows with line, reason and text', async () => {
    const { counts } = await expectedSample();
    const lines = (await readFile('events/sample.csv', 'utf8')).split('\n');
    const summary = await pipeline.drop('rejected.csv', await readFile('events/sample.csv'), '2024-01-31');
    const rows = rowsOf((await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Rejected rows'));
    expect(rows.map(({ LINE }) => LINE)).toEqual(counts.rejectedRows.map(({ line }: { line: number }) => line));
    for (const { LINE, RAW, REASON } of rows) {
      expect(RAW).toBe(lines[Number(LINE) - 1]);
      expect(REASON).toMatch(/\w/);
    }
  });

  it('is timed in every step, each feature included', async () => {
    const summary = await pipeline.drop('timed.csv', await readFile('events/sample.csv'), '2024-01-31');
    const steps = [
      'read',
      'transform',
      ...FIRST_FEATURES,
      'write batches',
      ...CALLS,
      'total',
      'wait',
      'wait features',
      'wait predict',
      'wait report',
      'report',
    ];
    expect(summary.steps.map(({ step }) => step)).toEqual(steps);
    for (const step of summary.steps) {
      expect(step.count).toBeGreaterThan(0);
      expect(step.meanMs).toBeGreaterThan(0);
      expect(step.throughputPerSecond).toBeGreaterThan(0);
      expect([step.p50Ms, step.p90Ms, step.p95Ms, step.p99Ms, step.maxMs]).toEqual(
        [step.p50Ms, step.p90Ms, step.p95Ms, step.p99Ms, step.maxMs].toSorted((a, b) => a - b),
      );
    }
    const counted = Object.fromEntries(summary.steps.map(({ step, count }) => [step, count]));
    expect(counted).toMatchObject({ read: 1, ats: summary.members.total, offer: summary.members.total });
    const rows = rowsOf((await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Latency'));
    expect(rows.slice(0, steps.length).map(({ STEP }) => STEP)).toEqual(steps);
  });
});

function expectMember(row: Record<string, unknown> | undefined, expected: Record<string, string>): void {
  for (const name of [...FIRST_FEATURES, 'ATS_PREDICTION', 'RESP_PREDICTION', 'TRANSACTIONS', 'IMPUTED_VALUES']) {
    const wanted = Number(expected[name]);
    expect(Math.abs(Number(row?.[name]) - wanted)).toBeLessThanOrEqual(1e-9 * Math.abs(wanted));
  }
  expect(row).toMatchObject({ OFFER: expected.OFFER, STATUS: 'SCORED', ERROR: null, ATTEMPTS: CALLS.length });
  for (const step of [...CALLS.map((call) => call.toUpperCase()), 'TOTAL'])
    expect(row?.[`${step}_LATENCY_MS`]).toBeGreaterThan(0);
}

describe('a run', () => {
  const FILE = `${HEADER}\nA,2024-01-01,buy,100,2\nB,2024-01-02,gift,200,0\n`;

  it('computes features for the day of the upload unless metadata names another', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect([today, new Date().toISOString().slice(0, 10)]).toContain((await pipeline.drop('today.csv', FILE)).asOf);
    expect((await pipeline.drop('then.csv', FILE, '2024-01-05')).asOf).toBe('2024-01-05');
  });

  it.each(['my file+1 (é).csv', '100%.csv', 'a&b=c.csv', "it's {1}.csv"])(
    'starts for a file called %s',
    async (name) => {
      const summary = await pipeline.drop(name, FILE, '2024-01-31');
      expect(summary).toMatchObject({ status: 'COMPLETE', source: { key: `uploads/default/${name}` } });
    },
  );

  it('is the same run when its events are delivered again, and calls no endpoint a second time', async () => {
    const summary = await pipeline.drop('again.csv', await readFile('events/sample.csv'), '2024-01-31');
    const calls = pipeline.calls.length;
    const objects = await pipeline.bucket.list('');
    for (const { functionName, event } of [...pipeline.deliveries]) pipeline.deliver(functionName, event);
    await pipeline.idle();
    expect(pipeline.failures).toEqual([]);
    expect(pipeline.calls).toHaveLength(calls);
    expect(await pipeline.bucket.list('')).toEqual(objects);
    expect(summary.members.total * CALLS.length).toBe(calls);
  });

  it('that fails for one member, whatever is tried, is PARTIAL and scores the others', async () => {
    pipeline.intercept = (request, reply) =>
      request.url === '/ml/ats/predict' && JSON.stringify(request.body).includes('"AVG_POINTS_BOUGHT":200,')
        ? reply.code(500).send('model crashed')
        : undefined;
    const summary = await pipeline.drop('partial.csv', FILE, '2024-01-31');
    expect(summary).toMatchObject({
      status: 'PARTIAL',
      members: { total: 2, scored: 1, failed: 1 },
      offers: { OFFER_1: 1 },
    });
    expect(summary.reason).toMatch(
      /^1 of 2 members could not be scored; most often: ATS endpoint .* answered 500: model crashed, 3 attempts$/,
    );
    const [a, b] = rowsOf((await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Members'));
    expect(a).toMatchObject({ MEMBER_ID: 'A', STATUS: 'SCORED', ATTEMPTS: CALLS.length });
    expect(b).toMatchObject({ MEMBER_ID: 'B', STATUS: 'FAILED', OFFER: null, ATS_PREDICTION: null, ATTEMPTS: 4 });
    expect(b?.RESP_PREDICTION).toBeGreaterThanOrEqual(0);
    expect(b?.ERROR).toMatch(/answered 500/);
  });

  it('that fails for every member is FAILED', async () => {
    pipeline.intercept = (_, reply) => reply.code(400).send('no');
    const summary = await pipeline.drop('failed.csv', FILE, '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', members: { total: 2, scored: 0, failed: 2 }, offers: {} });
  });
});

describe('a file that cannot be used ends in a FAILED report that says why', () => {
  const utf8 = (text: string) => Buffer.from(text);
  it.each([
    ['no header', utf8('A,2024-01-01,buy,1,1\n'), /^no header/],
    [
      'a missing column',
      utf8('MEMBER_ID,LAST_TRANSACTION_TS\nA,2024-01-01\n'),
      /^LAST_TRANSACTION_TYPE.* missing from the header/,
    ],
    ['nothing in it', utf8(''), /^empty/],
    ['one byte', utf8('x'), /^no header/],
    ['a header and no rows', utf8(`${HEADER}\r\n`), /^no rows/],
    ['binary rubbish', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)), /^not text/],
    [
      'only rejected rows',
      utf8(`${HEADER}\nA,2024-13-01,buy,1,1\n`),
      /^no row was accepted, all 1 were rejected; the first, in line 2:/,
    ],
    [
      'an open quote in its header',
      utf8(`"${HEADER}\nA,2024-01-01,buy,1,1\n`),
      /^no header: in line 1 a quote is opened/,
    ],
  ])('%s', async (name, body, reason) => {
    const summary = await pipeline.drop(`${name}.csv`, body, '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', members: { total: 0 }, reason: expect.stringMatching(reason) });
    expect(summary.rows.read).toBe(summary.rows.rejected);
    const sheet = (await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Summary');
    expect(sheet?.getCell('A2').value).toBe('FAILED');
    expect(sheet?.getCell('B2').value).toBe(summary.reason);
    expect(pipeline.failures).toEqual([]);
  });

  it('an as-of day that is none', async () => {
    const summary = await pipeline.drop('as-of.csv', `${HEADER}\nA,2024-01-01,buy,1,1\n`, '2024-02-30');
    expect(summary).toMatchObject({ status: 'FAILED', asOf: null, reason: expect.stringContaining('"2024-02-30"') });
  });
});
