import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { endMessage } from '../../../lib/notification/message.ts';
import { cellText } from '../../../lib/report/workbook/text.ts';
import { scoredMemberSchema } from '../../../lib/run/contracts.ts';
import { completionKey } from '../../../lib/run/keys.ts';
import { OUTPUTS } from '../../../lib/run/outputs.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { writeReport } from '../../../lib/stages/report/write-report.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { summaryText } from '../../../scripts/shared/summary/summary-text.ts';
import { outputOf, rowsOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

const textOf = async (key: string) => text((await pipeline.bucket.read(key)).chunks);

async function membersOf(summary: Summary) {
  const { chunks } = await pipeline.bucket.read(outputOf(summary, 'members'));
  return Array.fromAsync(readJsonLines(chunks, scoredMemberSchema));
}

async function sheetOf(summary: Summary, name: string) {
  return rowsOf((await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet(name));
}

describe('a report', () => {
  it('lies under one prefix: workbook, page, offers, members and summary', async () => {
    const summary = await pipeline.drop('sample.csv', await readFile('events/sample.csv'), '2024-01-31');
    const prefix = `reports/default/${summary.runId}/`;
    const names = Object.values(OUTPUTS).map(({ file }) => `${prefix}${file}`);
    expect(await pipeline.bucket.list(prefix)).toEqual(names.toSorted());
    expect([...Object.values(summary.outputs), `${prefix}summary.json`].toSorted()).toEqual(names.toSorted());
  });

  it('says the same about every member in each of its files', async () => {
    const expected: Record<string, string>[] = parse(await readFile('tests/data/expected-sample.csv'), {
      columns: true,
    });
    const summary = await pipeline.drop('same.csv', await readFile('events/sample.csv'), '2024-01-31');
    const members = await membersOf(summary);
    const offers: Record<string, string>[] = parse(await textOf(outputOf(summary, 'offers')), { columns: true });
    const rows = await sheetOf(summary, 'Members');
    expect(members.map(({ memberId }) => memberId)).toEqual(expected.map(({ MEMBER_ID }) => MEMBER_ID));
    expect(members.map(({ outcome }) => outcome.status === 'SCORED' && outcome.offer)).toEqual(
      expected.map(({ OFFER }) => OFFER),
    );
    expect(offers.map(({ MEMBER_ID, OFFER }) => [MEMBER_ID, OFFER])).toEqual(
      expected.map(({ MEMBER_ID, OFFER }) => [MEMBER_ID, OFFER]),
    );
    expect(offers.map(({ ATS_PREDICTION }) => Number(ATS_PREDICTION))).toEqual(
      rows.map(({ ATS_PREDICTION }) => ATS_PREDICTION),
    );
    expect(members.map(({ features }) => features.AVG_REVENUE_USD)).toEqual(
      rows.map(({ AVG_REVENUE_USD }) => AVG_REVENUE_USD),
    );
  });

  it('says of a model that gives no probabilities that it does, and makes offers all the same', async () => {
    pipeline.intercept = ({ url }, reply) => (url === '/ml/resp/predict' ? reply.send({ prediction: 57 }) : undefined);
    const rows = ['A,2024-01-01,buy,1,1', 'B,2024-01-01,buy,2,1'];
    const summary = await pipeline.drop('percent.csv', [HEADER, ...rows].join('\n'), '2024-01-31');
    const expected = { from: 0, to: 1 };
    expect(summary).toMatchObject({
      status: 'COMPLETE',
      members: { total: 2, scored: 2, failed: 0 },
      outOfRange: [{ prediction: 'resp', expected, members: 2, lowest: 57, highest: 57 }],
    });
    const sentence = 'RESP should be 0 to 1, and is not for 2 members (100%)';
    const cells = (await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Summary')?.getColumn(2).values;
    expect(cells).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
    expect(await textOf(outputOf(summary, 'page'))).toContain(sentence);
    expect(endMessage(summary, undefined).text).toContain(sentence);
    expect(summaryText(summary, 1)).toContain(sentence);
  });

  it('counts rejected rows by what is wrong with them', async () => {
    const rows = [
      'A,2024-01-01,buy,1,1',
      'A,2024-01-01,buy,one,1',
      'A,2024-01-01,buy,two,1',
      ',2024-01-01,buy,1,1',
      'A',
    ];
    const summary = await pipeline.drop('rejections.csv', [HEADER, ...rows].join('\n'), '2024-01-31');
    expect(summary.rejections).toEqual([
      { problem: 'LAST_TRANSACTION_POINTS_BOUGHT is not a number', rows: 2 },
      { problem: 'MEMBER_ID is blank', rows: 1 },
      { problem: 'fewer fields than the header', rows: 1 },
    ]);
  });

  it('lists each failed call, and has no such sheet when none failed', async () => {
    pipeline.intercept = (request, reply) => {
      const isB = JSON.stringify(request.body).includes('"AVG_POINTS_BOUGHT":200,');
      if (isB && request.url === '/ml/resp/predict') return reply.code(422).send('points must be below 200');
      return isB && request.url === '/ml/ats/predict' ? reply.code(503).send('busy') : undefined;
    };
    const file = `${HEADER}\nA,2024-01-01,buy,100,2\nB,2024-01-02,gift,200,0\n`;
    const summary = await pipeline.drop('failures.csv', file, '2024-01-31');
    const [ats, resp, ...others] = await sheetOf(summary, 'Failures');
    expect(others).toEqual([]);
    expect(ats).toMatchObject({ MEMBER_ID: 'B', STEP: 'ats', HTTP_STATUS: 503, ATTEMPTS: 3 });
    expect(resp).toMatchObject({ MEMBER_ID: 'B', STEP: 'resp', HTTP_STATUS: 422, ATTEMPTS: 1 });
    expect(resp?.MESSAGE).toMatch(/answered 422: points must be below 200$/);
    expect(summary.failures).toMatchObject([
      { step: 'ats', status: 503, calls: 1 },
      { step: 'resp', status: 422, calls: 1 },
    ]);
    expect(summary.requests).toMatchObject({ ats: { sent: 4, retries: 2, failed: 1 }, offer: { sent: 1 } });
    expect(await textOf(outputOf(summary, 'offers'))).toMatch(/^MEMBER_ID.*\n"A",.*\n$/);
    pipeline.intercept = () => undefined;
    const whole = await pipeline.workbook(
      outputOf(await pipeline.drop('no-failures.csv', file, '2024-01-31'), 'workbook'),
    );
    expect(whole.getWorksheet('Failures')).toBeUndefined();
  });

  it('continues its tables on further sheets, failures included', async () => {
    pipeline.intercept = (request, reply) =>
      request.url === '/offer/assign' ? reply.code(400).send('no offers today') : undefined;
    const rows = ['A', 'B', 'C', 'D', 'E'].map((id) => `${id},2024-01-01,buy,1,1`);
    const summary = await pipeline.drop('many.csv', [HEADER, ...rows].join('\n'), '2024-01-31');
    await writeReport(
      pipeline.bucket,
      { key: completionKey(summary.runId), createdAt: new Date() },
      { rowsPerSheet: 3 },
    );
    const { worksheets } = await pipeline.workbook(outputOf(summary, 'workbook'));
    expect(worksheets.map(({ name }) => name)).toEqual([
      'Summary',
      ...['Members', 'Members (2)', 'Members (3)', 'Failures', 'Failures (2)', 'Failures (3)'],
      ...['Latency', 'Rejected rows', 'Input'],
    ]);
    expect(worksheets.slice(1, 4).flatMap((sheet) => rowsOf(sheet).map(({ MEMBER_ID }) => MEMBER_ID))).toEqual(
      worksheets.slice(4, 7).flatMap((sheet) => rowsOf(sheet).map(({ MEMBER_ID }) => MEMBER_ID)),
    );
  });
});

describe('text from the file stays text', () => {
  const ids = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '<script>alert(1)</script>',
    '😀',
    "'quoted",
    '_x0041_',
    'x'.repeat(1_024),
  ];
  const quoted = (id: string) => `"${id}"`;

  it('as a member id, in every file of the report', async () => {
    const rows = ids.map((id) => `${quoted(id)},2024-01-01,buy,100,1`);
    const summary = await pipeline.drop('hostile-ids.csv', [HEADER, ...rows].join('\n'), '2024-01-31');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { total: ids.length } });
    expect((await sheetOf(summary, 'Members')).map(({ MEMBER_ID }) => MEMBER_ID)).toEqual(ids.map(cellText));
    expect((await membersOf(summary)).map(({ memberId }) => memberId)).toEqual(ids);
    const offers: string[][] = parse(await textOf(outputOf(summary, 'offers')), { from: 2 });
    expect(offers.map(([id]) => id)).toEqual(ids.map((id) => (/^[=@]/.test(id) ? `'${id}` : id)));
    expect(await textOf(outputOf(summary, 'page'))).not.toContain('<script');
  });

  it('as a rejected row', async () => {
    const raws = ['=cmd|calc,2024-01-01,sell,1,1', 'A\u0007\u001b[31m,2024-01-01,buy,1,1', `${'y'.repeat(40_000)},1`];
    const file = [HEADER, 'A,2024-01-01,buy,1,1', ...raws].join('\n');
    const summary = await pipeline.drop('hostile-rows.csv', file, '2024-01-31');
    expect((await sheetOf(summary, 'Rejected rows')).map(({ RAW }) => RAW)).toEqual(raws.map(cellText));
  });

  it.each(['=</svg><script>1</script>', '__proto__', 'constructor'])('as the name of an offer: %s', async (offer) => {
    pipeline.intercept = (request, reply) => (request.url === '/offer/assign' ? reply.send({ offer }) : undefined);
    const summary = await pipeline.drop('hostile-offer.csv', `${HEADER}\nA,2024-01-01,buy,1,1\n`, '2024-01-31');
    expect(Object.entries(summary.offers)).toEqual([[offer, 1]]);
    const page = await textOf(outputOf(summary, 'page'));
    expect(page).not.toContain('<script');
    expect(page).toContain(`${offer.replaceAll('<', '&lt;')}: 1 member, 100%`);
    expect((await sheetOf(summary, 'Members'))[0]?.OFFER).toBe(offer);
    expect(summaryText(summary, 1)).toContain(`  offers   ${offer}  1  100%\n`);
    expect(endMessage(summary, undefined).text).toContain(`Offers   1 × ${offer}\n`);
  });
});
