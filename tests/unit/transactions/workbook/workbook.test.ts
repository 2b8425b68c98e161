import { stringify } from 'csv-stringify/sync';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import type { FieldDefinition } from '../../../../lib/partners/definition.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../../lib/transactions/row-account.ts';
import type { Transaction } from '../../../../lib/transactions/transaction.ts';
import { chunked } from '../hostile/hostile-file.ts';
import { type Cell, documentsOf, rowsXml, rowXml, type WorkbookOptions, workbookOf } from './workbook-builder.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20_240_131);
const numRuns = Number(process.env.FUZZ_RUNS ?? 1_000);

const AS_OF_DAY = Date.UTC(2024, 11, 31) / 86_400_000;

interface ReadOptions {
  time?: Partial<FieldDefinition>;
  amount?: Partial<FieldDefinition>;
  limits?: Partial<FileLimits>;
  chunkBytes?: number;
}

/** What a workbook with the columns ID, DAY and AMOUNT is read as: `A 2024-01-31T10:15 12.5`. */
async function readFile(file: Buffer, { time, amount, limits, chunkBytes = 5_000 }: ReadOptions = {}) {
  const rows: string[] = [];
  const rejected: RejectedRow[] = [];
  const add = ({ memberId, values: [at = 0, value = 0] }: Transaction) =>
    rows.push(`${memberId} ${Number.isNaN(at) ? 'never' : new Date(at).toISOString().slice(0, 16)} ${value}`);
  const reader = new TransactionReader(
    { add },
    {
      input: {
        missingValues: ['#N/A', '-'],
        maxRejectedShare: 1,
        fields: {
          member: { titles: ['ID'], type: 'string', required: true },
          time: { titles: ['DAY'], type: 'datetime', ...time },
          amount: { titles: ['AMOUNT'], type: 'number', default: 0, ...amount },
        },
      },
      asOfDay: AS_OF_DAY,
      reject: async (more) => {
        rejected.push(...more);
      },
      limits: { ...DEFAULT_LIMITS, ...limits },
    },
  );
  const unusable = await reader.read([{ open: async () => chunked(file, chunkBytes) }]).then(
    () => undefined,
    (error: Error) => `${error.name}: ${error.message}`,
  );
  const { understood, counts } = reader;
  return {
    rows,
    reasons: rejected.map(({ line, reason }) => `${line}: ${reason}`),
    rejected,
    unusable,
    understood,
    counts,
  };
}

const HEADER: readonly Cell[] = ['ID', 'DAY', 'AMOUNT'];
/** 2024-01-31 10:15, as a workbook counts it. */
const JANUARY_31 = 45_322.427083333336;
const DATE = { number: JANUARY_31, style: 1 };
const FORMATS = ['yyyy-mm-dd hh:mm', '0.0%', '#,##0.00 "€"', '00000', 'hh:mm', 22, '[$Q-1C09] 0.00', '"M"\\-0000'];

const read = (rows: string, options: ReadOptions & WorkbookOptions = {}) =>
  readFile(workbookOf({ sheets: [{ name: 'Members', rows }], formats: FORMATS, ...options }), options);
/** Rows below the header, from line 2 on. */
const table = (...rows: (readonly Cell[])[]) => rowsXml(HEADER, ...rows);

