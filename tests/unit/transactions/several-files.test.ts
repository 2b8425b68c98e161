import { gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { DEFAULT_LIMITS, type FileLimits } from '../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../lib/transactions/row-account.ts';
import { UnusableFileError } from '../../../lib/transactions/unusable-file.ts';
import { DEFAULT, defaultAggregates } from '../../default-partner.ts';
import { chunked, csv, HEADER, REST } from './hostile/hostile-file.ts';
import { type Cell, rowsXml, workbookOf } from './workbook/workbook-builder.ts';
import { zipOf } from './zip-builder.ts';

const AS_OF_DAY = 19_753;

/** Files by their names, in order, read as one. */
async function read(files: Record<string, string | Buffer>, limits: Partial<FileLimits> = {}) {
  const aggregates = defaultAggregates(AS_OF_DAY);
  const rejectedRows: RejectedRow[] = [];
  const opened: string[] = [];
  const reader = new TransactionReader(aggregates, {
    input: DEFAULT.input,
    asOfDay: AS_OF_DAY,
    reject: async (rows) => {
      rejectedRows.push(...rows);
    },
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  const inputs = Object.entries(files).map(([name, content]) => ({
    name,
    open: async () => {
      opened.push(name);
      return chunked(Buffer.from(content), 64);
    },
  }));
  const unusable = await reader.read(inputs).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof UnusableFileError) return error.message;
      throw error;
    },
  );
  const members = aggregates.memberIds.map((id, member) => [id, aggregates.transactions(member)]);
  return { members, counts: reader.counts, understood: reader.understood, rejectedRows, opened, unusable };
}

