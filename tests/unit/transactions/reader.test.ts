import { FeatureTable } from '../../../lib/members/feature-table.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../lib/transactions/row-account.ts';
import { DEFAULT, defaultAggregates, totalOf } from '../../default-partner.ts';

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';
const AS_OF_DAY = Date.UTC(2024, 0, 31) / MS_PER_DAY;

async function read(file: string | Buffer, chunkBytes = 7, input = DEFAULT.input) {
  const bytes = Buffer.from(file);
  const aggregates = defaultAggregates(AS_OF_DAY);
  const rejectedRows: RejectedRow[] = [];
  const reader = new TransactionReader(aggregates, {
    input,
    asOfDay: AS_OF_DAY,
    reject: async (rows) => {
      rejectedRows.push(...rows);
    },
  });
  const problem = await reader.read([{ open: async () => chunked(bytes, chunkBytes) }]).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'),
  );
  const losses = reader.rejectedMembers.losses((memberId) => aggregates.has(memberId));
  return {
    ...reader.counts,
    losses,
    understood: reader.understood,
    aggregates,
    members: aggregates.memberIds,
    rejectedRows,
    problem,
  };
}

/** Small chunks, so that every border between two falls somewhere in every test. */
async function* chunked(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function csv(...lines: string[]): string {
  return [HEADER, ...lines, ''].join('\n');
}

describe('ids', () => {
  const line = (memberId: string) => `${memberId},2024-01-02,buy,5,5`;

  it('are of one member when they differ by characters that nobody sees, which is told', async () => {
    const ids = ['K9', 'K9\u200B', '\u200B K9', 'K\u00AD9', 'K9\u2060', '\u202AK9\u202C', 'K\u200D9', '\uFEFFK9'];
    const { members, understood, rejected } = await read(csv(...ids.map(line)));
    expect({ members, rejected }).toEqual({ members: ['K9'], rejected: 0 });
    expect(understood.notes).toEqual([
      'Characters that are not shown, such as zero-width ones, were left out of the MEMBER_ID of 6 rows.',
    ]);
  });

  it('keep joiners where they are seen: within emoji, and between letters that are not ASCII', async () => {
    const ids = ['\u{1F468}\u200D\u{1F467}', '\u{1F468}\u{1F467}', '\u0645\u06CC\u200C\u062E', '\u0645\u06CC\u062E'];
    const { members, understood } = await read(csv(...ids.map(line)));
    expect(members).toEqual(ids);
    expect(understood.notes).toEqual([]);
  });

  it('are of one member whether an accent is a character of its own or not, which is told', async () => {
    const { members, understood } = await read(csv(line('Zoe\u0308'), line('Zo\u00EB'), line('Zoe')));
    expect(members).toEqual(['Zo\u00EB', 'Zoe']);
    expect(understood.notes).toEqual([
      'Letters and their accents were read as one character in the MEMBER_ID of 1 row (NFC).',
    ]);
  });

  it('are blank when nothing of them is seen, and refused with control characters as before', async () => {
    const { rejectedRows } = await read(csv(line('A'), line('\u200B'), line('A\u0007'), line('\u00FC\u0085')));
    expect(rejectedRows.map(({ problem }) => problem)).toEqual([
      'MEMBER_ID is blank',
      'MEMBER_ID holds control characters',
      'MEMBER_ID holds control characters',
    ]);
  });

  it('of rejected rows are read the same way', async () => {
    const { losses } = await read(csv(line('K9'), 'K9\u200B,2024-01-02,buy,x,5'));
    expect(losses).toMatchObject({ incomplete: { members: 1 }, missing: { members: 0 } });
  });

  it('that are all plain leave nothing to tell', async () => {
    expect((await read(csv(line('K9'), line('+49 170')))).understood.notes).toEqual([]);
  });
});

describe('members some of whose rows are rejected', () => {
  it('are known, and so are those who lose all of them, with the first reason', async () => {
    // Only amounts from a thousand on have a blank, so that the best members lose the most.
    const { losses, members } = await read(
      csv(
        'A,2024-01-02,buy,500,20.00',
        'A,2024-01-10,buy,1 x 2000,1400.00',
        'A,2024-01-20,buy,1 x 5000,1800.00',
        'B,2024-01-20,buy,100,10.00',
        'C,2024-01-21,buy,2 x 0000,2400.00',
        ',2024-01-21,buy,1,1',
      ),
    );
    expect(members).toEqual(['A', 'B']);
    expect(losses).toEqual({
      incomplete: { members: 1, rows: 2 },
      missing: {
        members: 1,
        rows: 1,
        first: [
          { memberId: 'C', rows: 1, line: 6, reason: expect.stringMatching(/_POINTS_BOUGHT "2 x 0000" is not a /) },
        ],
      },
      unknownRows: 1,
    });
  });

  it.each([
    ['fields are too many, as with a comma in a number', 'B,2024-01-20,buy,1,400,10.00', ['B']],
    ['the date is no date', ' B ,yesterday,buy,1,1', ['B']],
    ['there is but one field, which may be anything', '12 of them', []],
    ['a quote is not closed', 'B,2024-01-20,buy,"1400,10.00', ['B']],
    ['a quote is not closed in the id', '"B,2024-01-20,buy,1400,10.00', []],
    ['the id is longer than one may be', `${'B'.repeat(1025)},2024-01-20,buy,1,1`, []],
    ['the date is after the as-of day', 'B,2024-02-20,buy,1,1', ['B']],
  ])('are known when %s', async (_, line, expected) => {
    const { losses } = await read(csv('A,2024-01-02,buy,5,5', line));
    expect(losses?.missing.first.map(({ memberId }) => memberId)).toEqual(expected);
    expect(losses?.unknownRows).toBe(1 - expected.length);
  });

  it('are known by bytes that are no UTF-8 in another column, and not in that of the id', async () => {
    const lines = csv('A,2024-01-02,buy,5,5', 'B,2024-01-02,b\u00fcy,5,5', 'M\u00fc,2024-01-02,buy,5,5');
    const { losses } = await read(Buffer.from(lines, 'latin1'));
    expect(losses).toMatchObject({ missing: { first: [{ memberId: 'B', line: 3 }] }, unknownRows: 1 });
  });

  it('are not guessed from a row with too few or too many fields when the id is not in the first column', async () => {
    const [id, time, ...others] = HEADER.split(',');
    const header = [time, id, ...others].join(',');
    const { losses } = await read([header, '2024-01-02,A,buy,5,5', '2024-01-02,B,buy,5,5,5', ''].join('\n'));
    expect(losses).toMatchObject({ missing: { members: 0 }, unknownRows: 1 });
  });
});

describe('a file of transactions', () => {
  it('is understood by its header: where that stands, what separates the fields, which column is which', async () => {
    const header = HEADER.replace('MEMBER_ID', `Member Id${'_'.repeat(60)}`).replaceAll(',', ';');
    const { understood } = await read(['', header, 'A;2024-01-01;buy;100;2.5', ''].join('\n'));
    expect(understood).toEqual({
      kind: 'CSV',
      separator: 'semicolon',
      headerLine: 2,
      columns: [
        { field: 'member', header: `Member Id${'_'.repeat(51)}…` },
        { field: 'time', header: 'LAST_TRANSACTION_TS' },
        { field: 'kind', header: 'LAST_TRANSACTION_TYPE' },
        { field: 'points', header: 'LAST_TRANSACTION_POINTS_BOUGHT' },
        {
          field: 'revenue',
          header: 'LAST_TRANSACTION_REVENUE_USD',
          form: 'decimal point, as in 2.5',
          decidedBy: 'line 3: 2.5',
        },
      ],
      skipped: [{ what: 'blank lines', lines: 1 }],
      encoding: 'UTF-8',
      notes: [],
      checks: [],
    });
  });

  it('is read row by row, each accepted one counting for its member', async () => {
    const run = await read(
      csv('A,2024-01-01,buy,100,2.5', 'B,2024-01-02 03:04:05,gift,200,0', 'A,2024-01-03,redeem,-50,0'),
    );
    expect(run).toMatchObject({
      read: 3,
      accepted: 3,
      rejected: 0,
      imputed: 0,
      members: ['A', 'B'],
      problem: undefined,
    });
    expect(totalOf(run.aggregates, 'points')).toBe(50);
  });

  it.each([
    ['a byte-order mark', `\uFEFF${csv('A,2024-01-01,buy,1,1')}`],
    ['CRLF line ends', csv('A,2024-01-01,buy,1,1').replaceAll('\n', '\r\n')],
    ['CR line ends', csv('A,2024-01-01,buy,1,1').replaceAll('\n', '\r')],
    ['no line end after the last row', csv('A,2024-01-01,buy,1,1').trimEnd()],
    ['blank lines', `\n${csv('', 'A,2024-01-01,buy,1,1', '', '  ')}`],
    ['quotes around every cell', csv('"A","2024-01-01","buy","1","1"')],
    ['spaces around cells', csv(' A , 2024-01-01 ,buy , 1, 1 ')],
    [
      'columns named as in older files',
      csv('A,2024-01-01,buy,1,1').replace(
        HEADER,
        'memberId,lastTransatcionUtcTs,lastTransactionType,lastTransactionPointsBought,lastTransactionRevenueUSD',
      ),
    ],
    [
      'columns in another order',
      'lastTransactionRevenueUsd,MEMBER_ID,lastTransactionType,Last Transaction TS,lastTransactionPointsBought\n1,A,buy,2024-01-01,1\n',
    ],
  ])('may have %s', async (_, file) => {
    expect(await read(file)).toMatchObject({ read: 1, accepted: 1, members: ['A'], problem: undefined });
  });

  it('may be UTF-16 when it says so in a byte-order mark', async () => {
    const utf16 = Buffer.from(`\uFEFF${csv('Zoë,2024-01-01,buy,1,1')}`, 'utf16le');
    expect(await read(utf16)).toMatchObject({ read: 1, accepted: 1, members: ['Zoë'] });
  });

  it('may hold commas and line breaks in quoted fields of other columns', async () => {
    const file = `${HEADER},NOTE\nA,2024-01-01,buy,1,1,"one, two\nthree ""four"""\nB,2024-01-01,buy,1,1,five\nC,2024-01-01,buy,x,1,six\n`;
    const run = await read(file);
    expect(run).toMatchObject({ read: 3, accepted: 2, members: ['A', 'B'] });
    expect(run.rejectedRows).toMatchObject([
      {
        line: 5,
        reason: 'LAST_TRANSACTION_POINTS_BOUGHT "x" is not a number',
        raw: 'C,2024-01-01,buy,x,1,six',
      },
    ]);
  });

  it('is read the same in one chunk as in chunks of a byte', async () => {
    const file = `${HEADER},NOTE\r\nA,2024-01-01,buy,1,1,"é\r\n→"\r\nB,2024-01-01,buy,"1,1,\r\nC,2024-01-01,buy,1,1,x\r\n`;
    const [whole, bytes] = [await read(file, 1e6), await read(file, 1)];
    expect(whole).toMatchObject({ read: 3, accepted: 2, rejected: 1, members: ['A', 'C'] });
    expect(bytes.rejectedRows).toEqual(whole.rejectedRows);
    expect(bytes.members).toEqual(whole.members);
  });
});

describe('a blank cell', () => {
  it('is read as a default and counted', async () => {
    const run = await read(csv('A,,,,', 'A,NA,null,#N/A,None', 'A,2024-01-01,buy,1,1'));
    expect(run).toMatchObject({ read: 3, accepted: 3, imputed: 8 });
    expect(run.aggregates.imputedValues(0)).toBe(8);
    expect(totalOf(run.aggregates, 'points')).toBe(1);
    expect(new FeatureTable(run.aggregates).of(0).PCT_BUY_TRANSACTIONS).toBe(1 / 3);
  });

  it('in the time is read as 1990-01-01T00:00:00Z', async () => {
    const { aggregates } = await read(csv('A,,buy,1,1'));
    const days = new FeatureTable(aggregates).of(0).DAYS_SINCE_LAST_TRANSACTION ?? 0;
    expect(new Date((AS_OF_DAY - days) * MS_PER_DAY).toISOString()).toBe('1990-01-01T00:00:00.000Z');
  });

  it.each(['NULL', 'nan', 'None', 'N/A', 'NA', '\\N', '<NA>', '(null)', 'Nil', 'N.A.', '-'])(
    'is %j, also in the member id, which names nobody then',
    async (blank) => {
      const run = await read(csv(`A,,${blank},${blank},${blank}`, `${blank},2024-01-01,buy,1,1`));
      expect(run).toMatchObject({ accepted: 1, rejected: 1, imputed: 4, members: ['A'] });
      expect(run.rejectedRows).toMatchObject([{ line: 3, reason: 'MEMBER_ID is blank' }]);
    },
  );

  it.each(['NaT', '0000-00-00', '0000-00-00 00:00:00'])('is %j in the time', async (blank) => {
    expect(await read(csv(`A,${blank},buy,1,1`))).toMatchObject({ accepted: 1, imputed: 1 });
  });

  it('is an id where the partner file says that only an empty cell is blank', async () => {
    const member = { ...DEFAULT.input.fields.member, missingValues: [] };
    const { input } = definitionSchema.parse({
      ...DEFAULT,
      input: { ...DEFAULT.input, fields: { ...DEFAULT.input.fields, member } },
    });
    expect(await read(csv('NA,2024-01-01,buy,1,1', ',2024-01-01,buy,1,1'), 7, input)).toMatchObject({
      accepted: 1,
      rejected: 1,
      members: ['NA'],
    });
  });

  it('in the member id rejects the row', async () => {
    const run = await read(csv(' ,2024-01-01,buy,1,1', 'A,2024-01-01,buy,1,1'));
    expect(run.members).toEqual(['A']);
    expect(run.rejectedRows).toMatchObject([{ line: 2, reason: 'MEMBER_ID is blank', raw: ' ,2024-01-01,buy,1,1' }]);
  });
});

describe('a row is rejected, with its line, the reason and its text, when', () => {
  it.each([
    ['it has too few fields', 'A', '1 field, but the header has 5'],
    ['it has too many fields', 'A,2024-01-01,buy,1,1,1', '6 fields, but the header has 5'],
    ['the points are a word', 'A,2024-01-01,buy,many,1', 'LAST_TRANSACTION_POINTS_BOUGHT "many" is not a number'],
    [
      'the points are too large',
      'A,2024-01-01,buy,1e400,1',
      'LAST_TRANSACTION_POINTS_BOUGHT "1e400" is too large: 1e15 is the most',
    ],
    [
      'the revenue is infinite',
      'A,2024-01-01,buy,1,Infinity',
      'LAST_TRANSACTION_REVENUE_USD "Infinity" is not a number',
    ],
    [
      'the revenue is hexadecimal',
      'A,2024-01-01,buy,1,0x10',
      'LAST_TRANSACTION_REVENUE_USD "0x10" is not a number: it looks like a hexadecimal number',
    ],
    ['the kind is unknown', 'A,2024-01-01,steal,1,1', 'LAST_TRANSACTION_TYPE "steal" is not buy, gift or redeem'],
    [
      'the date is impossible',
      'A,2024-02-30,buy,1,1',
      'LAST_TRANSACTION_TS "2024-02-30" is not a date or time: it is a day that the calendar does not have',
    ],
    [
      'it is dated after the as-of day',
      'A,2024-02-01,buy,1,1',
      'LAST_TRANSACTION_TS "2024-02-01" is after the as-of day',
    ],
    [
      'the member id holds control characters',
      'A\u0007,2024-01-01,buy,1,1',
      'MEMBER_ID "A\\u0007" holds control characters',
    ],
    [
      'a quote stands inside a field',
      'A,2024-01-01,b"uy,1,1',
      'a quote stands inside a field that does not begin with one',
    ],
    [
      'text follows a closing quote',
      'A,2024-01-01,"buy"s,1,1',
      'the quotes do not match: a quoted field must end at a comma or the end of the line',
    ],
    ['a quote is never closed', 'A,2024-01-01,"buy,1,1', 'a quote is opened and never closed'],
  ])('%s', async (_, row, reason) => {
    const run = await read(csv('B,2024-01-31 23:59:59,buy,1,1', row, 'C,2024-01-01,buy,1,1'));
    expect(run).toMatchObject({ read: 3, accepted: 2, rejected: 1, members: ['B', 'C'], problem: undefined });
    expect(run.rejectedRows).toMatchObject([{ line: 3, reason, raw: row }]);
  });

  it('its bytes are not UTF-8', async () => {
    const rows = Buffer.concat([
      Buffer.from(csv('B,2024-01-01,buy,1,1')),
      Buffer.from('A\xff,2024-01-01,buy,1,1\n', 'latin1'),
    ]);
    const run = await read(rows);
    expect(run).toMatchObject({ read: 2, accepted: 1, members: ['B'] });
    expect(run.rejectedRows).toMatchObject([
      { line: 3, reason: 'bytes that are not UTF-8; save the file as UTF-8, or name its encoding in the partner file' },
    ]);
  });

  it('it is longer than any row can be, and what follows is read', async () => {
    const run = await read(
      csv('B,2024-01-01,buy,1,1', 'x'.repeat(DEFAULT_LIMITS.lineBytes + 1e6), 'C,2024-01-01,buy,1,1'),
      50_000,
    );
    expect(run).toMatchObject({ read: 3, accepted: 2, members: ['B', 'C'] });
    expect(run.rejectedRows).toMatchObject([{ line: 3, reason: 'the line is longer than 256 KiB' }]);
  });
});

describe('an unclosed quote', () => {
  it('costs its own line in a large file, not the rest of it', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `M${n},2024-01-01,buy,1,1`);
    rows[9_999] = 'broken,2024-01-01,"buy,1,1';
    const run = await read(csv(...rows), 65_536);
    expect(run).toMatchObject({ read: 20_000, accepted: 19_999, rejected: 1 });
    expect(run.rejectedRows).toMatchObject([
      { line: 10_001, reason: 'a quote is opened and never closed', raw: 'broken,2024-01-01,"buy,1,1' },
    ]);
  });

  it('is not closed by a quote in a later row', async () => {
    const run = await read(
      csv('A,2024-01-01,"buy,1,1', 'B,2024-01-01,buy,1,1', 'C,2024-01-01,buy","1,1', 'D,2024-01-01,buy,1,1'),
    );
    expect(run.members).toEqual(['B', 'D']);
    expect(run.rejectedRows.map(({ line }) => line)).toEqual([2, 4]);
  });
});

