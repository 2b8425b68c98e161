import { PutObjectCommand } from '@aws-sdk/client-s3';
import ExcelJS from 'exceljs';
import { zipSync } from 'fflate';
import { endAbandoned } from '../../../lib/stages/on-failure/end-abandoned.ts';
import { outputOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';
const CSV = `${HEADER}\nA,2024-01-01,buy,1,1\n`;
const AS_OF = '2024-01-31';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

it.each([
  'members.Csv',
  'members.csv ',
  'members',
  'members.txt',
  'members.tsv',
  '.csv',
  'members.xlsx',
  'a/b/members.CSV',
  'members.csv/',
])('a CSV is read whatever its name is: %j', async (name) => {
  expect(await pipeline.drop(name, CSV, AS_OF)).toMatchObject({
    status: 'COMPLETE',
    partner: 'default',
    rows: { read: 1, accepted: 1 },
  });
});

it('the CSVs of a ZIP archive are one run, whose rejected rows name theirs', async () => {
  const zip = zipSync({
    'a.csv': Buffer.from(CSV),
    'b.csv': Buffer.from(`${HEADER}\nB,2024-01-01,buy,1,1\nC,x,buy,1,1\n`),
  });
  const summary = await pipeline.drop('both.zip', Buffer.from(zip), AS_OF);
  expect(summary).toMatchObject({
    status: 'PARTIAL',
    rows: { read: 3, accepted: 2, rejected: 1 },
    members: { total: 2 },
  });
  const sheet = (await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Rejected rows');
  expect(sheet?.getRow(2).values).toEqual(
    expect.arrayContaining([3, expect.stringMatching(/^b\.csv: .* is not a date/)]),
  );
});

it('the first sheet of a workbook with the columns is read, whatever its name is', async () => {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet('About').addRow(['Transactions of January']);
  const sheet = workbook.addWorksheet('January');
  sheet.addRow(HEADER.split(','));
  sheet.addRow(['A', new Date('2024-01-01T10:00:00Z'), 'buy', 100, 1.5]);
  sheet.addRow([7, new Date('2024-01-03T10:00:00Z'), 'gift', 1.234, '1.000,50']);
  sheet.addRow([7, 'soon', 'gift', 1, 1]);
  const summary = await pipeline.drop('members.csv', Buffer.from(await workbook.xlsx.writeBuffer()), AS_OF);
  expect(summary).toMatchObject({
    status: 'PARTIAL',
    rows: { read: 3, accepted: 2, rejected: 1 },
    members: { total: 2 },
    understood: { kind: 'Excel workbook, sheet "January"', headerLine: 1 },
  });
  const report = await pipeline.workbook(outputOf(summary, 'workbook'));
  expect(report.getWorksheet('Rejected rows')?.getRow(2).values).toEqual(
    expect.arrayContaining([4, expect.stringMatching(/^LAST_TRANSACTION_TS "soon" is not a date/), '7,soon,gift,1,1']),
  );
});

it.each([
  ['a picture', 'logo.png', latin1('\x89PNG\r\n\x1a\n\0\0'), /like a PNG picture; upload the CSV itself$/],
  ['a PDF', 'report.pdf', latin1('%PDF-1.7\n'), /like a PDF; export the table as CSV in UTF-8 and upload that$/],
  ['Parquet', 'part-0.parquet', latin1('PAR1\x15\0'), /like a Parquet file; save it as CSV in UTF-8 and upload that$/],
  ['an old workbook', 'members.xls', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), /like an old Excel workbook/],
  ['JSON', 'members.json', '[{"MEMBER_ID": "A"}]', /like JSON; save it as CSV in UTF-8 and upload that$/],
  [
    'a web page',
    'members.html',
    '<!DOCTYPE html><p>Sign in',
    /like a web page \(HTML\); it may be the page of an error/,
  ],
  ['nothing', 'members.csv', Buffer.alloc(0), /^empty: /],
  ['a note', 'readme.md', '# Members\n', /^no header: /],
])('%s gets a FAILED report that says what it is', async (_, name, body, reason) => {
  expect(await pipeline.drop(name, body, AS_OF)).toMatchObject({
    status: 'FAILED',
    reason: expect.stringMatching(reason),
  });
  expect(pipeline.failures).toEqual([]);
});

describe('an object that stands for a folder', () => {
  const runs = () => Array.fromAsync(pipeline.bucket.objects('runs/'));

  it.each(['', 'january/', 'january_$folder$'])('starts no run: %j', async (name) => {
    const before = (await runs()).length;
    await pipeline.put(name, Buffer.alloc(0));
    await pipeline.idle();
    expect(await runs()).toHaveLength(before);
    expect(pipeline.failures).toEqual([]);
  });

  it('is no run either when the function could not look at it', async () => {
    const Key = 'uploads/default/february/';
    await pipeline.client.send(new PutObjectCommand({ Bucket: pipeline.bucket.name, Key, Body: Buffer.alloc(0) }));
    const folder = {
      bucket: pipeline.bucket.name,
      key: Key,
      etag: 'e',
      bytes: 0,
      sequencer: '1',
      createdAt: new Date(),
    };
    expect(await endAbandoned(pipeline.bucket, folder, 'it waited too long')).toEqual({ ended: 'nothing' });
  });
});