describe('several files that are read as one', () => {
  it('may each have another order of columns, another separator and another packing', async () => {
    const other = HEADER.split(',').toReversed().join(';');
    const { members, understood, unusable } = await read({
      'part-0.csv': csv(`A${REST}`),
      'part-1.csv': `${other}\n1;1;buy;2024-01-01;A\n1;1;buy;2024-01-01;B\n`,
      'part-2.gz': gzipSync(csv(`B${REST}`)),
    });
    expect(unusable).toBeUndefined();
    expect(members).toEqual([
      ['A', 2],
      ['B', 2],
    ]);
    expect(understood.kind).toBe('2 CSVs, 1 CSV in gzip');
  });

  it('name themselves and what is in them: in rejected rows, in the parts, and in what is wrong', async () => {
    const zip = zipOf({ name: 'a.csv', content: csv(`A${REST}`) }, { name: 'b.csv', content: csv('B') });
    const { rejectedRows, understood } = await read({ 'part-0.csv': csv(`A${REST}`), 'part-1.zip': zip });
    expect(rejectedRows).toMatchObject([{ line: 2, reason: expect.stringMatching(/^part-1\.zip: b\.csv: 1 field, /) }]);
    expect(understood.parts).toEqual([
      { name: 'part-0.csv', rows: 1 },
      { name: 'part-1.zip: a.csv', rows: 1 },
      { name: 'part-1.zip: b.csv', rows: 1 },
    ]);
    expect(understood.kind).toBe('1 CSV, 2 CSVs in a ZIP archive');
    const wrong = csv(`A${REST}`);
    expect((await read({ 'part-0': wrong, 'part-1': 'no,such,columns\n' })).unusable).toMatch(/^in part-1: no header/);
    expect((await read({ 'part-0': wrong, 'part-1': zip.subarray(0, -9) })).unusable).toMatch(
      /^in part-1: the ZIP archive is cut off/,
    );
  });

  it('are empty only when all of them are', async () => {
    expect((await read({ 'part-0': '', 'part-1': csv(), 'part-2': csv(`A${REST}`) })).members).toEqual([['A', 1]]);
    expect((await read({ 'part-0': '', 'part-1': csv() })).unusable).toBe(
      'no rows: the parts hold nothing but headers',
    );
    expect((await read({ 'part-0': '', 'part-1': '' })).unusable).toBe('empty: the parts hold no header and no rows');
  });

  it('are noted with their names, and no more of them than somebody reads', async () => {
    const short = 'A,2024-01-01,buy,1';
    const few = await read({ 'part-0': csv(short), 'part-1': csv(`B${REST}`), 'part-2': csv(short, short) });
    expect(few.understood.notes).toEqual([
      'part-0: Of 1 row, the last cells are left out: they are read as blank.',
      'part-2: Of 2 rows, the last cells are left out: they are read as blank.',
    ]);
    const files = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`part-${n}`, csv(short)]));
    const { notes } = (await read(files)).understood;
    expect(notes).toHaveLength(21);
    expect(notes.slice(-2)).toEqual([expect.stringMatching(/^part-19: /), 'And 5 more such notes on other parts.']);
  });

  it('tell together how a column is written: what the first does not decide, a later one does', async () => {
    const { counts, opened, understood, unusable } = await read({
      'part-0': csv('A,02/01/2024,buy,1,1'),
      'part-1': csv('B,03/01/2024,buy,1,1'),
      'part-2': csv('C,31/01/2024,buy,1,1'),
      'part-3': csv('D,01/31/2024,buy,1,1'),
    });
    expect({ unusable, counts }).toMatchObject({ unusable: undefined, counts: { accepted: 3, rejected: 1 } });
    expect(opened).toEqual(['part-0', 'part-0', 'part-1', 'part-2', 'part-1', 'part-2', 'part-3']);
    expect(understood.columns[1]?.form).toMatch(/^day\/month\/year/);
  });

  it('may have as many bytes together as one, packed and unpacked', async () => {
    const file = csv(`A${REST}`);
    const fileBytes = 2 * file.length;
    expect((await read({ 'part-0': file, 'part-1': file }, { fileBytes })).unusable).toBeUndefined();
    const packed =
      /^in part-1: too large: the folder has more than the .* bytes that are read at the most; write it as two folders$/;
    expect((await read({ 'part-0': file, 'part-1': `${file}\n` }, { fileBytes })).unusable).toMatch(packed);
    const unpacked = /^in part-1: too large: the folder, unpacked, has more than/;
    const long = csv(...Array(20).fill(`A${REST}`));
    const limit = { fileBytes: long.length + 10 };
    const [gzip, zip] = [gzipSync(long), zipOf({ name: 'a.csv', content: long })];
    expect((await read({ 'part-0': gzip, 'part-1': gzip }, limit)).unusable).toMatch(unpacked);
    expect((await read({ 'part-0': gzip, 'part-1': file }, limit)).unusable).toMatch(unpacked);
    expect((await read({ 'part-0': file, 'part-1': zip }, limit)).unusable).toMatch(
      /^in part-1(: a\.csv)?: too large: the folder, unpacked/,
    );
    expect((await read({ 'part-0': gzip }, limit)).unusable).toBeUndefined();
  });

  it('are understood together: what all have is told once, and what only some have with the others', async () => {
    const semicolons = csv(`B${REST}`).replaceAll(',', ';');
    const files = {
      'part-0': csv(`A${REST}`),
      'part-1': `\ufeff${semicolons}`,
      'part-2': csv(`C${REST}`),
      'part-3': '',
    };
    expect((await read(files)).understood).toMatchObject({
      encoding: 'UTF-8, UTF-8 with a byte-order mark',
      separator: 'comma, semicolon',
      headerLine: 1,
    });
    const { understood } = await read({ 'part-0': csv(`A${REST}`), 'part-1': `Title\n${csv(`B${REST}`)}` });
    expect(understood).toMatchObject({ encoding: 'UTF-8', separator: 'comma' });
    expect(understood).not.toHaveProperty('headerLine');
  });

  it('may not be more in all, with what is in archives, than a report lists', async () => {
    const zipped = (count: number) =>
      zipOf(...Array.from({ length: count }, (_, index) => ({ name: `${index}.csv`, content: csv(`A${REST}`) })));
    const files = { 'part-0.zip': zipped(499), 'part-1': csv(`A${REST}`), 'part-2.zip': zipped(500) };
    const { counts, understood, unusable } = await read(files);
    expect({ unusable, counts, kind: understood.kind }).toMatchObject({
      unusable: undefined,
      counts: { accepted: 1000 },
      kind: '999 CSVs in a ZIP archive, 1 CSV',
    });
    expect((await read({ ...files, 'part-3': '' })).unusable).toBe(
      'in part-3: too many parts: the folder holds, in its ZIP archives, more than the 1,000 files that are allowed; write fewer and larger ones',
    );
  });

  it('tell together how dates are written, whatever the order of their columns, and which cell of which file decides', async () => {
    const rows = (...days: string[]) => days.map((day, index) => `M${index},${day},buy,1,1`);
    const other = HEADER.split(',').toReversed().join(',');
    const files = {
      'part-0.csv': csv(...rows('03/01/2023', '04/01/2023')),
      'part-1.csv': [other, '1,1,buy,05/01/2023,A', '1,1,buy,13/01/2023,B', ''].join('\n'),
    };
    const forwards = await read(files);
    expect(forwards.unusable).toBeUndefined();
    expect(forwards.understood.columns.find(({ field }) => field === 'time')).toMatchObject({
      form: 'day/month/year, as in 13/01/2023',
      decidedBy: 'line 3 of part-1.csv: 13/01/2023',
    });
    const backwards = await read(Object.fromEntries(Object.entries(files).toReversed()));
    expect(backwards.members.toSorted()).toEqual(forwards.members.toSorted());
  });

  it('may be workbooks, of whose mixed dates it is told once', async () => {
    const cells = (day: Cell): Cell[] => ['A', day, 'buy', 1, 1];
    const rows = rowsXml(HEADER.split(','), cells({ number: 45_000, style: 1 }), cells('31/12/2023'));
    const workbook = workbookOf({ sheets: [{ rows }], formats: [14] });
    const { members, understood } = await read({ 'part-0.xlsx': workbook, 'part-1.xlsx': workbook });
    expect(members).toEqual([['A', 4]]);
    expect(understood.checks.map(({ count }) => count)).toEqual([
      'in one column, 2 dates of the workbook and 2 texts are mixed',
    ]);
  });

  it('may be workbooks, which count once though they are read twice', async () => {
    const rows = rowsXml(HEADER.split(','), `A${REST}`.split(','));
    const workbook = workbookOf({ sheets: [{ name: 'Members', rows }] });
    const files = { 'part-0.xlsx': workbook, 'part-1.csv': csv(`B${REST}`), 'part-2.xlsx': workbook };
    const { members, understood } = await read(files);
    expect(members).toEqual([
      ['A', 2],
      ['B', 1],
    ]);
    expect(understood.kind).toBe('2 Excel workbooks, sheet "Members", 1 CSV');
    const inWorkbook = Object.values(unzipSync(workbook)).reduce((bytes, { length }) => bytes + length, 0);
    const fileBytes = 2 * inWorkbook + csv(`B${REST}`).length;
    expect((await read(files, { fileBytes })).unusable).toBeUndefined();
    expect((await read(files, { fileBytes: fileBytes - 1 })).unusable).toMatch(
      /^in part-2\.xlsx: too large: the folder, unpacked/,
    );
  });

  it('are told of once when all end with rows that have no time', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => `K${index}${REST}`);
    const trailed = csv(...rows, 'EOF,,,,');
    const { understood } = await read({ 'part-0.csv': trailed, 'part-1.csv': csv(...rows), 'part-2.csv': trailed });
    expect(understood.checks).toEqual([
      {
        about: 'rows',
        count: 'the last rows of 2 parts have no LAST_TRANSACTION_TS, and all others have one',
        advice: 'Look at part-0.csv, line 12: "EOF,,,,". Where it is no member, remove its line from the file.',
      },
    ]);
    expect((await read({ 'part-0.csv': trailed, 'part-1.csv': csv('A,,,,', ...rows) })).understood.checks).toEqual([]);
  });
});
