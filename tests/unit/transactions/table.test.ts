import type { InputDefinition } from '../../../lib/partners/definition.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../lib/transactions/row-account.ts';
import { DEFAULT, defaultAggregates, totalOf } from '../../default-partner.ts';
import { chunked, csv, HEADER } from './hostile/hostile-file.ts';

const AS_OF_DAY = 19_753;

async function read(file: string | Buffer, input: InputDefinition = DEFAULT.input) {
  const aggregates = defaultAggregates(AS_OF_DAY);
  const rejected: RejectedRow[] = [];
  const reject = async (rows: readonly RejectedRow[]) => void rejected.push(...rows);
  const reader = new TransactionReader(aggregates, { input, asOfDay: AS_OF_DAY, reject, limits: DEFAULT_LIMITS });
  const failed = await reader.read([{ open: async () => chunked(Buffer.from(file), 11) }]).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const { counts, understood } = reader;
  const reasons = rejected.map(({ line, reason }) => [line, reason]);
  const members = aggregates.memberIds.map((id, member) => `${id}: ${totalOf(aggregates, 'points', member)}`);
  const skipped = Object.fromEntries(understood.skipped.map(({ what, lines }) => [what, lines]));
  return {
    members,
    counts,
    reasons,
    skipped,
    notes: understood.notes,
    checks: understood.checks.map(({ count, advice }) => `${count}: ${advice}`),
    failed,
  };
}

const row = (id: string, points = 1) => `${id},2024-01-05,buy,${points},2.50`;

describe('above the header', () => {
  it('may be a title, a date and blank lines, which are listed', async () => {
    const run = await read(`Points of members\n"Made on ""5 January"""\n\n,,,,\n${csv(row('K1', 7))}`);
    expect(run).toMatchObject({
      members: ['K1: 7'],
      reasons: [],
      skipped: { 'lines above the header': 2, 'blank lines': 2 },
    });
    expect(run.notes).toEqual([
      'Skipped as lines above the header: line 1: "Points of members", line 2: "\\"Made on \\"\\"5 January\\"\\"\\"".',
    ]);
  });

  it('may be comments, a title padded with separators, and a quote that is never closed', async () => {
    const run = await read(`# tool 3\nReport,,,,\n"Oops\n${csv(row('K1'), row('K2'))}`);
    expect(run).toMatchObject({
      counts: { accepted: 2, rejected: 0 },
      skipped: { 'comment lines': 1, 'lines above the header': 2 },
    });
  });

  it('may be the line that names the separator, and then a title', async () => {
    const run = await read(`sep=;\nPoints; all\n${csv(row('K1')).replaceAll(',', ';')}`);
    expect(run).toMatchObject({
      members: ['K1: 1'],
      skipped: { 'the line that names the separator': 1, 'lines above the header': 1 },
    });
  });

  it('is nothing that may be a member: such a line is rejected', async () => {
    const run = await read(`${row('K1')}\n${row('K2')}\n${csv(row('K3'))}`);
    expect(run).toMatchObject({
      members: ['K3: 1'],
      counts: { read: 3, accepted: 1, rejected: 2 },
      reasons: [
        [1, 'stands above the header'],
        [2, 'stands above the header'],
      ],
    });
  });

  it.each([[48], [49]])('may be %i lines', async (lines) => {
    expect(await read(`${'Title\n'.repeat(lines)}${csv(row('K1'))}`)).toMatchObject({ members: ['K1: 1'] });
  });

  it('may not be 50', async () => {
    expect((await read(`${'Title\n'.repeat(50)}${csv(row('K1'))}`)).failed).toMatch(
      /^no header: one of the first 50 lines must name the columns MEMBER_ID, .*, but the first is "Title"$/,
    );
  });

  it('the header that lacks a column is told as such', async () => {
    expect((await read(`Title\n${csv(row('K1')).replace('MEMBER_ID,', 'WHO,')}`)).failed).toMatch(
      /^MEMBER_ID missing from the header, which is "WHO,/,
    );
  });
});