describe('a cell', () => {
  it('that is shown as a date is that date, whatever the date’s format', async () => {
    const { rows, reasons } = await read(
      table(['A', DATE, 1], ['B', { number: 45_322, style: 6 }, 2], ['C', { number: 45_322.999_999, style: 1 }, 3]),
    );
    expect({ rows, reasons }).toEqual({
      rows: ['A 2024-01-31T10:15 1', 'B 2024-01-31T00:00 2', 'C 2024-01-31T23:59 3'],
      reasons: [],
    });
  });

  it('that is shown as a date is what clocks show in the time zone of the partner’s file', async () => {
    const { rows } = await read(table(['A', DATE, 1]), { time: { timezone: 'Europe/Berlin' } });
    expect(rows).toEqual(['A 2024-01-31T09:15 1']);
  });

  it('is a date also where the partner’s file says how dates are written as text', async () => {
    const { rows } = await read(table(['A', DATE, 1], ['B', '31/01/2024', 2]), { time: { format: '%d/%m/%Y' } });
    expect(rows).toEqual(['A 2024-01-31T10:15 1', 'B 2024-01-31T00:00 2']);
  });

  it('that is a date is days later where days are counted since 1904, also where a number counts them', async () => {
    const isSince1904 = true;
    const { rows } = await read(table(['A', { number: 43_860, style: 1 }, 1]), { isSince1904 });
    expect(rows).toEqual(['A 2024-01-31T00:00 1']);
    const counted = await read(table(['A', 43_860, 1]), { isSince1904, time: { format: 'excel' } });
    expect(counted.rows).toEqual(['A 2024-01-31T00:00 1']);
  });

  it('is a date by its own formats, not by those that a workbook has for other uses', async () => {
    const styles =
      '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs><dxfs><dxf><numFmt numFmtId="14" formatCode="0.00%"/></dxf></dxfs></styleSheet>';
    expect((await read(table(['A', DATE, 1]), { files: { 'xl/styles.xml': styles } })).rows).toEqual([
      'A 2024-01-31T10:15 1',
    ]);
  });

  it('that is a date of January or February 1900 is a day later than Excel counts', async () => {
    const days = [1, 59, 61].map((number): Cell[] => ['A', { number, style: 1 }, 1]);
    expect((await read(table(...days))).rows.map((row) => row.slice(2, 12))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-03-01',
    ]);
  });

  it('that is the day 0 is blank, and a time without a day is refused', async () => {
    const { rows, reasons } = await read(
      table(
        ['A', { number: 0, style: 1 }, 1],
        ['B', { number: 0.5, style: 5 }, 2],
        ['C', { number: JANUARY_31, style: 5 }, 3],
      ),
    );
    expect(rows).toEqual(['A never 1', 'C 2024-01-31T10:15 3']);
    expect(reasons).toEqual([expect.stringMatching(/^3: DAY "12:00:00" is not a date or time; wanted is a date/)]);
  });

  it('that is a number is no date, unless the partner’s file says that it counts days', async () => {
    const days = table(['A', JANUARY_31, 1], ['B', DATE, 2]);
    expect((await read(days)).reasons).toEqual([
      '2: DAY "45322.427083333336" is not a date or time: it looks like an Excel day number; set format: excel',
    ]);
    expect((await read(days, { time: { format: 'excel' } })).rows).toEqual([
      'A 2024-01-31T10:15 1',
      'B 2024-01-31T10:15 2',
    ]);
  });

  it('that is a date is no number', async () => {
    expect((await read(table(['A', DATE, DATE], ['B', DATE, 1]))).reasons).toEqual([
      '2: AMOUNT "2024-01-31 10:15:00" is not a number: it looks like a date, which a spreadsheet may have made of a number',
    ]);
  });

  it('that is a date by ISO 8601 is that date, with an offset or without', async () => {
    const days = ['2024-01-31T10:15:00', '2024-01-31', '2024-01-31T10:15:00+01:00'];
    const cells = days.map((day): Cell[] => ['A', { xml: `<c t="d"><v>${day}</v></c>` }, 1]);
    expect((await read(table(...cells))).rows).toEqual([
      'A 2024-01-31T10:15 1',
      'A 2024-01-31T00:00 1',
      'A 2024-01-31T09:15 1',
    ]);
  });

  it('that is a number is what it is, where a text could be read in two ways', async () => {
    const { rows, reasons, unusable } = await read(
      table(['A', DATE, 1.234], ['B', DATE, '1.500,25'], ['C', DATE, 1e-7]),
    );
    expect({ rows, reasons, unusable }).toEqual({
      rows: ['A 2024-01-31T10:15 1.234', 'B 2024-01-31T10:15 1500.25', 'C 2024-01-31T10:15 1e-7'],
      reasons: [],
      unusable: undefined,
    });
  });

  it('that is a number is what it is, where the partner’s file says how numbers are written as text', async () => {
    const { rows } = await read(table(['A', DATE, 1.5], ['B', DATE, '1,5']), { amount: { decimalChar: ',' } });
    expect(rows).toEqual(['A 2024-01-31T10:15 1.5', 'B 2024-01-31T10:15 1.5']);
  });

  it('with a percent sign is read as it is shown', async () => {
    const { rows, reasons } = await read(
      table(['A', DATE, { number: 0.07, style: 2 }], ['B', DATE, { number: 0.955, style: 2 }], ['C', DATE, 0.5]),
    );
    expect(rows).toEqual(['A 2024-01-31T10:15 7', 'B 2024-01-31T10:15 95.5']);
    expect(reasons).toEqual([expect.stringMatching(/^4: AMOUNT "0.5" has no percent sign, and the numbers above/)]);
  });

  it.each([{}, { bareNumber: false }])('with another currency than its unit is refused %j', async (told) => {
    const cells = table(['A', DATE, { number: 12.5, style: 3 }], ['B', DATE, 2]);
    expect((await read(cells, { amount: { unit: 'USD', ...told } })).reasons).toEqual([
      '2: AMOUNT "12.5 €" is in another currency: unit is USD',
    ]);
    expect((await read(cells, { amount: { unit: 'EUR', ...told } })).rows).toHaveLength(2);
  });

  it('with a currency that nobody knows is of no unit', async () => {
    const cells = table(['A', DATE, { number: 12.5, style: 7 }], ['B', DATE, 2]);
    for (const told of [{}, { decimalChar: '.' }] as const) {
      expect((await read(cells, { amount: { unit: 'USD', ...told } })).reasons).toHaveLength(1);
      expect((await read(cells, { amount: told })).rows).toHaveLength(2);
    }
  });

  it('that is refused for its sign is refused also where a text like it could be read in two ways', async () => {
    const { reasons } = await read(
      table(['A', DATE, 10.5], ['B', DATE, { number: 1.234, style: 3 }], ['C', DATE, { number: 0.012_34, style: 2 }]),
      { amount: { unit: 'USD' } },
    );
    expect(reasons).toEqual([
      '3: AMOUNT "1.234 €" is in another currency: unit is USD',
      expect.stringMatching(/^4: AMOUNT "1.234%" has a percent sign, and the numbers above have none/),
    ]);
  });

  it('with a number that is too large is refused', async () => {
    expect((await read(table(['A', DATE, 1e16], ['B', DATE, 1]))).reasons).toEqual([
      '2: AMOUNT "1E+16" is too large: 1e15 is the most',
    ]);
  });

  it('with a formula is its result', async () => {
    const formula = (result: string) => ({ xml: `<c><f>B2*2</f>${result}</c>` });
    const text = (result: string) => ({ xml: `<c t="str"><f>A1</f>${result}</c>` });
    const { rows, reasons } = await read(
      table(
        [text('<v>A_x0041_</v>'), DATE, formula('<v>12.5</v>')],
        ['B', DATE, formula('')],
        [formula('<v></v>'), DATE, 1],
        ['C', DATE, text('<v></v>')],
        ['D', DATE, text('')],
      ),
    );
    expect(rows).toEqual(['AA 2024-01-31T10:15 12.5', 'C 2024-01-31T10:15 0', 'D 2024-01-31T10:15 0']);
    const reason = 'is a formula without a stored result: open the workbook in Excel, save it, and upload that';
    expect(reasons).toEqual([`3: AMOUNT ${reason}`, `4: ID ${reason}`]);
  });

  it('with an error is refused, also as an id, but for what is not available', async () => {
    const error = (code: string) => ({ xml: `<c t="e"><f>X1</f><v>${code}</v></c>` });
    const { rows, reasons } = await read(
      table(['A', error('#N/A'), error('#N/A')], ['B', DATE, error('#DIV/0!')], [error('#REF!'), DATE, 1]),
    );
    expect(rows).toEqual(['A never 0']);
    expect(reasons).toEqual(['3: AMOUNT is the error #DIV/0!', '4: ID is the error #REF!']);
  });

  it('that is not needed may hold anything', async () => {
    const xml = rowsXml(
      [...HEADER, 'NOTE', 'SEEN'],
      ['A', DATE, 1, { xml: '<c t="e"><v>#REF!</v></c>' }, { xml: '<c t="b"><v>1</v></c>' }],
    );
    expect((await read(xml)).rows).toEqual(['A 2024-01-31T10:15 1']);
  });

  it('with yes or no is no number', async () => {
    expect((await read(table(['A', DATE, { xml: '<c t="b"><v>1</v></c>' }], ['B', DATE, 1]))).reasons).toEqual([
      '2: AMOUNT "TRUE" is not a number',
    ]);
  });

  it('with a text is the text in all its pieces, without how it is pronounced', async () => {
    const strings = [
      '<r><rPr><b/></rPr><t>bo</t></r><r><t xml:space="preserve">ld </t></r>',
      '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>',
      '<t>a_x000D_b_x005F_c &amp; <![CDATA[<d>]]></t>',
    ];
    const rows = strings.map((_, index): Cell[] => [{ xml: `<c t="s"><v>${index}</v></c>` }, DATE, 1]);
    const { rejected, ...run } = await read(table(...rows), { strings });
    expect(run.rows).toEqual(['bold 2024-01-31T10:15 1', '東京 2024-01-31T10:15 1']);
    expect(rejected[0]?.reason).toBe('ID "a\\rb_c & <d>" holds control characters');
  });
});