describe('a file cannot be used when', () => {
  it.each([
    ['it is empty', '', 'empty: the file holds no header and no rows'],
    ['it is blank', '\n\n', 'empty: the file holds no header and no rows'],
    ['it holds nothing but a header', csv(), 'no rows: the file holds nothing but a header'],
    [
      'it has no header',
      'A,2024-01-01,buy,1,1\n',
      /^no header: one of the first 50 lines must name the columns MEMBER_ID, .*, but the first is "A,2024-01-01,buy,1,1"$/,
    ],
    [
      'a column is missing',
      'MEMBER_ID,LAST_TRANSACTION_TS\nA,2024-01-01\n',
      /^LAST_TRANSACTION_TYPE, LAST_TRANSACTION_POINTS_BOUGHT, LAST_TRANSACTION_REVENUE_USD missing from the header/,
    ],
    [
      'a column is there twice',
      `${HEADER},memberId\nA,2024-01-01,buy,1,1,A\n`,
      /^MEMBER_ID is in the header more than once/,
    ],
    [
      'its header has an open quote',
      `"${csv('A,2024-01-01,buy,1,1')}`,
      'no header: in line 1 a quote is opened and never closed',
    ],
    ['it is binary', Buffer.from([0x50, 0x4b, 3, 0, 0, 0, 0x22, 0xff, 10, 0]), /^not text: the file holds NUL bytes/],
    ['it is rubbish without NULs', Buffer.from([0x89, 0x51, 0xff, 0xfe, 0x0d, 0x0a, 0x1a, 0x0a, 0x22]), /^no header/],
    ['it is one byte', 'x', /^no header/],
  ])('%s', async (_, file, reason) => {
    const run = await read(file);
    expect(run.problem).toMatch(/^UnusableFileError: /);
    const message = (run.problem ?? '').replace(/^UnusableFileError: /, '');
    if (typeof reason === 'string') expect(message).toBe(reason);
    else expect(message).toMatch(reason);
    expect(run).toMatchObject({ read: 0, accepted: 0 });
  });

  it('every row is rejected', async () => {
    const run = await read(csv(',2024-01-01,buy,1,1', 'A,never,buy,1,1'));
    expect(run).toMatchObject({ read: 2, accepted: 0, rejected: 2 });
    expect(run.problem).toBe(
      'UnusableFileError: no row was accepted, all 2 were rejected; the first, in line 2: MEMBER_ID is blank',
    );
  });
});