describe('the names in a header', () => {
  it.each([
    ['zero-width characters and blanks that do not break', HEADER.replace('MEMBER_ID', '\u200bMEMBER\u00a0ID\u2060')],
    ['a unit in brackets', HEADER.replace('REVENUE_USD', 'REVENUE (USD)')],
    [
      'quotes with blanks around',
      HEADER.split(',')
        .map((name) => `"${name}"`)
        .join(' , '),
    ],
  ])('may have %s', async (_, header) => {
    expect(await read(`${header}\n${row('K1', 4)}\n`)).toMatchObject({ members: ['K1: 4'] });
  });
});

describe('a line that is no row is skipped and counted, such as', () => {
  it('the header again, in any case of its quotes', async () => {
    const again = HEADER.split(',')
      .map((name) => `"${name}"`)
      .join(',');
    const run = await read(csv(row('K1'), HEADER, row('K2'), again, row('K3')));
    expect(run).toMatchObject({ counts: { read: 3, accepted: 3 }, skipped: { 'the header again': 2 }, reasons: [] });
  });

  it('lines of separators, which do not bury what is rejected', async () => {
    const run = await read(csv(row('K1'), ...Array(1_000).fill(',,,,'), 'K2,never,buy,1,1', ' , "" ,,,'));
    expect(run).toMatchObject({ counts: { read: 2, accepted: 1, rejected: 1 }, skipped: { 'blank lines': 1_001 } });
  });

  it('comments, but not a member whose id begins so', async () => {
    const run = await read(csv('# first half', row('#K1'), '# by "me", today', '#K2,never,buy,1,1'));
    expect(run).toMatchObject({
      members: ['#K1: 1'],
      skipped: { 'comment lines': 2 },
      reasons: [[5, expect.stringContaining('"never"')]],
    });
  });

  it('comments, which are listed', async () => {
    const run = await read(csv('# first half', row('K1'), '#1003', '#1004,,,,', '# by "me", today'));
    expect(run).toMatchObject({ members: ['K1: 1', '#1004: 0'], skipped: { 'comment lines': 3 } });
    expect(run.notes).toEqual([
      'Skipped as comment lines: line 2: "# first half", line 4: "#1003", line 6: "# by \\"me\\", today".',
    ]);
  });

  it('no row of a member whose id begins with #, where others do', async () => {
    const run = await read(csv(row('#1001'), '#1003', '#1004,', '# the end'));
    expect(run).toMatchObject({
      members: ['#1001: 1'],
      reasons: [
        [3, '1 field, but the header has 5'],
        [4, '2 fields, but the header has 5'],
      ],
      skipped: { 'comment lines': 1 },
    });
  });

  it.each([
    '2 rows selected.',
    '(2 rows affected)',
    '(2 rows)',
    '(1 row)',
    '(1,234 rows affected)',
    '2 rows in set (0.00 sec)',
    '123 records',
    '-- end --',
    '-----',
    '=======',
    '----------,-------------------,----,----,----',
    '+------+------+',
    '|---|:--|',
  ])('what a tool writes, which is listed: %s', async (line) => {
    const run = await read(csv(line, row('K1'), line, row('K2')));
    expect(run).toMatchObject({
      members: ['K1: 1', 'K2: 1'],
      reasons: [],
      skipped: { 'lines of the tool that wrote the file': 2 },
    });
    expect(run.notes).toEqual([
      `Skipped as lines of the tool that wrote the file: line 2: "${line}", line 4: "${line}".`,
    ]);
  });

  it.each(['12 of them', 'K2 -- end', '-,never', '-----,never', '12 rows,never,buy,1,1'])(
    'but not %s',
    async (line) => {
      expect(await read(csv(row('K1'), line))).toMatchObject({ reasons: [[3, expect.anything()]], skipped: {} });
    },
  );

  it.each([
    'Average,,,150,13',
    'Avg.,,,150,',
    'Count: 2,,,2,',
    'Max,,,200,20',
    'Durchschnitt,,,150,13',
    '*,,,300,26.00',
    '** USD,,,300,26.00',
    '* €,,,300,26.00',
  ])('other figures at its end, which are listed: %s', async (line) => {
    const run = await read(csv(row('K1'), line));
    expect(run).toMatchObject({ members: ['K1: 1'], skipped: { 'lines of totals': 1 } });
  });

  it('but not a member without transactions who is called as figures are', async () => {
    const run = await read(csv(row('K1'), 'Max,,,,', 'Media,,,,', '*A,,,300,'));
    expect(run).toMatchObject({ members: ['K1: 1', 'Max: 0', 'Media: 0', '*A: 300'], skipped: {} });
  });

  it.each(['Total', 'GRAND TOTAL:', 'Summe', 'Sous-total', 'Итого'])(
    'totals, called %s, which are listed',
    async (word) => {
      const run = await read(csv(row('K1'), `${word},,,130,15.00`));
      expect(run).toMatchObject({ members: ['K1: 1'], counts: { read: 1 }, skipped: { 'lines of totals': 1 } });
      expect(run.notes).toEqual([`Skipped as lines of totals: line 3: "${word},,,130,15.00".`]);
    },
  );

  it('nothing that may be a member: Total with a time is one, and totals of nobody are rejected', async () => {
    const run = await read(csv(row('Total', 3), ',,,130,15.00'));
    expect(run).toMatchObject({ members: ['Total: 3'], reasons: [[3, 'MEMBER_ID is blank']] });
  });

  it('DOS’s mark of the end', async () => {
    const run = await read(`${csv(row('K1'))}\x1a`);
    expect(run).toMatchObject({
      counts: { read: 1, accepted: 1 },
      notes: ['A Ctrl-Z at the end of the file is not read.'],
    });
  });
});

