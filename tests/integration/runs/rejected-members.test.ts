import { HEADER, membersOf } from '../faults/content.ts';
import { outputOf, rowsOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const line = (memberId: string, points: string) => `${memberId},2024-01-02,buy,${points},5`;

/** 97 members, of whom M1 has two more rows that are rejected, as is the only row of GONE. */
const FILE = [
  HEADER,
  ...Array.from({ length: 97 }, (_, index) => line(`M${index}`, '100')),
  ...[line('M1', 'many'), line('GONE', 'a lot'), line('M1', 'more')],
].join('\n');

describe('a member some of whose rows were rejected', () => {
  it('is marked wherever it is told of, and one without any row is named', async () => {
    const summary = await pipeline.drop('few.csv', FILE, '2024-01-31');
    // 3 of 100 rows are fewer than the 5 % that default.yml allows.
    expect(summary).toMatchObject({ status: 'COMPLETE', rows: { read: 100, rejected: 3 }, maxRejectedShare: 0.05 });
    expect(summary.losses).toMatchObject({
      incomplete: { members: 1, rows: 2 },
      missing: { members: 1, rows: 1, first: [{ memberId: 'GONE', line: 100 }] },
    });
    const marked = (await membersOf(pipeline, summary)).filter(({ rejectedRows }) => rejectedRows !== undefined);
    expect(marked).toMatchObject([{ memberId: 'M1', transactions: 1, rejectedRows: 2 }]);
    const workbook = await pipeline.workbook(outputOf(summary, 'workbook'));
    const rows = rowsOf(workbook.getWorksheet('Members'));
    expect(rows.filter(({ REJECTED_ROWS }) => Number(REJECTED_ROWS) > 0)).toMatchObject([
      { MEMBER_ID: 'M1', REJECTED_ROWS: 2 },
    ]);
    expect(rowsOf(workbook.getWorksheet('Missing members'))).toMatchObject([
      { MEMBER_ID: 'GONE', REJECTED_ROWS: 1, FIRST_LINE: 100, FIRST_REASON: expect.stringContaining('"a lot"') },
    ]);
  });

  it('is marked after it has failed and was scored again, too', async () => {
    pipeline.intercept = ({ url, body }, reply) =>
      url === '/ml/ats/predict' && JSON.stringify(body).includes('"AVG_POINTS_BOUGHT":100,')
        ? reply.code(422).send('no')
        : undefined;
    const { runId } = await pipeline.drop('again.csv', FILE, '2024-01-31');
    pipeline.intercept = () => undefined;
    await pipeline.invoke('resume', { runId });
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('again.csv');
    expect(summary).toMatchObject({ members: { scored: 97 }, losses: { incomplete: { members: 1 } } });
    const members = summary === undefined ? [] : await membersOf(pipeline, summary);
    expect(members.filter(({ rejectedRows }) => rejectedRows !== undefined)).toMatchObject([{ rejectedRows: 2 }]);
  });

  it('makes a run PARTIAL when more rows are rejected than the partner allows', async () => {
    const more = ['N1', 'N2', 'N3'].map((memberId) => line(memberId, '?'));
    const summary = await pipeline.drop('many.csv', [FILE, ...more].join('\n'), '2024-01-31');
    expect(summary).toMatchObject({
      status: 'PARTIAL',
      reason: expect.stringMatching(/^6 of 103 rows were rejected, more than the 5% that the partner's file allows /),
      members: { total: 97, scored: 97, failed: 0 },
    });
  });
});