describe('a cell that few programs write so', () => {
  const amountOf = async (xml: string) => (await read(table(['A', DATE, { xml }]), { strings: ['<t>7</t>'] })).rows;
  const read5 = ['A 2024-01-31T10:15 5'];

  it.each(['<c t="inlineStr"><v>5</v></c>', '<c t="str"><is><t>5</t></is></c>', '<c t="new"><v>5</v></c>'])(
    'is read by what is in it: %s',
    async (xml) => expect(await amountOf(xml)).toEqual(read5),
  );

  it.each(['<c t="s"><v></v></c>', '<c t="n"><v> </v></c>', '<c t="inlineStr"><is/></c>'])(
    'is blank: %s',
    async (xml) => {
      expect(await amountOf(xml)).toEqual(['A 2024-01-31T10:15 0']);
    },
  );

  it('says nothing to the cells after it', async () => {
    const { rows } = await read(table([{ xml: '<c><is><t>9</t></is><v>1</v></c>' }, DATE, '5']));
    expect(rows).toEqual(['9 2024-01-31T10:15 5']);
  });

  it('is yes by a word, too', async () => {
    expect((await read(table(['A', DATE, { xml: '<c t="b"><v>true</v></c>' }], ['B', DATE, 1]))).reasons).toEqual([
      '2: AMOUNT "TRUE" is not a number',
    ]);
  });

  it('is not read when there are two in one place', async () => {
    const cells = '<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>1</v></c><c r="C2"><v>2</v></c></row>';
    expect((await read(rowsXml(HEADER) + cells)).unusable).toMatch(/is damaged: row 2, which has a cell twice,/);
  });

  it('may have a long formula, which is no text of the row', async () => {
    const formula = { xml: `<c><f>${'A1+'.repeat(200)}0</f><v>5</v></c>` };
    expect((await read(table(['A', DATE, formula]), { limits: { lineBytes: 200 } })).rows).toEqual(read5);
  });
});