describe('the last rows', () => {
  const members = Array.from({ length: 10 }, (_, index) => `K${index}`);
  const tenRows = members.map((id) => row(id));

  it.each(['EOF,,,,', '99999999,,,,', 'TRAILER,,,2,26.00', 'Count: 2,,,,', 'Page 1 of 1,,,,', 'A9,NULL,,,'])(
    'without a time, which all others have, are told: %s',
    async (line) => {
      const run = await read(csv(...tenRows, line));
      expect(run.counts).toMatchObject({ accepted: 11, rejected: 0 });
      expect(run.checks).toEqual([
        `the last row has no LAST_TRANSACTION_TS, and all others have one: Look at line 12: "${line}". Where it is no member, remove its line from the file.`,
      ]);
    },
  );

  it.each([2, 5])('may be %i', async (rows) => {
    const run = await read(csv(...tenRows, ...Array(rows).fill('End,,,,')));
    expect(run.checks).toEqual([
      expect.stringMatching(`^the last ${rows} rows have no LAST_TRANSACTION_TS, .*: Look at line 12: "End,,,,"`),
    ]);
  });

  it.each([
    ['they are more than 5', [...tenRows, ...Array(6).fill('A9,,,,')]],
    ['others lack it, too', ['A9,,,,', ...tenRows, 'A8,,,,']],
    ['a row follows that has one', [...tenRows, 'A9,,,,', row('A8')]],
    ['there are fewer than 10 before', [...tenRows.slice(1), 'A9,,,,']],
    ['they lack something else', [...tenRows, 'A9,2024-01-05,,,']],
  ])('are told as nothing when %s', async (_, lines) => {
    expect((await read(csv(...lines))).checks).toEqual([]);
  });
});

