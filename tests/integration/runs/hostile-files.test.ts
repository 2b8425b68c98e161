import { gzipSync, zstdCompressSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { PARTNERS } from '../../default-partner.ts';
import { outputOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';
const AS_OF = '2024-01-31';

/** Ids of the members that a report lists. */
async function reportedIds(workbook: string): Promise<unknown[]> {
  const sheet = (await pipeline.workbook(workbook)).getWorksheet('Members');
  const column: unknown = sheet?.getColumn(1).values;
  return Array.isArray(column) ? column.slice(2) : [];
}

describe('a hostile file that is dropped', () => {
  it('in UTF-16 with semicolons, as Excel saves it, gets a report', async () => {
    const ids = ['__proto__', 'constructor', '👨‍👩‍👧', 'דוד\u200e', 'a;b'];
    const lines = ids.map((id) => `"${id}";2024-01-01;buy;1;1`);
    const text = ['sep=;', HEADER.replaceAll(',', ';'), ...lines, '"open;;;;', ''].join('\r\n');
    const summary = await pipeline.drop('excel.csv', Buffer.from(`\uFEFF${text}`, 'utf16le'), AS_OF);
    expect(summary).toMatchObject({ status: 'PARTIAL', rows: { read: 6, accepted: 5, rejected: 1 } });
    expect(await reportedIds(outputOf(summary, 'workbook'))).toEqual(ids.map((id) => id.replace('\u200e', '')));
  });

  it('in Latin-1 loses the rows that cannot be read, and no other', async () => {
    const text = `${HEADER}\nMüller,2024-01-01,buy,1,1\nSmith,2024-01-01,buy,1,1\n`;
    const summary = await pipeline.drop('latin1.csv', Buffer.from(text, 'latin1'), AS_OF);
    expect(summary).toMatchObject({ status: 'PARTIAL', rows: { read: 2, accepted: 1, rejected: 1 } });
  });

  it.each([
    ['gzip', (text: string) => gzipSync(text)],
    ['Zstandard', (text: string) => zstdCompressSync(text)],
  ])('packed with %s is read as the CSV that it holds', async (name, pack) => {
    const body = pack(`${HEADER}\nA,2024-01-01,buy,1,1\n`);
    const summary = await pipeline.drop(`packed-${name}.csv`, body, AS_OF);
    expect(summary).toMatchObject({ status: 'COMPLETE', rows: { read: 1, accepted: 1 } });
    const cut = await pipeline.drop(`cut-${name}.csv`, body.subarray(0, -3), AS_OF);
    expect(cut).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('archive is cut off'),
      rows: { read: 0 },
    });
  });
});

describe('a file beyond a limit', () => {
  const body = `${HEADER}\nA,2024-01-01,buy,1,1\n`;

  // These keys are outside `uploads/`, so that only the calls below read them.
  async function prepare(key: string, limits: Partial<typeof DEFAULT_LIMITS>) {
    const object = { Bucket: pipeline.bucket.name, Key: key, Body: body };
    const { ETag = '' } = await pipeline.client.send(new PutObjectCommand(object));
    const etag = ETag.replaceAll('"', '');
    const upload = { bucket: object.Bucket, key, etag, sequencer: '1', createdAt: new Date('2024-01-31T10:00:00Z') };
    const batching = { minBatchSize: 1, maxBatches: 10 };
    return prepareRun(pipeline.bucket, upload, batching, {
      partners: PARTNERS,
      limits: { ...DEFAULT_LIMITS, ...limits },
    });
  }

  it('of bytes is not read, and the reason names both sizes', async () => {
    expect(await prepare('elsewhere/large.csv', { fileBytes: 100 })).toMatchObject({
      reason: `too large: the file has ${body.length} bytes, and 100 bytes are the most that is read; split it`,
      steps: [],
      batches: 0,
    });
  });

  it('of columns is not read either', async () => {
    expect(await prepare('elsewhere/wide.csv', { columns: 4 })).toMatchObject({
      reason: 'too many columns: the header has 5, and 4 are the most that is read',
    });
  });

  it('of members is not scored: no batches, and what was read is accounted for', async () => {
    expect(await prepare('elsewhere/crowd.csv', { members: 0 })).toMatchObject({
      reason:
        'too many members: the first 1 rows name more than the 0 that are allowed; split the file by member, or raise MAX_MEMBERS',
      rows: { read: 1, accepted: 1, rejected: 0 },
      members: 0,
      batches: 0,
    });
  });

  it('of memory is not scored either', async () => {
    expect(await prepare('elsewhere/heavy.csv', { memberBytes: 300 })).toMatchObject({
      reason: expect.stringMatching(/^too many members for the memory: the 1 of the first 1 rows take, /),
      rows: { read: 1, accepted: 1, rejected: 0 },
      members: 0,
      batches: 0,
    });
  });

  it('is read when it is at the limits', async () => {
    const limits = {
      fileBytes: body.length,
      columns: 5,
      lineBytes: HEADER.length,
      members: 1,
      memberBytes: 301,
      rejectedRows: 0,
    };
    expect(await prepare('elsewhere/exact.csv', limits)).toMatchObject({ members: 1, rows: { read: 1, accepted: 1 } });
  });
});
