import { PassThrough } from 'node:stream';
import { arrayBuffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { FiguresCollector } from '../../../../lib/report/figures/run-figures.ts';
import { viewOf } from '../../../../lib/report/view/view.ts';
import { textBar } from '../../../../lib/report/workbook/bar.ts';
import { adviceOn, failedCalls, failuresTable } from '../../../../lib/report/workbook/failures-table.ts';
import { writeLatencySheet } from '../../../../lib/report/workbook/latency-sheet.ts';
import { membersTable } from '../../../../lib/report/workbook/members-table.ts';
import { OFFERS_TABLE } from '../../../../lib/report/workbook/offers-table.ts';
import { writeSummarySheet } from '../../../../lib/report/workbook/summary-sheet.ts';
import { ReportWorkbook } from '../../../../lib/report/workbook/workbook.ts';
import type { ScoredMember } from '../../../../lib/run/contracts.ts';
import type { RequestsByCall } from '../../../../lib/run/requests.ts';
import type { RejectedRow } from '../../../../lib/transactions/row-account.ts';
import { failed, scored } from '../../../builders/members.ts';
import { MANIFEST, result } from '../../../builders/results.ts';
import { summaryWith } from '../../../builders/summaries.ts';
import { DEFAULT_CALLS } from '../../../default-calls.ts';
import { EXTREMES, membersWith } from '../extreme.ts';

/** The Summary and Latency sheets of a run. */
async function sheetsOf(
  members: ScoredMember[],
  rejected: RejectedRow[] = [],
  manifest = MANIFEST,
  requests?: RequestsByCall,
) {
  const collector = new FiguresCollector(manifest, { from: 3_000, to: 3_050 });
  if (members.length > 0) collector.addBatch({ ...result(1, 1_500, 2_900, members), requests });
  for (const member of members) collector.addMember(member);
  for (const row of rejected) collector.addRejected(row);
  // Uploaded at 1,000 ms, reported at 3,250.
  const figures = collector.figures(3_250);
  const stream = new PassThrough();
  const bytes = arrayBuffer(stream);
  const workbook = new ReportWorkbook(stream);
  writeLatencySheet(workbook, figures);
  writeSummarySheet(workbook, figures.summary);
  await workbook.commit();
  const read = new ExcelJS.Workbook();
  await read.xlsx.load(await bytes);
  return { summary: linesOf(read.getWorksheet('Summary')), latency: linesOf(read.getWorksheet('Latency')) };
}

/** The values of each row, merged and empty cells once or not at all. */
function linesOf(sheet: ExcelJS.Worksheet | undefined): unknown[][] {
  const lines: unknown[][] = [];
  sheet?.eachRow((row) => {
    const line: unknown[] = [];
    row.eachCell((cell) => {
      if (!cell.isMerged || cell.master === cell) line.push(cell.value);
    });
    lines.push(line);
  });
  return lines;
}

/** What follows a text in its line. */
function beside(lines: unknown[][], text: string): unknown[] | undefined {
  const line = lines.find((cells) => cells.includes(text));
  return line?.slice(line.indexOf(text) + 1);
}

const rejections = (problem: string, rows: number): RejectedRow[] =>
  Array.from({ length: rows }, () => ({ line: 2, problem, reason: problem, raw: '' }));

describe('the Summary', () => {
  // Expected values 50, 100 and 300: the offers part between 100 and 300.
  const members = [scored('A', 100, 0.5, 'LOW'), scored('B', 1_000, 0.1, 'LOW'), scored('C', 1_000, 0.3, 'HIGH')];

  it('says whether it worked, and why not', async () => {
    expect((await sheetsOf(members)).summary).toContainEqual(['COMPLETE', 'Every member has an offer.']);
    const { summary } = await sheetsOf([...members, failed('D', 'ATS is down')]);
    expect(summary).toContainEqual(['PARTIAL', '1 of 4 members could not be scored; most often: ATS is down']);
  });

  it('says beside the status which predictions are not what is expected of them', async () => {
    const odd = [scored('A', -3, 0.5, 'LOW'), scored('B', 0, 1, 'LOW'), scored('C', 1_000, 57, 'HIGH')];
    const look = 'Look at the model before these offers are used; where this is meant, set';
    expect((await sheetsOf(odd)).summary.slice(1, 4)).toEqual([
      ['COMPLETE', 'Every member has an offer.'],
      ['CHECK', `ATS should be 0 or more, and is not for 1 member (33.3%): there it is -3. ${look} EXPECTED_ATS.`],
      ['CHECK', `RESP should be 0 to 1, and is not for 1 member (33.3%): there it is 57. ${look} EXPECTED_RESP.`],
    ]);
    expect((await sheetsOf(members)).summary.flat()).not.toContain('CHECK');
  });

  it('counts who gets which offer, with shares of those who have one', async () => {
    const { summary } = await sheetsOf([...members, failed('D', 'ATS is down')]);
    expect(beside(summary, 'LOW')).toEqual([2, 2 / 3, textBar(2 / 3, 34)]);
    expect(beside(summary, 'HIGH')).toEqual([1, 1 / 3, textBar(1 / 3, 34)]);
    expect(beside(summary, 'Members failed')?.[0]).toBe(1);
    expect(beside(summary, 'ATS without an answer: ATS is down')?.[0]).toBe(1);
  });

  it('says what failed before why rows were rejected, after the key figures', async () => {
    const { summary } = await sheetsOf([...members, failed('D', 'ATS is down', 503)], rejections('blank', 2));
    const left = summary.map(([first]) => first);
    const places = ['Members failed', 'Rows read', 'What failed', 'ATS with HTTP 503: ATS is down', 'blank'].map(
      (text) => left.indexOf(text),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it('shows how predictions are spread', async () => {
    const { summary } = await sheetsOf(members);
    expect(beside(summary, 'ATS, transaction size')).toEqual([100, 550, 1_000, 1_000, 1_000]);
    expect(beside(summary, 'RESP, probability to respond')?.at(-1)).toBe(0.5);
  });

  it.each(Object.entries(EXTREMES))('can be read with %s', async (_name, predictions) => {
    const { summary } = await sheetsOf(membersWith(predictions));
    const spread = beside(summary, 'ATS, transaction size');
    expect([spread?.[0], spread?.at(-1)]).toEqual(
      [Math.min(...predictions), Math.max(...predictions)].map(String).map(Number),
    );
    expect(JSON.stringify(summary)).not.toMatch(/null|NaN|Infinity/);
  });

  it('says where one offer ends and the next begins', async () => {
    const { summary } = await sheetsOf(members);
    const sentence = 'LOW ends at ATS × RESP = 100, HIGH begins at 300; 0 members (0%) are within a tenth of it.';
    expect(summary.flat()).toContain(sentence);
    const mixed = await sheetsOf([...members, scored('D', 40, 1, 'HIGH')]);
    expect(mixed.summary.flat()).toContain(
      'LOW and HIGH overlap: values of ATS × RESP from 40 to 100 occur with either, for 3 members (75%). Something other than this value decides there.',
    );
  });

  it('counts rejected rows by problem, and folds the rare ones', async () => {
    const rows = Array.from({ length: 8 }, (_, index) => rejections(`problem ${index}`, 10 - index)).flat();
    const { summary } = await sheetsOf(members, rows);
    expect(beside(summary, 'problem 0')?.[0]).toBe(10);
    expect(beside(summary, 'problem 5')?.[0]).toBe(5);
    expect(beside(summary, '2 other problems')?.[0]).toBe(4 + 3);
    expect(beside(summary, 'problem 6')).toBeUndefined();
  });

  it('folds the offers of a few', async () => {
    const many = Array.from({ length: 12 }, (_, index) => scored(`M${index}`, 1, 1, `OFFER ${index}`));
    const { summary } = await sheetsOf([...many, scored('X', 1, 1, 'OFFER 3')]);
    expect(beside(summary, 'OFFER 3')?.[0]).toBe(2);
    // Together they would have the longest bar, and none of them has.
    expect(beside(summary, '4 other offers')).toEqual([4, 4 / 13, 'each is in the sheet Offers']);
  });

  it('counts the offers of a few also when each member has one of its own', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => scored(`M${index}`, 1, 1, `CODE ${index}`));
    const { summary } = await sheetsOf([...many, scored('X', 1, 1, 'CODE 1499')]);
    expect(beside(summary, 'CODE 1499')?.[0]).toBe(2);
    expect(beside(summary, '1,492 other offers')?.[0]).toBe(1492);
  });

  it('says how long it took, and what was slowest', async () => {
    const { summary } = await sheetsOf(members);
    expect(beside(summary, 'From upload to report')?.[0]).toBe(2.25);
    expect(beside(summary, 'scoring')?.slice(0, 2)).toEqual([1.6, 1_600 / 2_250]);
    expect(beside(summary, 'Slowest')).toEqual(['scoring, 71.1%; its slowest step: ats, 1 ms per member on average']);
    expect(beside(summary, 'wait report')?.[0]).toBe(0.05);
    expect(beside(summary, 'ATS')?.slice(0, 3)).toEqual([3, 0, 0]);
  });

  it('says how many members a request was about, where it was about several', async () => {
    const sent = { ats: { requests: 2, retries: 1, rows: 4 }, resp: { requests: 3, retries: 0, rows: 3 } };
    const { summary, latency } = await sheetsOf(members, [], MANIFEST, sent);
    const place = summary.findIndex((cells) => cells.includes('Members each'));
    // In the 1.4 s from 1,500 to 2,900 ms. Of RESP it goes without saying, and the result has no span.
    expect(summary.slice(place - 2, place + 2).map((cells) => cells.slice(-6))).toEqual([
      ['ATS', 2, 1, 0, 1, 1],
      ['RESP', 3, 0, 0, 1, 1],
      ['Members each', 'Requests/s', 'Members/s'],
      ['ATS', 2, 2 / 1.4, 3 / 1.4],
    ]);
    expect(beside(summary, 'Slowest')).toEqual([
      'scoring, 71.1%; its slowest step: ats, 1 ms per request of 2 members on average',
    ]);
    const sentence = "A request was for 1 to 2 members on average, by endpoint; each of them has that request's time.";
    const lines = latency.slice(latency.findIndex((cells) => cells.includes('PER_REQUEST')));
    expect(lines.slice(1, 4)).toEqual([['ATS', 2, 2, 2 / 1.4, 3 / 1.4], ['RESP', 3, 1, 0], [sentence]]);
    const usual = await sheetsOf(members);
    expect([...usual.summary.flat(), ...usual.latency.flat()]).toEqual(
      expect.not.arrayContaining(['Members each', 'PER_REQUEST']),
    );
  });

  it('of a file that cannot be used has its reason, and no empty tables', async () => {
    const { summary, latency } = await sheetsOf([], [], { ...MANIFEST, asOf: null, reason: 'no header: =1+1' });
    expect(summary).toContainEqual(['FAILED', 'no header: =1+1']);
    expect(summary.flat()).toContain('Nobody.');
    expect(summary.flat()).not.toContain('What the models predict');
    expect(latency.flat()).not.toContain('MEMBER_ID');
    expect(JSON.stringify([summary, latency])).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the Latency sheet', () => {
  it('has a line per step with its share of the run', async () => {
    const { latency } = await sheetsOf([scored('A', 1, 1, 'LOW')]);
    expect(latency[0]?.slice(0, 4)).toEqual(['STEP', 'TIMED_PER', 'COUNT', 'MEAN_MS']);
    // Scored from 1,500 to 2,900 ms, which is 1,400 of 2,250.
    expect(beside(latency, 'total')?.slice(-2)).toEqual([1_400 / 2_250, textBar(1_400 / 2_250, 20)]);
    const [durationMs, , share] = beside(latency, 'scoring') ?? [];
    expect([durationMs, share]).toEqual([1_600, 1_600 / 2_250]);
  });

  it('lists the slowest members with their calls', async () => {
    const fast = scored('FAST', 1, 1, 'LOW');
    const slow = { ...fast, memberId: 'SLOW', latency: { ats: 30, resp: 70, offer: 10, total: 80 } };
    const { latency } = await sheetsOf([fast, slow]);
    expect(latency.at(-2)).toEqual(['SLOW', 'SCORED', 3, 80, 30, 70, 10, textBar(1, 40)]);
    expect(latency.at(-1)).toEqual(['FAST', 'SCORED', 3, 2, 1, 1, 1, textBar(1 / 40, 40)]);
  });
});

describe('the Members sheet', () => {
  const cellsOf = (member: ScoredMember, features: readonly string[]) =>
    new Map(membersTable({ features: [...features] }).columns.map(({ header, value }) => [header, value(member)]));
  const member = scored('A', 10, 0.5, 'LOW');

  it('has what a campaign needs before the features', () => {
    expect([...cellsOf(member, ['DAYS_SINCE_LAST_TRANSACTION'])].slice(0, 8)).toEqual([
      ['MEMBER_ID', 'A'],
      ['OFFER', 'LOW'],
      ['ATS_PREDICTION', 10],
      ['RESP_PREDICTION', 0.5],
      ['STATUS', 'SCORED'],
      ['REJECTED_ROWS', undefined],
      ['ERROR', undefined],
      ['DAYS_SINCE_LAST_TRANSACTION', 1],
    ]);
  });

  it('has the features of the run in its order, also one that this version does not know', () => {
    const features = ['LATER', 'AVG_REVENUE_USD'];
    const { columns } = membersTable({ features: [...features] });
    expect(columns.slice(7, 9).map(({ header, format }) => [header, format])).toEqual([
      ['LATER', '#,##0.00'],
      ['AVG_REVENUE_USD', '#,##0.00'],
    ]);
    expect(cellsOf({ ...member, features: { LATER: 7, AVG_REVENUE_USD: 2 } }, features).get('LATER')).toBe(7);
    expect(columns.map(({ header }) => header)).not.toContain('AVG_POINTS_BOUGHT');
  });

  it('marks who was scored without some of the rows', () => {
    expect(cellsOf({ ...member, rejectedRows: 2 }, []).get('REJECTED_ROWS')).toBe(2);
  });

  it('has no time of a call for which no request was sent', () => {
    const unasked = {
      ...member,
      latency: { ats: 60_200, resp: 4, total: 60_200 },
      attempts: { ...member.attempts, ats: 0, offer: 0 },
    };
    const cells = cellsOf(unasked, []);
    expect(['ATS_LATENCY_MS', 'RESP_LATENCY_MS', 'ATTEMPTS'].map((header) => cells.get(header))).toEqual([
      undefined,
      4,
      1,
    ]);
  });
});

describe('the Offers sheet', () => {
  it('has all offers that the summary names, in full, and the others in one row', () => {
    const long = 'x'.repeat(200);
    const summary = summaryWith({ offers: { A: 500, [long]: 300 }, otherOffers: { offers: 7, members: 200 } });
    const rows = viewOf(summary).offers.map((row) => OFFERS_TABLE.columns.map(({ value }) => value(row)));
    expect(rows).toEqual([
      ['A', 500, 0.5],
      [long, 300, 0.3],
      ['7 other offers', 200, 0.2],
    ]);
  });
});

describe('a bar', () => {
  it.each([
    [0, ''],
    [1, '████'],
    [0.5, '██'],
    [0.53125, '██▏'],
    [7, '████'],
    [-1, ''],
  ])('of %d', (share, expected) => {
    expect(textBar(share, 4)).toBe(expected);
  });
});

describe('a failure', () => {
  it('has a row for each call that failed', () => {
    expect(failedCalls(scored('A', 1, 1, 'LOW'))).toEqual([]);
    const [call, ...others] = failedCalls(failed('=A', 'answered 500', 500));
    expect(others).toEqual([]);
    expect(call && failuresTable(DEFAULT_CALLS).columns.map(({ value }) => value(call))).toEqual([
      ...['=A', 'ats', 500, 5, 'answered 500'],
      adviceOn({ step: 'ats', status: 500 }, DEFAULT_CALLS),
    ]);
  });

  it.each([
    [undefined, /ATS_URL/],
    [401, /credentials/],
    [404, /correct ATS_URL/],
    [429, /lower CONCURRENCY/],
    [422, /refuses this member/],
    [503, /its logs/],
    [200, /agreed format/],
  ])('with status %s says what to do', (status, advice) => {
    expect(adviceOn({ step: 'ats', status }, DEFAULT_CALLS)).toMatch(advice);
  });
});