describe('a row of another width than the header', () => {
  it('may leave out blank cells at its end', async () => {
    const run = await read(csv('K1,2024-01-05,buy,100', 'K2,2024-01-05,gift', 'K3,2024-01-05', row('K4')));
    expect(run).toMatchObject({ members: ['K1: 100', 'K2: 0', 'K3: 0', 'K4: 1'], counts: { imputed: 6 } });
    expect(run.notes).toEqual(['Of 3 rows, the last cells are left out: they are read as blank.']);
  });

  it('is rejected when it leaves out what is required, or all but the member', async () => {
    const points = {
      ...DEFAULT.input.fields.points,
      type: 'number' as const,
      titles: ['LAST_TRANSACTION_POINTS_BOUGHT'],
      required: true,
    };
    const input = { ...DEFAULT.input, fields: { ...DEFAULT.input.fields, points } };
    const run = await read(csv(row('K1'), 'K2,2024-01-05,buy', 'K3', 'K4,'), input);
    expect(run.reasons).toEqual([
      [3, 'LAST_TRANSACTION_POINTS_BOUGHT is blank'],
      [4, '1 field, but the header has 5'],
      [5, '2 fields, but the header has 5'],
    ]);
  });

  it('is rejected when the file ends within it: it may have been cut', async () => {
    const run = await read(`${HEADER}\n${row('K1')}\nK2,2024-01-05,buy,10`);
    expect(run.reasons).toEqual([
      [3, 'the file ends within the row, which has fewer fields than the header: it may have been cut'],
    ]);
  });

  it.each([
    ['the header alone', `${HEADER},\n${row('K1')}\n${row('K2')}`],
    ['the rows alone', `${HEADER}\n${row('K1')},\n${row('K2')},\n`],
    ['the rows alone, twice', `${HEADER}\n${row('K1')},,\n${row('K2')},,\n`],
  ])('is one where a separator stands at the end of %s', async (_, file) => {
    expect(await read(file)).toMatchObject({ members: ['K1: 1', 'K2: 1'], reasons: [] });
  });

  it('is rejected where only it has a separator more, which a decimal comma may be', async () => {
    expect(await read(csv(row('K1'), 'K2,2024-01-05,buy,1,5,'))).toMatchObject({
      reasons: [[3, '6 fields, but the header has 5']],
    });
  });
});

it.each(['[NULL]', '<null>', 'Undefined', '(blank)', '(not set)', '#NV', '#N/D', '1.#QNAN', '--'])(
  '%s stands for nothing',
  async (blank) => {
    const run = await read(csv(row('K1'), row(blank), `K2,${blank},${blank},${blank},${blank}`, row('K3')));
    expect(run).toMatchObject({
      members: ['K1: 1', 'K2: 0', 'K3: 1'],
      counts: { imputed: 4 },
      reasons: [[3, 'MEMBER_ID is blank']],
    });
  },
);

describe('a date with a comma and no quotes', () => {
  it.each(['Jan 15, 2024', 'January 15, 2024 09:12 AM', 'Mon, Jan 15, 2024'])('is one field: %s', async (date) => {
    const run = await read(csv(`K1,${date},buy,3,1`, row('K2', 4), `K3,${date},buy,5,`));
    expect(run).toMatchObject({ members: ['K1: 3', 'K2: 4', 'K3: 5'], reasons: [] });
    expect(run.notes).toEqual(['In 2 rows, the comma of a date without quotes was not taken for a separator.']);
  });

  it.each(['Jan 15, 24, buy', '31/01/2024, 2024', 'Jan 15 2024, 10', '2024, Jan 15'])(
    'is none in %s',
    async (cells) => {
      const fields = `K1,${cells},buy,1,1`.split(',').length;
      expect((await read(csv(`K1,${cells},buy,1,1`, row('K2')))).reasons).toEqual([
        [2, `${fields} fields, but the header has 5`],
      ]);
    },
  );
});

it.each([
  ['K2,2024-01-05,buy,1,500,12.50', ': an amount with a comma may lack its quotes'],
  ['K2,2024-01-05,buy,100,12,50', ': an amount with a comma may lack its quotes'],
  ['K2,2024-01-05,buy,100,12.50,x', ''],
  ['K\\,2,2024-01-05,buy,100,12.50', ': a backslash before a separator does nothing; put the field in quotes'],
])('of too many fields it is said what may be why: %s', async (line, hint) => {
  expect((await read(csv(row('K1'), line))).reasons).toEqual([[3, `6 fields, but the header has 5${hint}`]]);
});

describe('a column without a name at the end of the header', () => {
  it('may hold remarks, but no rest of an amount', async () => {
    const file = csv('K1,2024-01-05,buy,3,1,late', 'K2,2024-01-05,buy,100,12,50', row('K3')).replace(
      HEADER,
      `${HEADER},`,
    );
    expect(await read(file)).toMatchObject({
      members: ['K1: 3', 'K3: 1'],
      reasons: [[3, 'a number stands in a column without a name; an amount with a comma must be in quotes: "50"']],
    });
  });
});

it('what nobody sees in a cell keeps it from nothing', async () => {
  const run = await read(csv('K1,\u200e2024-01-05\u200e,buy\u200b,\u202d3\u202c,\ufeff1', row('K2')));
  expect(run).toMatchObject({ members: ['K1: 3', 'K2: 1'], reasons: [] });
});

