import { PassThrough } from 'node:stream';
import { arrayBuffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { endMessage } from '../../../../lib/notification/message.ts';
import { renderPage } from '../../../../lib/report/page/page.ts';
import { inputLines, inputView } from '../../../../lib/report/view/input.ts';
import { viewOf } from '../../../../lib/report/view/view.ts';
import { INPUT_SHEET, writeInputSheet } from '../../../../lib/report/workbook/input-sheet.ts';
import { ReportWorkbook } from '../../../../lib/report/workbook/workbook.ts';
import { nothingUnderstood, type Understood } from '../../../../lib/transactions/understood.ts';
import { summaryText } from '../../../../scripts/shared/summary/summary-text.ts';
import { someFigures } from '../../../builders/figures.ts';
import { summaryWith } from '../../../builders/summaries.ts';

const UNDERSTOOD: Understood = {
  kind: '2 CSVs in a ZIP archive',
  parts: [
    { name: 'north.csv', rows: 1200 },
    { name: 'south.csv', rows: 1 },
  ],
  encoding: 'UTF-16',
  separator: 'semicolon',
  headerLine: 3,
  columns: [
    { field: 'member', header: 'Member ID' },
    { field: 'time', header: 'When', form: 'day/month/year, as in 31/01/2024', decidedBy: 'line 17: 31/01/2024' },
    { field: 'points', header: 'Points', form: '1.234,5' },
  ],
  skipped: [
    { what: 'blank lines', lines: 1000 },
    { what: 'the header again', lines: 2 },
  ],
  notes: ['Invisible characters were removed from 4 ids.'],
  checks: [],
};

const NOTHING = { facts: [], columns: [], notes: [] };

/** The texts of the sheet Input, row by row; undefined when there is none. */
async function sheetOf(understood: Understood | undefined): Promise<unknown[][] | undefined> {
  const stream = new PassThrough();
  const bytes = arrayBuffer(stream);
  const workbook = new ReportWorkbook(stream);
  writeInputSheet(workbook, inputView({ understood }));
  // A workbook has at least one sheet.
  workbook.addWorksheet('Other').commit();
  await workbook.commit();
  const read = new ExcelJS.Workbook();
  await read.xlsx.load(await bytes);
  const rows: unknown[][] = [];
  const sheet = read.getWorksheet(INPUT_SHEET);
  sheet?.eachRow((row) => {
    const cells: unknown[] = [];
    row.eachCell((cell) => {
      if (!cell.isMerged || cell.master === cell) cells.push(cell.value);
    });
    rows.push(cells);
  });
  return sheet && rows;
}

describe('how a file was read', () => {
  it('names the first of very many parts, and counts the others', () => {
    const parts = Array.from({ length: 23 }, (_, n) => ({ name: `part-${n}`, rows: n }));
    const [line = ''] = inputLines(inputView({ understood: { ...nothingUnderstood(), parts } }) ?? NOTHING);
    expect(line).toMatch(
      /^parts part-0 \(0 rows\), part-1 \(1 row\), .*, part-19 \(19 rows\) and 3 others \(63 rows\)$/,
    );
  });

  it('is told of the file, of each column, and with what was assumed besides', () => {
    expect(inputView({ understood: UNDERSTOOD })).toEqual({
      facts: [
        { name: 'Kind', text: '2 CSVs in a ZIP archive' },
        { name: 'Parts', text: 'north.csv (1,200 rows), south.csv (1 row)' },
        { name: 'Encoding', text: 'UTF-16' },
        { name: 'Separator', text: 'semicolon' },
        { name: 'Header', text: 'line 3' },
        { name: 'Skipped', text: '1,000 × blank lines, 2 × the header again' },
      ],
      columns: [
        { field: 'member', header: 'Member ID', form: '', decidedBy: '' },
        {
          field: 'time',
          header: 'When',
          form: 'day/month/year, as in 31/01/2024',
          decidedBy: 'line 17: 31/01/2024',
        },
        { field: 'points', header: 'Points', form: '1.234,5', decidedBy: '' },
      ],
      notes: ['Invisible characters were removed from 4 ids.'],
    });
  });

  it('is not told when nothing is known of it, as of older runs and of a file that was not read', async () => {
    for (const understood of [undefined, nothingUnderstood()]) {
      expect(inputView({ understood })).toBeUndefined();
      expect(await sheetOf(understood)).toBeUndefined();
      const figures = someFigures({ summary: understood === undefined ? {} : { understood } });
      expect(renderPage(figures)).not.toContain('How the file was read');
      expect(summaryText(figures.summary, undefined)).not.toContain('  input ');
    }
  });

  it('takes a few lines where there is little room: columns only where more is known of them than their names', () => {
    const view = inputView({ understood: UNDERSTOOD });
    expect(view && inputLines(view)).toEqual([
      '2 CSVs in a ZIP archive; parts north.csv (1,200 rows), south.csv (1 row); UTF-16; separator semicolon; header in line 3; skipped 1,000 × blank lines, 2 × the header again',
      'When: day/month/year, as in 31/01/2024 (line 17: 31/01/2024)',
      'Points: 1.234,5',
      'Invisible characters were removed from 4 ids.',
    ]);
  });

  it('is a sheet of the workbook', async () => {
    expect(await sheetOf(UNDERSTOOD)).toEqual([
      ['How the file was read'],
      ['Kind', '2 CSVs in a ZIP archive'],
      ['Parts', 'north.csv (1,200 rows), south.csv (1 row)'],
      ['Encoding', 'UTF-16'],
      ['Separator', 'semicolon'],
      ['Header', 'line 3'],
      ['Skipped', '1,000 × blank lines, 2 × the header again'],
      ['Field', 'Column', 'Read as', 'Decided by'],
      ['member', 'Member ID'],
      ['time', 'When', 'day/month/year, as in 31/01/2024', 'line 17: 31/01/2024'],
      ['points', 'Points', '1.234,5'],
      ['What else was assumed'],
      ['Invisible characters were removed from 4 ids.'],
    ]);
  });

  it('is a section of the page, without columns that have nothing in them', () => {
    const page = renderPage(someFigures({ summary: { understood: UNDERSTOOD } }));
    expect(page).toContain('<dt>Skipped</dt><dd>1,000 × blank lines, 2 × the header again</dd>');
    expect(page).toContain('When<br/><span class="note">as time</span>');
    expect(page).toContain('day/month/year, as in 31/01/2024<br/><span class="note">line 17: 31/01/2024</span>');
    const columns = UNDERSTOOD.columns.map(({ field, header }) => ({ field, header }));
    const plain = renderPage(someFigures({ summary: { understood: { ...UNDERSTOOD, columns } } }));
    expect(plain).toContain('Member ID');
    expect(plain).not.toContain('Read as');
  });

  it('has to be checked where something looks wrong: everywhere with an example, in the message without', () => {
    const checks = [{ about: 'ids', count: '2 ids look odd', advice: '"KIM" may be "kim". Look at them.' }];
    const understood = { ...UNDERSTOOD, checks };
    const summary = summaryWith({ understood });
    const sentence = '2 ids look odd: "KIM" may be "kim". Look at them.';
    expect(viewOf(summary).checks).toMatchObject([{ about: 'ids', sentence }]);
    expect(renderPage(someFigures({ summary: { understood } }))).toContain(sentence.replaceAll('"', '&quot;'));
    expect(summaryText(summary, undefined)).toContain(`  check    ${sentence}`);
    const { subject, text } = endMessage(summary, undefined);
    expect(subject).toBe('Member offers: COMPLETE, 1,000 members, check ids (members.csv)');
    expect(text).toContain('Check: 2 ids look odd. The report says more.');
    expect(text).not.toContain('KIM');
    const outOfRange = [{ prediction: 'resp', expected: { from: 0 }, members: 1, lowest: -1, highest: -1 }];
    expect(endMessage({ ...summary, outOfRange }, undefined).subject).toContain(', check RESP and ids (');
  });

  it('is not in the message of the end, which holds nothing of the file', () => {
    const { text } = endMessage(summaryWith({ understood: UNDERSTOOD }), undefined);
    expect(text).not.toMatch(/31\/01\/2024|north\.csv|Invisible/);
  });
});