describe('an id', () => {
  it('that is a number is as people see it: with its zeros, without a fraction of nothing', async () => {
    const ids: Cell[] = [42, { number: '42.0', style: 0 }, { number: 42, style: 4 }, 123_456_789_012, '42'];
    const { rows } = await read(table(...[...ids, { number: 42, style: 8 }].map((id) => [id, DATE, 1])));
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['42', '42', '00042', '123456789012', '42', 'M-0042']);
  });

  it('with more digits than a spreadsheet keeps looks rounded, as it is', async () => {
    const { rows } = await read(table([{ number: '1.2345678901234501E+18', style: 0 }, DATE, 1]));
    expect(rows[0]).toMatch(/^1\.23456789012345E\+18 /);
  });

  it('that is a date is to be checked', async () => {
    const { understood } = await read(table([DATE, DATE, 1], [{ number: 45_293, style: 1 }, DATE, 1], ['C', DATE, 1]));
    expect(understood.checks).toEqual([
      {
        about: 'ids',
        count: '2 rows have a date for an id',
        advice: expect.stringContaining('"2024-01-31 10:15:00" may be an id that Excel has taken for a date.'),
      },
    ]);
  });
});

describe('a column of dates and of texts', () => {
  it('is to be checked, because a spreadsheet may have taken some texts for wrong dates', async () => {
    const { rows, understood } = await read(
      table(['A', { number: 45_293, style: 1 }, 1], ['B', '31/01/2024', 2], ['C', '30/01/2024', 2]),
    );
    expect(rows).toHaveLength(3);
    expect(understood.checks).toEqual([
      {
        about: 'dates',
        count: 'in one column, 1 date of the workbook and 2 texts are mixed',
        advice: expect.stringContaining('DAY has texts such as 31/01/2024 beside dates.'),
      },
    ]);
  });

  it('is to be checked where a date is before all transactions, as day 1 of Excel is', async () => {
    const { understood } = await read(table(['A', { number: 1, style: 1 }, 1], ['B', DATE, 2]));
    expect(understood.checks.map(({ count }) => count)).toEqual(['in one column, 1 date is before 1950']);
  });

  it('needs no check where the texts say their order themselves', async () => {
    const { understood } = await read(table(['A', DATE, 1], ['B', '2024-01-31', 2]));
    expect(understood.checks).toEqual([]);
  });

  it('is refused where no text decides their order', async () => {
    expect((await read(table(['A', DATE, 1], ['B', '01/02/2024', 2]))).unusable).toMatch(
      /DAY cannot be read: "01\/02\/2024" in line 3 looks like day\/month\/year or month\/day\/year/,
    );
  });
});

