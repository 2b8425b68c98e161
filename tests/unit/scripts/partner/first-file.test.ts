import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { zipSync } from 'fflate';
import { readPartnerFile } from '../../../../lib/partners/partner-file.ts';
import { firstFileFrom, writeFirstFile } from '../../../../scripts/partner/first-file.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'first-file-'));
  path = join(directory, 'members.csv');
});
afterEach(() => rm(directory, { recursive: true }));

async function firstFile(csv: string): Promise<string> {
  await writeFile(path, csv);
  return firstFileFrom(path, 'acme');
}

const definitionFrom = async (csv: string) => readPartnerFile('acme.yml', await firstFile(csv)).definition;

const GERMAN = `Filiale;Kundennummer;Datum;Vorgang;Betrag;Bemerkung
1;4711;31.01.2024 10:15;Kauf;1.234,50 €;schnell
1;4711;15.12.2023 08:00;Kauf;12,00 €;ja, "sehr"
2;4712;01.12.2023 09:30;Rückgabe;-3,50 €;
2;4713;02.12.2023 09:30;Kauf;NA;nein
`;

describe('a first partner file', () => {
  it('has what the columns of a file look like', async () => {
    const { input, features } = await definitionFrom(GERMAN);
    expect(input.fields).toEqual({
      member: { titles: ['Kundennummer'], type: 'string', required: true },
      time: { titles: ['Datum'], type: 'datetime', format: 'day/month/year', timezone: 'UTC', required: true },
      filiale: { titles: ['Filiale'], type: 'number' },
      vorgang: { titles: ['Vorgang'], type: 'string', enum: { Kauf: [], Rückgabe: [] } },
      betrag: {
        titles: ['Betrag'],
        type: 'number',
        decimalChar: ',',
      },
    });
    expect(features).toMatchObject({
      TRANSACTIONS: { count: 'transactions' },
      AVG_BETRAG: { mean: 'betrag', default: 0 },
      SHARE_RÜCKGABE: { share: { vorgang: 'Rückgabe' } },
      DAYS_SINCE_LAST_TRANSACTION: { daysSinceLast: 'time' },
    });
  });

  it('is of the widest table of a workbook, wherever in it that is', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('About').addRow(['Sales', 'of January']);
    const sheet = workbook.addWorksheet('January');
    sheet.addRows([['Sales'], [], ['Customer', 'Day', 'Kind', 'Amount']]);
    for (const [id, day] of [
      [4711, 31],
      [4711, 15],
      [4712, 1],
    ] as const) {
      sheet.addRow([id, new Date(Date.UTC(2024, 0, day)), 'sale', 12.5 * day]);
    }
    await writeFile(path, Buffer.from(await workbook.xlsx.writeBuffer()));
    const { input } = readPartnerFile('acme.yml', await firstFileFrom(path, 'acme', 'Customer')).definition;
    expect(input.fields).toMatchObject({
      member: { titles: ['Customer'] },
      time: { titles: ['Day'], type: 'datetime' },
      kind: { titles: ['Kind'], enum: { sale: [] } },
      amount: { titles: ['Amount'], type: 'number' },
    });
  });

  it('is the same when the file is packed, or the first one of a ZIP archive', async () => {
    const plain = await firstFile(GERMAN);
    for (const packed of [
      gzipSync(GERMAN),
      zipSync({ 'a.csv': Buffer.from(GERMAN), 'b.csv': Buffer.from('x\n1\n') }),
    ]) {
      await writeFile(path, packed);
      expect(await firstFileFrom(path, 'acme')).toBe(plain);
    }
    await writeFile(path, gzipSync(GERMAN).subarray(0, -9));
    await expect(firstFileFrom(path, 'acme')).rejects.toThrow('cannot be used: the gzip archive is cut off');
  });

  it.each([
    ['2024-01-31 10:15:02 -0500', {}],
    ['31-Jan-2024', {}],
    ['1/31/2024 6:40 PM', { format: 'month/day/year' }],
    ['01/31/24', { format: 'month/day/year' }],
    ['01/02/2024', {}],
  ])(
    'has a format where the order of dates such as %s is known and need not be in another file',
    async (day, format) => {
      const { input } = await definitionFrom(`Member,Date,Points\nA,${day},1\nB,${day},2\n`);
      expect(input.fields.time).toEqual({
        titles: ['Date'],
        type: 'datetime',
        timezone: 'UTC',
        required: true,
        ...format,
      });
    },
  );

  it.each([
    [['12.50', '7'], { decimalChar: '.' }],
    [['1,234.50', '7'], { decimalChar: '.' }],
    [['1.500', '12,5'], { decimalChar: ',' }],
    [['7', '$500'], {}],
    [['1.500', '300'], {}],
    [['1,500', '300'], {}],
    [['($12.50)', '3-'], { decimalChar: '.' }],
    [['12.50', '12,50', ...Array<string>(40).fill('1,500')], {}],
  ])(
    'has the decimal sign of numbers such as %j where it is known and need not be in another file',
    async (points, signs) => {
      const rows = points.map((cell, row) => `M${row};2024-01-31;${cell}`);
      const { input } = await definitionFrom(['Member;Date;Points', ...rows].join('\n'));
      expect(input.fields.points).toEqual({ titles: ['Points'], type: 'number', ...signs });
    },
  );

  it('takes the column that is named for the one that tells members apart', async () => {
    await writeFile(path, GERMAN.replace('Kundennummer', 'Nr.'));
    const definition = readPartnerFile('acme.yml', await firstFileFrom(path, 'acme', 'Nr.')).definition;
    expect(definition.input.fields.member).toMatchObject({ titles: ['Nr.'] });
    await expect(firstFileFrom(path, 'acme', 'Nummer')).rejects.toThrow('there is no column Nummer; the columns are');
  });

  it('marks what is guessed, and names what is not used', async () => {
    const text = await firstFile(GERMAN);
    expect(text).toContain('# Not used, because a text that may be anything is of no use: Bemerkung.\n');
    expect(text).toContain('      format: "day/month/year" # guessed\n');
    expect(text).toContain('      timezone: UTC # guessed: such as Europe/Berlin\n');
    expect(text).toMatch(/^# yaml-language-server: \$schema=partner\.schema\.json\n/);
  });

  it('does not mind a cell in twenty that cannot be read, nor names that are alike', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => `U${n % 7},2024-01-01,${n},${n === 3 ? 'x' : n}`);
    const { input } = await definitionFrom(`user id,when,Spend,spend 2\n${rows.join('\n')}`);
    expect(Object.keys(input.fields)).toEqual(['member', 'time', 'spend', 'spend2']);
    expect(input.fields.spend2).toMatchObject({ type: 'number' });
  });

  it('is refused with the columns that there are when no time can be found', async () => {
    await expect(firstFile('member,points\nA,1\n')).rejects.toThrow(
      'no column looks like a date or time; the columns are member, points',
    );
  });

  it('is refused when two columns could not be told apart', async () => {
    await writeFile(path, 'user id,when,Spend,SPEND\nA,2024-01-01,1,2\n');
    await expect(writeFirstFile('acme', path)).rejects.toThrow('is the title Spend of the field spend, too');
  });

  it('does not take the place of one that is there', async () => {
    await writeFile(path, GERMAN);
    await expect(writeFirstFile('default', path)).rejects.toThrow('partners/default.yml is there already');
  });
});