describe('rows in quotes', () => {
  it('that look like rows of the table are to be checked', async () => {
    const file = `${HEADER},NOTE\n${row('K1')},"open\n${row('K2')},x\n${row('K3')},close"\n${row('K4')},"two\nlines"\n`;
    const run = await read(file);
    expect(run.members).toEqual(['K1: 1', 'K4: 1']);
    expect(run.checks).toEqual([
      '2 lines in quotes look like rows: Line 2 opens a quote that a later line closes, and what is in between is part of one cell. Where it is rows, mend the quotes.',
    ]);
  });
});

it('a line break in an id makes no row of the rest of its line', async () => {
  const run = await read(csv('"K\n1",2024-01-05,buy,3,1', row('K2')));
  expect(run).toMatchObject({
    members: ['K2: 1'],
    reasons: [[2, 'MEMBER_ID "K\\n1" holds control characters']],
    checks: [],
  });
});

describe('quotes', () => {
  it('may have blanks around them', async () => {
    expect(await read(csv('"K1", "2024-01-05", "buy", "3" , "1"'))).toMatchObject({ members: ['K1: 3'] });
  });

  it('may stand in a text that is for Excel', async () => {
    expect(await read(csv('="007","=""2024-01-05""",buy,="3",1'))).toMatchObject({ members: ['007: 3'] });
  });

  it('in a column that is not needed cost no row whose fields are certain', async () => {
    const run = await read(`${HEADER},NOTE\n${row('K1')},TV 55" black\n${row('K2')},"5" or 6"\n${row('"K"3')},x\n`);
    expect(run).toMatchObject({ members: ['K1: 1'], counts: { rejected: 2 } });
  });

  it.each([
    ['rows', `${HEADER}\n"${row('K1')}"\n"${row('K2')}"\n`],
    ['all lines', `"${HEADER}"\n"${row('K1')}"\n`],
  ])('around the whole of %s are told', async (_, file) => {
    expect((await read(file)).failed).toMatch(/^every line is in one pair of quotes, which makes it one field; /);
  });

  it('around one line alone reject it', async () => {
    expect((await read(csv(row('K1'), `"${row('K2')}"`))).reasons).toEqual([
      [3, 'the whole line is in one pair of quotes'],
    ]);
  });

  it('that are single are told', async () => {
    const single = csv(row('K1')).replaceAll(/[^,\n]+/g, "'$&'");
    expect((await read(single)).failed).toMatch(/^the fields are in single quotes, as in 'A','B', which are none/);
  });
});

describe('another separator', () => {
  it.each([
    ['~', '"~"'],
    ['\u0001', '"\\u0001"'],
    ['^', '"^"'],
    [':', '":"'],
  ])('%j is told, with the line for the partner file', async (separator, shown) => {
    expect((await read(csv('K1').replaceAll(',', separator))).failed).toBe(
      `the fields are separated by ${shown}, which is not tried by itself: set delimiter: ${shown} in the partner file, under input`,
    );
  });

  it('of two semicolons has blank columns between the others', async () => {
    expect(await read(csv(row('K1', 6)).replaceAll(',', ';;'))).toMatchObject({ members: ['K1: 6'] });
  });
});

describe('the separator of the partner file', () => {
  it.each(['~', '\u0001', ':'])('%j is the one that counts', async (delimiter) => {
    const { input } = definitionSchema.parse({ ...DEFAULT, input: { ...DEFAULT.input, delimiter } });
    const file = csv(row('K1', 5).replace('2.50', '"2.50"')).replaceAll(',', delimiter);
    expect(await read(`A, title\n${file}`, input)).toMatchObject({ members: ['K1: 5'], reasons: [] });
  });

  it.each(['', '||', 'x', '7', '"', '\n', '¦'])('cannot be %j', (delimiter) => {
    const { error } = definitionSchema.safeParse({ ...DEFAULT, input: { ...DEFAULT.input, delimiter } });
    expect(error?.issues).toMatchObject([
      { path: ['input', 'delimiter'], message: expect.stringMatching(/^must be one/) },
    ]);
  });
});