describe('the table of a sheet', () => {
  it('may stand below a title and above a total, and its lines are the rows of the sheet', async () => {
    const xml = [
      rowXml(2, ['Loyalty transactions']),
      rowXml(5, HEADER),
      rowXml(6, [undefined, undefined, { xml: '<c s="1"/>' }]),
      rowXml(8, ['A', DATE, 1]),
      rowXml(9, ['B', 'never', 1]),
      rowXml(20, ['Total', undefined, 2]),
    ].join('');
    const { rows, rejected, understood } = await read(xml);
    expect(rows).toEqual(['A 2024-01-31T10:15 1']);
    expect(rejected).toEqual([expect.objectContaining({ line: 9, raw: 'B,never,1' })]);
    expect(understood).toMatchObject({
      kind: 'Excel workbook, sheet "Members"',
      headerLine: 5,
      skipped: [
        { what: 'lines above the header', lines: 1 },
        { what: 'lines of totals', lines: 1 },
      ],
    });
    expect(understood).not.toHaveProperty('separator');
  });

  it('has blank cells where none are stored', async () => {
    const { rows } = await read(table(['A'], ['B', undefined, 3], ['C', DATE]));
    expect(rows).toEqual(['A never 0', 'B never 3', 'C 2024-01-31T10:15 0']);
  });

  it('has remarks below it, which are comments or are to be checked', async () => {
    const members = Array.from({ length: 10 }, (_, index): Cell[] => [`A${index}`, DATE, 1]);
    const { rows, reasons, understood } = await read(table(...members, ['# made by Anna'], ['Source: the shop']));
    expect({ rows: rows.length, reasons }).toEqual({ rows: 11, reasons: [] });
    expect(understood.skipped).toEqual([{ what: 'comment lines', lines: 1 }]);
    expect(understood.checks.map(({ count }) => count)).toEqual(['the last row has no DAY, and all others have one']);
  });

  it('may have pairs of cells above it, which are no rows', async () => {
    const xml = rowXml(1, ['From', '2024-01-01']) + rowXml(2, HEADER) + rowXml(3, ['A', DATE, 1]);
    const { rows, reasons, understood } = await read(xml);
    expect({ rows, reasons }).toEqual({ rows: ['A 2024-01-31T10:15 1'], reasons: [] });
    expect(understood.notes).toEqual(['Skipped as lines above the header: line 1: "From,2024-01-01".']);
  });

  it('is to be checked where needed cells are merged over several rows', async () => {
    const merges = ['A1:C1', 'B2:B3', 'E2:E3'].map((ref) => `<mergeCell ref="${ref}"/>`).join('');
    const rows = `${table(['A', DATE, 1], ['A', undefined, 2])}</sheetData><mergeCells>${merges}</mergeCells><sheetData>`;
    const { understood } = await read(rows);
    expect(understood.checks).toEqual([
      {
        about: 'merged cells',
        count: '1 group of cells over several rows is merged',
        advice: expect.stringMatching(/^Of B2:B3 only the first row has the value, and the others are read as blank\./),
      },
    ]);
  });

  it('is what is in the data of the sheet alone', async () => {
    const control = '</sheetData><controls><row r="9">5</row><c><v>1</v></c></controls><sheetData>';
    expect((await read(table(['A', DATE, 1]) + control)).rows).toEqual(['A 2024-01-31T10:15 1']);
  });

  it('ends where its header ends', async () => {
    const { rows } = await read(rowsXml(HEADER, ['A', DATE, 1, undefined, 'a remark'], ['B', DATE, 2]));
    expect(rows).toEqual(['A 2024-01-31T10:15 1', 'B 2024-01-31T10:15 2']);
  });

  it('may have cells and rows that do not say where they are', async () => {
    const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const row = (...texts: string[]) =>
      `<row>${texts.map((text) => (text === '' ? '<c/>' : cell(text))).join('')}</row>`;
    const { rows, rejected } = await read(row('ID', 'DAY', 'AMOUNT') + row('A', '', '5') + row('B', 'never'));
    expect(rows).toEqual(['A never 5']);
    expect(rejected[0]?.line).toBe(3);
  });

  it('may name its elements with a prefix, as some programs do', async () => {
    const xml = table(['A', DATE, 1]).replaceAll(/<(\/?)/g, '<$1x:');
    const sheet = `<x:worksheet xmlns:x="x"><x:sheetData>${xml}</x:sheetData></x:worksheet>`;
    const { rows } = await read('', { files: { 'xl/worksheets/sheet1.xml': sheet } });
    expect(rows).toEqual(['A 2024-01-31T10:15 1']);
  });

  it('is read with the rows that a filter hides, which is told', async () => {
    const xml = rowXml(1, HEADER) + rowXml(2, ['A', DATE, 1], ' hidden="1"') + rowXml(3, ['B', DATE, 2]);
    const { rows, understood } = await read(xml);
    expect(rows).toHaveLength(2);
    expect(understood.notes).toEqual(['Rows that Excel does not show, as by a filter, were read like the others: 1.']);
  });

  it('loses a row that is longer than a line may be, and no other', async () => {
    const { rows, rejected } = await read(table(['A', DATE, 1], ['B', DATE, 'x'.repeat(300)], ['C', DATE, 2]), {
      limits: { lineBytes: 200 },
    });
    expect(rows).toHaveLength(2);
    expect(rejected).toEqual([
      expect.objectContaining({
        line: 3,
        reason: 'the row is longer than 200 bytes',
        raw: expect.stringMatching(/cut\)$/),
      }),
    ]);
  });
});

