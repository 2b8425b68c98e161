import { PassThrough } from 'node:stream';
import { arrayBuffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { strFromU8, unzipSync } from 'fflate';
import { type Column, Table } from '../../../../lib/report/workbook/table.ts';
import { cellText } from '../../../../lib/report/workbook/text.ts';
import { ReportWorkbook } from '../../../../lib/report/workbook/workbook.ts';

const COLUMNS: readonly Column<[id: string, value: number]>[] = [
  { header: 'ID', width: 10, value: ([id]) => id },
  { header: 'VALUE', width: 10, format: '0.00', value: ([, value]) => value },
];

async function bytesOf(write: (workbook: ReportWorkbook) => Promise<void>): Promise<ArrayBuffer> {
  const stream = new PassThrough();
  const bytes = arrayBuffer(stream);
  const workbook = new ReportWorkbook(stream);
  await write(workbook);
  await workbook.commit();
  return bytes;
}

async function written(write: (workbook: ReportWorkbook) => Promise<void>): Promise<ExcelJS.Workbook> {
  const read = new ExcelJS.Workbook();
  await read.xlsx.load(await bytesOf(write));
  return read;
}

/** What a file of the workbook's archive says. */
async function partOf(write: (workbook: ReportWorkbook) => Promise<void>, path: string): Promise<string> {
  return strFromU8(unzipSync(new Uint8Array(await bytesOf(write)))[path] ?? new Uint8Array());
}

describe('a table', () => {
  it('has a frozen header with filters, and formats that leave the full value in the cell', async () => {
    const workbook = await written(async (target) => {
      const table = new Table(target, { name: 'Members', columns: COLUMNS });
      await table.add([['A', 1 / 3]]);
      table.close();
    });
    const sheet = workbook.getWorksheet('Members');
    expect(sheet?.getRow(1).values).toEqual([undefined, 'ID', 'VALUE']);
    expect(sheet?.getCell('B2').value).toBe(1 / 3);
    expect(sheet?.getCell('B2').numFmt).toBe('0.00');
    expect(sheet?.views).toMatchObject([{ state: 'frozen', ySplit: 1 }]);
    expect(sheet?.autoFilter).toBe('A1:B2');
  });

  it('goes on in further sheets, each with the header, when one is full', async () => {
    const workbook = await written(async (target) => {
      const table = new Table(target, { name: 'Members', columns: COLUMNS, rowsPerSheet: 3 });
      await table.add([1, 2, 3, 4, 5].map((row): [string, number] => [`M${row}`, row]));
      table.close();
    });
    const ids = workbook.worksheets.map((sheet) => [sheet.name, ...(sheet.getColumn(1).values ?? []).slice(1)]);
    expect(ids).toEqual([
      ['Members', 'ID', 'M1', 'M2'],
      ['Members (2)', 'ID', 'M3', 'M4'],
      ['Members (3)', 'ID', 'M5'],
    ]);
  });

  it('is printed across the paper, its header on every page', async () => {
    const workbook = await written(async (target) =>
      new Table(target, { name: 'Rejected rows', columns: COLUMNS }).close(),
    );
    expect(workbook.getWorksheet('Rejected rows')?.pageSetup).toMatchObject({
      orientation: 'landscape',
      paperSize: 9,
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '1:1',
    });
  });

  it('names what its filters are over, for programs that show none without, by the place of its tab', async () => {
    const names = await partOf(async (target) => {
      const members = new Table(target, { name: 'Members', columns: COLUMNS, rowsPerSheet: 2 });
      await members.add([
        ['A', 1],
        ['B', 2],
      ]);
      members.close();
      target.addWorksheet('Summary').commit();
      target.arrangeTabs(['Summary', 'Members']);
    }, 'xl/workbook.xml');
    expect(names.replaceAll('&apos;', "'").match(/<definedName [^>]*_FilterDatabase.*?<\/definedName>/g)).toEqual([
      `<definedName name="_xlnm._FilterDatabase" hidden="1" localSheetId="1">'Members'!$A$1:$B$2</definedName>`,
      `<definedName name="_xlnm._FilterDatabase" hidden="1" localSheetId="2">'Members (2)'!$A$1:$B$2</definedName>`,
    ]);
  });

  it('that is exactly full needs no further sheet', async () => {
    const workbook = await written(async (target) => {
      const table = new Table(target, { name: 'Members', columns: COLUMNS, rowsPerSheet: 3 });
      await table.add([1, 2].map((row): [string, number] => [`M${row}`, row]));
      table.close();
    });
    expect(workbook.worksheets).toHaveLength(1);
  });
});

describe('tabs', () => {
  it('are in the order that is asked for, whatever the order of writing', async () => {
    const workbook = await written(async (target) => {
      const members = new Table(target, { name: 'Members', columns: COLUMNS, rowsPerSheet: 2 });
      for (const id of ['A', 'B']) await members.add([[id, 1]]);
      members.close();
      for (const name of ['Rejected rows', 'Latency', 'Summary']) new Table(target, { name, columns: COLUMNS }).close();
      target.arrangeTabs(['Summary', 'Members', 'Latency', 'Rejected rows']);
    });
    const names = ['Summary', 'Members', 'Members (2)', 'Latency', 'Rejected rows'];
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(names);
    expect(workbook.getWorksheet('Members')?.getCell('A2').value).toBe('A');
    expect(workbook.getWorksheet('Members (2)')?.getCell('A2').value).toBe('B');
  });
});

describe('text from outside', () => {
  it.each([
    ['is left alone', 'Zoë 😀 =1+1', 'Zoë 😀 =1+1'],
    ['keeps tabs and line breaks', 'a\tb\r\nc', 'a\tb\r\nc'],
    ['loses control characters, visibly', 'a\u0000b\u0007c\u001b', 'a\uFFFDb\uFFFDc\uFFFD'],
    ['loses half characters, visibly', 'a\uD83Db', 'a\uFFFDb'],
    ['is not taken for an escape of Excel', 'a_x0041_b', 'a_x005F_x0041_b'],
    ['loses what XML has no place for', 'a\uFFFEb', 'a\uFFFDb'],
  ])('%s', (_, text, expected) => {
    expect(cellText(text)).toBe(expected);
  });

  it('is cut, and marked, where a cell is full', () => {
    expect(cellText('x'.repeat(32_767))).toHaveLength(32_767);
    const cut = cellText('x'.repeat(40_000));
    expect(cut).toHaveLength(32_767);
    expect(cut.endsWith('x… (cut)')).toBe(true);
  });

  it('never becomes a formula and never breaks the file', async () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', "'quoted", '<b>&"', 'x'.repeat(40_000), 'a\u0001', '😀', '_x0041_'];
    const workbook = await written(async (target) => {
      const table = new Table(target, { name: 'Rejected rows', columns: COLUMNS });
      for (const text of texts) await table.add([[cellText(text), 1]]);
      table.close();
    });
    const sheet = workbook.getWorksheet('Rejected rows');
    const values = texts.map((_, index) => sheet?.getCell(index + 2, 1).value);
    expect(values).toEqual(texts.map(cellText));
  });
});
