import { gzipSync } from 'node:zlib';
import { manifestSchema } from '../../../lib/run/contracts.ts';
import { manifestKey } from '../../../lib/run/keys.ts';
import { outputOf, rowsOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline({ environment: { MAX_FILE_BYTES: '1000' } });

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';
const NOTHING = Buffer.alloc(0);
const AS_OF = '2024-01-31';

const csvOf = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;
const rowOf = (member: string, points = 1) => `${member},2024-01-01,buy,${points},1`;

/** Stores parts, or whatever else, in a folder, one after the other. */
async function putInto(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await pipeline.put(`${folder}/${name}`, Buffer.from(content));
}

const close = (folder: string, asOf = AS_OF) => pipeline.drop(`${folder}/_SUCCESS`, NOTHING, asOf);

const runIds = async () => new Set((await pipeline.bucket.list('runs/')).map((key) => key.split('/')[1]));

/** The parts that a run has fixed. */
async function partsOf(runId: string): Promise<string[]> {
  const { parts = [] } = await pipeline.bucket.readJson(manifestKey(runId), manifestSchema);
  return parts.map(({ key }) => key);
}

describe('a folder of parts', () => {
  it('is one run when _SUCCESS closes it, whose rejected rows name part and line', async () => {
    const before = await runIds();
    await putInto('january', {
      'part-00001.csv.gz': gzipSync(csvOf(rowOf('B', 40), 'C,2024-01-01,buy,x,1')),
      'part-00000.csv': csvOf('D', rowOf('A'), rowOf('B', 20)),
      'part-00002.csv': '',
    });
    await pipeline.idle();
    expect(await runIds()).toEqual(before);
    const summary = await close('january');
    expect(summary).toMatchObject({
      asOf: AS_OF,
      source: { key: 'uploads/default/january/_SUCCESS' },
      rows: { read: 5, accepted: 3, rejected: 2 },
      members: { total: 2, scored: 2 },
      understood: {
        kind: '2 CSVs, 1 CSV in gzip',
        parts: [
          { name: 'part-00000.csv', rows: 3 },
          { name: 'part-00001.csv.gz', rows: 2 },
          { name: 'part-00002.csv', rows: 0 },
        ],
      },
    });
    expect(await runIds()).toEqual(new Set([...before, summary.runId]));
    const workbook = await pipeline.workbook(outputOf(summary, 'workbook'));
    expect(rowsOf(workbook.getWorksheet('Rejected rows')).map(({ LINE, REASON }) => [LINE, REASON])).toEqual([
      [2, expect.stringMatching(/^part-00000\.csv: 1 field, /)],
      [3, expect.stringMatching(/^part-00001\.csv\.gz: .*"x"/)],
    ]);
    // B has 20 points in one part and 40 in the other.
    const members = rowsOf(workbook.getWorksheet('Members'));
    expect(members.map(({ MEMBER_ID, AVG_POINTS_BOUGHT }) => [MEMBER_ID, AVG_POINTS_BOUGHT])).toEqual([
      ['A', 1],
      ['B', 30],
    ]);
    expect(JSON.stringify(workbook.getWorksheet('Summary')?.getSheetValues())).toContain('/january/"');
  });

  it('is the same run when its events come again, and another one when _SUCCESS is written again', async () => {
    await putInto('february', { 'part-0.csv': csvOf(rowOf('A')) });
    const { runId } = await close('february', '2024-01-20');
    const [before, calls] = [await runIds(), pipeline.calls.length];
    for (const { functionName, event } of [...pipeline.deliveries]) pipeline.deliver(functionName, event);
    await pipeline.idle();
    expect([await runIds(), pipeline.calls.length]).toEqual([before, calls]);
    await putInto('february', { 'part-1.csv': csvOf(rowOf('B')) });
    await pipeline.put('february/_SUCCESS', NOTHING, AS_OF);
    await pipeline.idle();
    const summaries = await pipeline.summariesOf('february/_SUCCESS');
    expect(summaries).toMatchObject([
      { runId, asOf: '2024-01-20', members: { total: 1 } },
      { asOf: AS_OF, members: { total: 2 } },
    ]);
    expect(pipeline.failures).toEqual([]);
  });

  it('does not have what programs leave in it, nor the parts of folders below', async () => {
    const before = await runIds();
    await putInto('march', {
      '_temporary/0/_temporary/attempt_1/part-00000.csv': csvOf(rowOf('T')),
      'part-0.csv': csvOf(rowOf('A')),
      '.part-0.csv.crc': 'crc',
      _started_8412: '',
      _committed_8412: '{}',
      'part-days/part-0.csv': csvOf(rowOf('B')),
    });
    const { runId } = await close('march');
    expect(await partsOf(runId)).toEqual(['uploads/default/march/part-0.csv']);
    expect(await runIds()).toEqual(new Set([...before, runId]));
    // The folder below is closed by a mark of its own.
    const below = await close('march/part-days');
    expect(await partsOf(below.runId)).toEqual(['uploads/default/march/part-days/part-0.csv']);
  });

  it('may hold files besides, each of which has a run of its own', async () => {
    await putInto('april', { 'part-0.csv': csvOf(rowOf('A')) });
    expect(await pipeline.drop('april/notes.csv', csvOf(rowOf('N')), AS_OF)).toMatchObject({ members: { total: 1 } });
    expect(await close('april')).toMatchObject({ members: { total: 1 }, rows: { read: 1 } });
  });

  it.each([
    ['has no parts', {}, /^no parts: uploads\/default\/.+\/ is closed by _SUCCESS, and holds no file .* last$/],
    [
      'has its parts in folders below',
      { 'month=1/part-0': csvOf(rowOf('A')), 'month=1/part-1': csvOf(), 'month=2/part-0': csvOf() },
      /^no parts: .* in folders below \(month=1\/, month=2\/\); write without partitionBy, or _SUCCESS into each$/,
    ],
    [
      'has no headers',
      { 'part-0': `${rowOf('A')}\n` },
      /^in part-0: no header: .*; Spark writes a header only with option\("header", True\)$/,
    ],
    ['has empty parts only', { 'part-0': '', 'part-1': '' }, /^empty: the parts hold no header and no rows$/],
    ['has headers only', { 'part-0': csvOf(), 'part-1': csvOf() }, /^no rows: the parts hold nothing but headers$/],
    [
      'has a part of another kind',
      { 'part-0': csvOf(rowOf('A')), 'part-1.parquet': 'PAR1' },
      /^in part-1\.parquet: .* Parquet/,
    ],
    [
      'is larger than a file may be',
      { 'part-0': 'x'.repeat(501), 'part-1': 'x'.repeat(500) },
      /^too large: the parts have together 1,001 bytes, and 1,000 bytes are the most .*; write it as two folders$/,
    ],
    [
      'is larger when it is unpacked',
      { 'part-0.gz': gzipSync(csvOf(...Array(30).fill(rowOf('A')))), 'part-1': csvOf(...Array(10).fill(rowOf('B'))) },
      /^in part-1: too large: the folder, unpacked, has more than the 1,000 bytes/,
    ],
  ])('that %s is FAILED, and says so', async (_, files, reason) => {
    const folder = `failed ${_}`;
    await putInto(folder, files);
    expect(await close(folder)).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(reason) });
    expect(pipeline.failures).toEqual([]);
  });

  it('is none directly below the partner, where _SUCCESS is told where it belongs and part-… is a file', async () => {
    expect(await pipeline.drop('part-0.csv', csvOf(rowOf('A')), AS_OF)).toMatchObject({ members: { total: 1 } });
    expect(await pipeline.drop('_SUCCESS', NOTHING)).toMatchObject({
      status: 'FAILED',
      reason: expect.stringMatching(/^_SUCCESS closes a folder .* belongs in uploads\/<partner>\/<folder>\//),
    });
  });
});