describe('of several sheets', () => {
  const other = { name: 'Read me', rows: rowsXml(['This workbook holds', 'transactions']) };
  const members = (name: string, id: string) => ({ name, rows: table([id, DATE, 1]) });
  const readSheets = (options: WorkbookOptions) => readFile(workbookOf({ formats: FORMATS, ...options }));

  it('the first with the columns is read, and that others have them, too, is to be checked', async () => {
    const sheets = [other, members('January', 'A'), members('February', 'B'), members('March', 'C')];
    const { rows, understood } = await readSheets({ sheets });
    expect(rows).toEqual(['A 2024-01-31T10:15 1']);
    expect(understood.kind).toBe('Excel workbook, sheet "January"');
    expect(understood.checks).toEqual([
      {
        about: 'sheets',
        count: '2 further sheets with the same columns were not read',
        advice: expect.stringContaining('not "February" and "March"'),
      },
    ]);
  });

  it('the first one is told by the tabs, in whatever order the files of the workbook are', async () => {
    const sheets = [members('January', 'A'), members('February', 'B')];
    const order = ['xl/sharedStrings.xml', 'xl/worksheets/sheet2.xml', 'xl/styles.xml', 'xl/worksheets/sheet1.xml'];
    expect((await readSheets({ sheets, order })).rows).toEqual(['A 2024-01-31T10:15 1']);
  });

  it('hidden ones are passed over', async () => {
    const hidden = { ...members('Old', 'X'), state: 'hidden' };
    expect((await readSheets({ sheets: [hidden, members('New', 'A')] })).rows).toEqual(['A 2024-01-31T10:15 1']);
  });

  it.each(['hidden', 'veryHidden'])('a %s one is not read when it alone has the columns', async (state) => {
    const { unusable } = await readSheets({ sheets: [other, { ...members('Old', 'X'), state }] });
    expect(unusable).toMatch(
      /^UnusableFileError: the needed columns are in the hidden sheet "Old" alone, .*show the sheet/,
    );
  });

  it('the one that has most of the columns says what is missing', async () => {
    const { unusable, understood } = await readSheets({
      sheets: [other, { name: 'Data', rows: rowsXml(['ID', 'DAY']) }],
    });
    expect(unusable).toMatch(/AMOUNT missing from the header, which is "ID,DAY"/);
    expect(understood.kind).toBe('Excel workbook, sheet "Data"');
  });

  it('none is read when all are blank', async () => {
    expect((await readSheets({ sheets: [{ rows: '' }, { rows: '' }] })).unusable).toBe(
      'UnusableFileError: empty: the Excel workbook has no sheet with anything in it',
    );
  });
});

describe('a workbook', () => {
  it('of exceljs is read, with shared texts and without, in chunks of any size', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('Members');
    sheet.addRow(HEADER);
    sheet.addRow(['Ä1', new Date('2024-01-31T10:15:00Z'), 12.5]);
    sheet.addRow([7, new Date('2024-01-30T00:00:00Z'), { formula: 'C2*2', result: 25 }]);
    const file = Buffer.from(await workbook.xlsx.writeBuffer());
    for (const chunkBytes of [97, 1_000, 100_000]) {
      const { rows } = await readFile(file, { chunkBytes });
      expect(rows).toEqual(['Ä1 2024-01-31T10:15 12.5', '7 2024-01-30T00:00 25']);
    }
  });

  it('tells in which form its dates and numbers are', async () => {
    const { understood } = await read(table(['A', DATE, 1]));
    expect(understood.columns.map(({ form }) => form)).toEqual([
      undefined,
      'dates of the workbook',
      'numbers of the workbook',
    ]);
  });

  it('may call its files in another case, with backslashes, and by whole paths', async () => {
    const whole = workbookOf({ sheets: [{ name: 'Members', rows: table(['A', DATE, 1]) }], formats: FORMATS });
    expect((await readFile(whole)).rows).toHaveLength(1);
    const relations =
      '<Relationships xmlns="r"><Relationship Id="rId1" Type="x/worksheet" Target="/XL/Sheets/one.xml"/></Relationships>';
    const { rows } = await read('', {
      files: {
        'xl/_rels/workbook.xml.rels': relations,
        'xl\\sheets\\One.xml': `<worksheet><sheetData>${table(['A', DATE, 1])}</sheetData></worksheet>`,
      },
    });
    expect(rows).toEqual(['A 2024-01-31T10:15 1']);
  });
});

it('what others than Excel have put into a workbook may be in any encoding', async () => {
  const files = { 'customXml/item1.xml': Buffer.from('\ufeff<x/>', 'utf16le'), 'docProps/core.xml': '' };
  expect((await read(table(['A', DATE, 1]), { files })).rows).toHaveLength(1);
  expect((await read(table(['A', DATE, 1]), { files, order: ['docProps/thumbnail.jpeg'] })).rows).toHaveLength(1);
});

describe('a workbook is FAILED', () => {
  const ROWS = table(['A', { xml: '<c t="s"><v>0</v></c>' }, 1]);

  it.each<[string, RegExp, WorkbookOptions]>([
    ['has a cell with a text that is not there', /is damaged: a cell with a text that is not there cannot be read/, {}],
    [
      'has a document that is not whole',
      /is damaged: xl\/styles\.xml cannot be read; open it in Excel, save it anew/,
      { files: { 'xl/styles.xml': '<styleSheet><cellXfs>' } },
    ],
    [
      'has a document that is not in UTF-8',
      /is damaged: xl\/styles\.xml/,
      { files: { 'xl/styles.xml': Buffer.from('<styleSheet a="\xff"/>', 'latin1') } },
    ],
    [
      'has entities of its own, which may expand to anything',
      /is damaged: xl\/sharedStrings\.xml/,
      { files: { 'xl/sharedStrings.xml': '<!DOCTYPE sst [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>' } },
    ],
    ['lacks its list of sheets', /is damaged: its list of sheets/, { files: { 'xl/_rels/workbook.xml.rels': '<x/>' } }],
    [
      'lacks a sheet that is in its list',
      /is damaged: worksheets\/sheet1\.xml/,
      { files: { 'xl/worksheets/sheet1.xml': '<chartsheet/>' } },
    ],
    [
      'has elements in one another without end',
      /is damaged: xl\/worksheets\/sheet1\.xml/,
      { sheets: [{ rows: '<a>'.repeat(200) }] },
    ],
    [
      'has a sheet under two names',
      /is damaged: \/xl\/worksheets\/sheet1\.xml/,
      {
        files: {
          'xl/_rels/workbook.xml.rels': `<Relationships>${['a', 'b'].map((id) => `<Relationship Id="${id}" Type="/worksheet" Target="/xl/worksheets/sheet1.xml"/>`).join('')}</Relationships>`,
          'xl/workbook.xml': '<workbook><sheet name="A" id="a"/><sheet name="B" id="b"/></workbook>',
        },
      },
    ],
    [
      'has a column that there is not',
      /is damaged: xl\/worksheets\/sheet1\.xml/,
      { sheets: [{ rows: '<row r="1"><c r="XFE1"><v>1</v></c></row>' }] },
    ],
    [
      'has a row that there is not',
      /is damaged: xl\/worksheets\/sheet1\.xml/,
      { sheets: [{ rows: '<row r="1048577"><c><v>1</v></c></row>' }] },
    ],
  ])('when it %s', async (_, reason, options) => {
    expect((await read(ROWS, { strings: [], ...options })).unusable).toMatch(reason);
  });

  it('when it expands to more than a file may have', async () => {
    const filler = `<styleSheet>${' '.repeat(100_000)}</styleSheet>`;
    const { unusable } = await read(ROWS, { files: { 'xl/styles.xml': filler }, limits: { fileBytes: 50_000 } });
    expect(unusable).toMatch(
      /^UnusableFileError: too large: what is in the ZIP archive has more than the 50,000 bytes/,
    );
  });

  it.each(['<t>', '<!--', '<t a="'])('when it holds a text that nobody has written, after %s', async (beginning) => {
    const strings = [`${beginning}${'x'.repeat(1_300_000)}`];
    expect((await read(ROWS, { strings })).unusable).toMatch(
      /a text in xl\/sharedStrings\.xml that is longer than any cell/,
    );
  });

  it.each<[string, WorkbookOptions]>([
    ['its shared texts', { strings: Array(2_000).fill('<t>0123456789</t>') }],
    ['its shared texts, which are empty,', { strings: Array(4_000).fill('') }],
    ['one shared text in many pieces', { strings: [`<r><t>${'x'.repeat(100)}</t></r>`.repeat(600)] }],
    ['the first rows of its sheets', { sheets: Array(20).fill({ rows: table(...Array(50).fill(['A', 1, 1])) }) }],
  ])('when %s take more memory than they may', async (_, options) => {
    const { unusable } = await read(ROWS, { ...options, limits: { workbookBytes: 100_000 } });
    expect(unusable).toMatch(/^UnusableFileError: too much text: .*; save the sheet with the table as a workbook/);
  });

  it('when it has more columns than are read', async () => {
    const header = [...HEADER, ...Array.from({ length: 998 }, (_, number) => `X${number}`)];
    expect((await read(rowsXml(header, ['A', DATE, 1]))).unusable).toMatch(
      /too many columns: the header has 1001, and 1000 are the most that is read$/,
    );
  });

  it('when it is cut off', async () => {
    const file = workbookOf({ sheets: [{ rows: ROWS }] });
    expect((await readFile(file.subarray(0, file.length - 100))).unusable).toMatch(/the ZIP archive is cut off/);
  });
});

describe('whatever is in a workbook', () => {
  const text = fc.constantFrom(
    ...['', ' ', 'A', 'B', '#c', '"', '"x"', '=1', '="007"', 'a,b', 'a\nb', '-', '#N/A', 'Total', 'é', 'A\u200B'],
    ...['1', '1.5', '1,5', '1.500', '12 %', '(3)', '€ 4', '01/02/2024', '31/01/2024', '2024-01-31', '1900-01-00', 'ID'],
    ...[
      '\u200e01/02/2024',
      '\u200b1.500',
      '="1,500"',
      '="01/02/2024"',
      '1,500 €',
      '01-02-03',
      'Mon 1/2/2024',
      '１．５００',
    ],
  );
  const isComment = ([id = '', ...others]: string[]) =>
    id.trim().startsWith('#') && others.every((other) => other.trim() === '');
  const texts = fc.array(
    fc.tuple(text, text, text).filter((cells) => !isComment(cells)),
    { maxLength: 8 },
  );

  it('its texts are read as those of a CSV are', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (rows) => {
        const [sheet, csv] = await Promise.all([
          read(table(...rows)),
          readFile(Buffer.from(stringify([HEADER, ...rows], { quoted: true }))),
        ]);
        const comparable = ({ rows: accepted, rejected, unusable = '' }: typeof sheet) => ({
          accepted,
          problems: rejected.map(({ problem }) => problem),
          unusable: unusable.replace(/line \d+/g, 'line'),
        });
        expect(comparable(sheet)).toEqual(comparable(csv));
        expect(csv.unusable ?? '').toMatch(/^(?:UnusableFileError: .*)?$/s);
      }),
      { seed, numRuns: numRuns / 5 },
    );
  });

  const cell = fc.oneof(
    text,
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.record({ number: fc.constantFrom(0, 0.5, 1, -1, 45_322.5, 2_958_466, 1e300, 'x'), style: fc.nat(9) }),
    fc
      .constantFrom(
        ...['<c t="b"><v>1</v></c>', '<c t="e"><v>#REF!</v></c>', '<c><f>A1</f></c>', '<c t="s"><v>0</v></c>', '<c/>'],
        ...[
          '<c t="d"><v>2024-01-31</v></c>',
          '<c t="str"><v> </v></c>',
          '<c t="other"><v>1</v></c>',
          '<c s="-1"><v>1</v></c>',
        ],
      )
      .map((xml) => ({ xml })),
  );

  it('nothing but an unusable file is an error, whatever its documents are', async () => {
    const parts = fc.constantFrom(
      'xl/worksheets/sheet1.xml',
      'xl/styles.xml',
      'xl/sharedStrings.xml',
      'xl/workbook.xml',
    );
    const piece = fc.constantFrom(
      '',
      '<',
      '>',
      '"',
      '</c>',
      '<c r="',
      '<row>',
      '<v>',
      '&',
      '&#0;',
      '\0',
      '<si>',
      'r="-1"',
    );
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(parts, piece, place, fc.nat(5), async (name, text, share, length) => {
        const options = {
          formats: FORMATS,
          strings: ['<t>A</t>'],
          sheets: [{ name: 'A', rows: table(['A', DATE, 1]) }],
        };
        const document = documentsOf(options)[name] ?? '';
        const at = Math.floor(share * document.length);
        const altered = `${document.slice(0, at)}${text}${document.slice(at + length)}`;
        const { counts, rows, unusable } = await readFile(workbookOf({ ...options, files: { [name]: altered } }));
        expect(counts.read).toBe(counts.accepted + counts.rejected);
        if (unusable === undefined) expect(rows).toHaveLength(counts.accepted);
        else expect(unusable).toMatch(/^UnusableFileError: /);
      }),
      { seed, numRuns: numRuns / 5 },
    );
  });

  it('each of its rows that holds anything is accepted, rejected or skipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }), async (rows) => {
        const run = await read(table(['Z', '2024-01-31', 1], ...rows), { strings: ['<t>A</t>'] });
        const isBlank = (one: Cell) =>
          typeof one === 'string' ? one.trim() === '' : one === undefined || /<c\/>|> </.test(JSON.stringify(one));
        if (run.unusable === undefined || /^UnusableFileError: no row/.test(run.unusable)) {
          const skipped = run.understood.skipped.reduce((sum, { lines }) => sum + lines, 0);
          const blanks = rows.filter((cells) => cells.every(isBlank)).length;
          expect(run.rows.length + run.rejected.length + skipped + blanks).toBe(rows.length + 1);
        } else {
          expect(run.unusable).toMatch(/^UnusableFileError: \w+ cannot be read: /);
        }
      }),
      { seed, numRuns: numRuns / 5 },
    );
  });
});
