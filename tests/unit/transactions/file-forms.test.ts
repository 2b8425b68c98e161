import type { FieldDefinition } from '../../../lib/partners/definition.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { TransactionReader } from '../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../lib/transactions/row-account.ts';
import type { Transaction } from '../../../lib/transactions/transaction.ts';

const AS_OF_DAY = Date.UTC(2024, 11, 31) / MS_PER_DAY;

/** What a file of these columns is read as: the times as ISO dates, the amounts as they are. */
async function read(
  file: string,
  fields: { time?: Partial<FieldDefinition>; amount?: Partial<FieldDefinition>; more?: FieldDefinition } = {},
) {
  let readings = 0;
  const open = async function* () {
    readings += 1;
    yield Buffer.from(file);
  };
  const rejected: RejectedRow[] = [];
  const times: string[] = [];
  const amounts: number[] = [];
  const add = ({ values: [time = 0, amount = 0] }: Transaction) => {
    times.push(new Date(time).toISOString().slice(0, 16));
    amounts.push(amount);
  };
  const reader = new TransactionReader(
    { add },
    {
      input: {
        missingValues: ['NA'],
        maxRejectedShare: 1,
        fields: {
          member: { titles: ['ID'], type: 'string', required: true },
          time: { titles: ['DAY'], type: 'datetime', required: true, ...fields.time },
          amount: { titles: ['AMOUNT'], type: 'number', ...fields.amount },
          ...(fields.more && { more: fields.more }),
        },
      },
      asOfDay: AS_OF_DAY,
      reject: async (rows) => {
        rejected.push(...rows);
      },
    },
  );
  const unusable = await reader.read([{ open: async () => open() }]).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  const reasons = rejected.map(({ line, reason }) => `${line}: ${reason}`);
  return {
    times,
    amounts,
    reasons,
    unusable,
    readings,
    understood: reader.understood.columns.slice(1),
    checks: reader.understood.checks,
    counts: reader.counts,
  };
}

const ofDays = (...days: string[]) => ['ID,DAY,AMOUNT', ...days.map((day) => `A,"${day}",1`), ''].join('\n');

/** As many rows as the first stretch of a file does not hold. */
const MANY = 10_000;

describe('dates in numbers', () => {
  it('are in the order that one of them decides, also those above it', async () => {
    const run = await read(ofDays('01/02/2024', '05/06/2024', '31/01/2024'));
    expect(run.times).toEqual(['2024-02-01T00:00', '2024-06-05T00:00', '2024-01-31T00:00']);
    expect(run.understood[0]).toEqual({
      field: 'time',
      header: 'DAY',
      form: 'day/month/year, as in 31/01/2024',
      decidedBy: 'line 4: 31/01/2024',
    });
    expect(run.readings).toBe(1);
  });

  it('are month/day/year where a day is in the second place', async () => {
    const run = await read(ofDays('1/2/2024 9:12', '1/15/2024 18:40'));
    expect(run.times).toEqual(['2024-01-02T09:12', '2024-01-15T18:40']);
  });

  it.each([['31.12.2023'], ['12-31-2023'], ['31/12/23'], ['12 31 2023 7:05 AM']])(
    'are decided by %s, whatever stands between them',
    async (cell) => {
      const run = await read(ofDays('02/01/2024', cell));
      expect(run.times[0]).toBe(cell.startsWith('31') ? '2024-01-02T00:00' : '2024-02-01T00:00');
      expect(run.reasons).toEqual([]);
    },
  );

  it('are decided by what rules out one order and what rules out another', async () => {
    // 31-… is no month first, …-32 no day last: the days are first.
    const run = await read(ofDays('12-11-10', '31-01-24', '10-01-32'));
    expect(run.unusable).toBeUndefined();
    expect(run.times).toEqual(['2010-11-12T00:00', '2024-01-31T00:00']);
    expect(run.reasons).toEqual(['4: DAY "10-01-32" is after the as-of day']);
  });

  it('are decided by the last row of a file that is read as a stream, by reading it twice', async () => {
    const run = await read(ofDays(...Array<string>(MANY).fill('01/02/2024'), '13/02/2024'));
    expect(run.counts).toMatchObject({ accepted: MANY + 1, rejected: 0 });
    expect(new Set(run.times)).toEqual(new Set(['2024-02-01T00:00', '2024-02-13T00:00']));
    expect(run.readings).toBe(2);
    expect(run.understood[0]?.decidedBy).toBe(`line ${MANY + 2}: 13/02/2024`);
  });

  it('are read once where a later stretch decides before anything had to wait', async () => {
    const run = await read(ofDays(...Array<string>(MANY).fill('2024-01-31'), '13/02/2024', '01/02/2024'));
    expect(run.times.slice(-2)).toEqual(['2024-02-13T00:00', '2024-02-01T00:00']);
    expect(run.readings).toBe(1);
    expect(run.understood[0]?.decidedBy).toBe(`line ${MANY + 2}: 13/02/2024`);
  });

  it('are refused where none decides, with both orders', async () => {
    const run = await read(ofDays('02/02/2024', '01/02/2024 9:12', '05/06/2024 10:00'));
    expect(run.unusable).toBe(
      'UnusableFileError: DAY cannot be read: "01/02/2024 9:12" in line 3 looks like day/month/year or month/day/year, and no cell of the column decides it; set format: day/month/year or month/day/year',
    );
    expect(run.readings).toBe(2);
  });

  it.each([
    ['10/11/12', 'day/month/year, month/day/year or year/month/day'],
    ['01/02/24 09:05:01 PM', 'day/month/year, month/day/year or year/month/day'],
    ['01.02.2024T10:15:02.5+01:00', 'day/month/year or month/day/year'],
  ])('%s alone is refused, with orders that read it', async (cell, orders) => {
    expect((await read(ofDays(cell))).unusable).toContain(`; set format: ${orders}`);
    for (const format of orders.split(/, | or /))
      expect((await read(ofDays(cell), { time: { format } })).counts.accepted).toBe(1);
  });

  it.each([
    ['31/12/23', '2023-12-31T00:00'],
    ['25/12/23', '2023-12-25T00:00'],
    ['31.12.23', '2023-12-31T00:00'],
    ['24-01-31', '2024-01-31T00:00'],
    // In any order, their year is after that of the as-of day: no row may have them.
    ['30/01/31', undefined],
  ])('of two-digit years are in no year after the as-of day, which decides %s', async (cell, time) => {
    expect((await read(ofDays('2024-01-01', cell))).times.slice(1)).toEqual(time === undefined ? [] : [time]);
  });

  it('of two-digit years may be of a later year in a field that orders nothing', async () => {
    const run = await read('ID,DAY,UNTIL,AMOUNT\nA,2024-01-31,25/12/23,1\n', {
      more: { titles: ['UNTIL'], type: 'datetime' },
    });
    expect(run.unusable).toContain('"25/12/23" in line 2 looks like day/month/year or year/month/day');
  });

  it('reject their row where one in twenty contradicts the others, as a typing error does', async () => {
    const run = await read(ofDays('01/30/2024', ...Array<string>(19).fill('31/01/2024'), '01/02/2024'));
    expect(run.times).toEqual([...Array<string>(19).fill('2024-01-31T00:00'), '2024-02-01T00:00']);
    expect(run.reasons).toEqual([
      '2: DAY "01/30/2024" is not a date or time: it looks like month/day/year, and the column is day/month/year, as in 31/01/2024',
    ]);
    expect(run.checks).toEqual([]);
  });

  it.each([
    [['31/01/2024', '01/31/2024', '05/06/2024']],
    [['05/06/2024', '31/01/2024', '01/31/2024']],
    [['31/01/2024', '05/06/2024', '01/31/2024']],
    [['01/31/2024', '01/30/2024', ...Array<string>(30).fill('31/01/2024')]],
    [['01/30/2024', '01/31/2024', '13/01/2024']],
  ])('are refused where more contradict, whichever comes first: %j', async (days) => {
    const run = await read(ofDays(...days));
    expect(run.times).toEqual([]);
    expect(run.unusable).toMatch(/^UnusableFileError: DAY cannot be read: .* are in different orders; set format: /);
  });

  it('are refused where a later stretch of the file contradicts itself, also in its first rows', async () => {
    const run = await read(ofDays(...Array<string>(MANY).fill('02/02/2024'), '31/01/2024', '01/31/2024'));
    expect(run.unusable).toContain(
      `"31/01/2024" in line ${MANY + 2} and "01/31/2024" in line ${MANY + 3} are in different orders`,
    );
  });

  it('are decided by the whole file where its first rows contradict themselves', async () => {
    const run = await read(ofDays('01/31/2024', ...Array<string>(MANY).fill('31/01/2024')));
    expect(run.counts).toMatchObject({ accepted: MANY, rejected: 1 });
  });

  it('are to be checked where later rows contradict, because those that fit both may be wrong', async () => {
    const later = [...Array<string>(MANY).fill('01/02/2024'), ...Array<string>(MANY).fill('01/31/2024')];
    const run = await read(ofDays('31/01/2024', ...later));
    expect(run.counts).toMatchObject({ accepted: MANY + 1, rejected: MANY });
    expect(run.checks).toEqual([
      {
        about: 'dates',
        count:
          'in one column, 10,000 dates that may be in several orders were read as day/month/year, and 10,000 others cannot be',
        advice:
          'DAY was read as day/month/year because of 31/01/2024 in line 2, and cells such as 01/31/2024 contradict it. Dates that fit both may be wrong. Have all of them written in one order, or set format to the one that counts.',
      },
    ]);
  });

  it('are read of cells that are written as formulas, too', async () => {
    const cells = ['="01/02/2024"', '="31/01/2024"'];
    const file = ['ID,DAY,AMOUNT', ...cells.map((cell) => `A,${cell},1`), ''].join('\n');
    expect((await read(file)).times).toEqual(['2024-02-01T00:00', '2024-01-31T00:00']);
    expect((await read('ID,DAY,AMOUNT\nA,="01/02/2024",1\n')).unusable).toContain('"01/02/2024" in line 2 looks like');
  });

  it('are refused where as many are in one order as in the other', async () => {
    const run = await read(ofDays('01/02/2024', '31/01/2024', '01/31/2024'));
    expect(run.unusable).toBe(
      'UnusableFileError: DAY cannot be read: "31/01/2024" in line 3 and "01/31/2024" in line 4 are in different orders; set format: day/month/year or month/day/year',
    );
  });

  it('are refused where no order fits all of them', async () => {
    const run = await read(ofDays('24-01-31', '01/31/24'));
    expect(run.unusable).toContain(
      '"24-01-31" in line 2 and "01/31/24" in line 3 are in different orders; set format: year/month/day or month/day/year',
    );
  });

  it('may stand beside dates that say their order', async () => {
    const run = await read(ofDays('2024-01-31', '31/01/2024', 'Feb 1, 2024', '01/02/2024'));
    expect(run.times).toEqual(['2024-01-31T00:00', '2024-01-31T00:00', '2024-02-01T00:00', '2024-02-01T00:00']);
  });

  it('reject their rows alone where other dates say their order and none decides', async () => {
    const run = await read(ofDays('2024-01-31', '01/02/2024', '02/02/2024'));
    expect(run.unusable).toBeUndefined();
    expect(run.times).toEqual(['2024-01-31T00:00', '2024-02-02T00:00']);
    expect(run.reasons).toEqual([
      '3: DAY "01/02/2024" is not a date or time: it looks like day/month/year or month/day/year, and the column has its order in each cell, as in 2024-01-31; set format: day/month/year or month/day/year',
    ]);
  });

  it('reject their rows alone where other dates say their order and they contradict', async () => {
    const run = await read(ofDays('2024-01-31', '31/01/2024', '01/31/2024', '05/06/2024'));
    expect(run.times).toEqual(['2024-01-31T00:00']);
    const different = 'and the column has different orders, as in 31/01/2024 and 01/31/2024';
    expect(run.reasons.map((reason) => reason.replace(/.*it looks like /, ''))).toEqual([
      `day/month/year, ${different}; set format: day/month/year`,
      `month/day/year, ${different}; set format: month/day/year`,
      `day/month/year or month/day/year, ${different}; set format: day/month/year or month/day/year`,
    ]);
  });

  it('are not decided by blank cells, nor by rows that have other columns', async () => {
    const run = await read('ID,DAY,AMOUNT\nA,NA,1\nA,31/01/2024,1,2\nA,01/02/2024,1\n');
    expect(run.unusable).toContain('"01/02/2024" in line 4 looks like');
  });
});

describe('dates whose order the partner file says', () => {
  const days = [
    '1/2/2024 9:12',
    '1/2/2024',
    '3/4/2024 10:00:05',
    'Mon, 05.06.2023 9:12 a.m.',
    '2024-01-31',
    '1 Feb 2024',
  ];

  it('are in it, whatever else is in their cells', async () => {
    const run = await read(ofDays(...days), { time: { format: 'day/month/year' } });
    expect(run.reasons).toEqual([]);
    expect(run.times).toEqual([
      '2024-02-01T09:12',
      '2024-02-01T00:00',
      '2024-04-03T10:00',
      '2023-06-05T09:12',
      '2024-01-31T00:00',
      '2024-02-01T00:00',
    ]);
    expect(run.understood[0]).toMatchObject({ form: 'day/month/year', decidedBy: 'the partner file' });
    expect(run.readings).toBe(1);
  });

  it('reject their row where they are in another one', async () => {
    const run = await read(ofDays('01/02/2024', '31/01/2024'), { time: { format: 'month/day/year' } });
    expect(run.times).toEqual(['2024-01-02T00:00']);
    expect(run.reasons).toEqual([
      '3: DAY "31/01/2024" is not a date or time: it looks like day/month/year, and format is month/day/year',
    ]);
    expect(run.checks).toEqual([]);
  });

  it('are in the time zone of the field, unless they name an offset', async () => {
    const time = { format: 'day/month/year', timezone: 'America/New_York' };
    const run = await read(ofDays('01/02/2024 10:15', '01/02/2024 10:15 UTC'), { time });
    expect(run.times).toEqual(['2024-02-01T15:15', '2024-02-01T10:15']);
  });

  it('may have the year first, in two digits or in full', async () => {
    const run = await read(ofDays('23/02/01', '2024/02/01', '31/01/2024'), { time: { format: 'year/month/day' } });
    expect(run.times).toEqual(['2023-02-01T00:00', '2024-02-01T00:00']);
  });
});

describe('dates whose format the partner file says', () => {
  it('are read by it, and nothing is inferred', async () => {
    const run = await read(ofDays('01/02/2024', '31/01/2024', '01/31/2024', '2024-01-31'), {
      time: { format: '%m/%d/%Y' },
    });
    expect(run.times).toEqual(['2024-01-02T00:00', '2024-01-31T00:00']);
    expect(run.reasons).toEqual([
      '3: DAY "31/01/2024" is not a date or time as %m/%d/%Y reads it',
      '5: DAY "2024-01-31" is not a date or time as %m/%d/%Y reads it',
    ]);
    expect(run.understood[0]).toMatchObject({ form: '%m/%d/%Y', decidedBy: 'the partner file' });
  });

  it.each([
    ['epoch', '1706695200', '2024-01-31T10:00'],
    ['epoch', '1706695200.5', '2024-01-31T10:00'],
    ['epochMillis', '1706695200000', '2024-01-31T10:00'],
    ['excel', '45322', '2024-01-31T00:00'],
    ['excel', '45322.75', '2024-01-31T18:00'],
    ['excel', '45322,75', '2024-01-31T18:00'],
  ])('are counted by %s: %s', async (format, cell, time) => {
    expect((await read(ofDays(cell), { time: { format } })).times).toEqual([time]);
  });

  it('are days of the time zone for Excel', async () => {
    const run = await read(ofDays('45322.5'), { time: { format: 'excel', timezone: 'America/New_York' } });
    expect(run.times).toEqual(['2024-01-31T17:00']);
  });

  it.each([
    ['epoch', '2024-01-31'],
    ['excel', '1e3'],
    ['epochMillis', '0x10'],
    ['epoch', '99999999999999'],
  ])('are nothing else by %s: %s', async (format, cell) => {
    expect((await read(ofDays(cell), { time: { format } })).reasons[0]).toContain(`as ${format} reads it`);
  });
});

describe('dates that are none', () => {
  it.each([
    ['excel', '0'],
    ['excel', '0.0'],
    ['%Y-%m-%d', '1899-12-30'],
    ['%Y-%m-%d', '0001-01-01'],
  ])('are blank by %s: %s', async (format, cell) => {
    expect((await read(ofDays(cell), { time: { format } })).reasons).toEqual(['2: DAY is blank']);
  });

  const early = ['1900-01-01', '0024-01-02', '1753-01-01T00:00', '1445-06-20', '31.12.1949'];

  it('are to be checked where they are days before all transactions', async () => {
    const run = await read(ofDays('1950-01-01', ...early, '2024-01-31'));
    expect(run.counts).toMatchObject({ accepted: 7, rejected: 0 });
    expect(run.checks).toEqual([
      {
        about: 'dates',
        count: 'in one column, 5 dates are before 1950',
        advice:
          'DAY has dates such as 1900-01-01. Where they stand for no date, add them to missingValues of the field.',
      },
    ]);
  });

  it('need no check in a field that orders nothing, as of birthdays', async () => {
    const more: FieldDefinition = { titles: ['BORN'], type: 'datetime' };
    expect((await read('ID,DAY,BORN,AMOUNT\nA,2024-01-31,1949-12-31,1\n', { more })).checks).toEqual([]);
  });
});

const ofAmounts = (...amounts: string[]) =>
  ['ID;DAY;AMOUNT', ...amounts.map((n) => `A;2024-01-31;${n}`), ''].join('\n');

describe('numbers', () => {
  it('are with a decimal comma where one of them decides it, also those above it', async () => {
    const run = await read(ofAmounts('1.500', '2.000', '300', '12,50'));
    expect(run.amounts).toEqual([1500, 2000, 300, 12.5]);
    expect(run.understood[1]).toEqual({
      field: 'amount',
      header: 'AMOUNT',
      form: 'decimal comma, as in 12,50',
      decidedBy: 'line 5: 12,50',
    });
    expect(run.readings).toBe(1);
  });

  it('are with a decimal point where one of them decides it', async () => {
    expect((await read(ofAmounts('1.500', '1,500', '0.5'))).amounts).toEqual([1.5, 1500, 0.5]);
  });

  it('are decided by the last row of a file that is read as a stream, by reading it twice', async () => {
    const run = await read(ofAmounts(...Array<string>(MANY).fill('1.500'), '1.234.567'));
    expect(new Set(run.amounts)).toEqual(new Set([1500, 1_234_567]));
    expect(run.counts.accepted).toBe(MANY + 1);
    expect(run.readings).toBe(2);
  });

  it('are read once where they are whole, or the first rows decide', async () => {
    expect((await read(ofAmounts(...Array<string>(MANY).fill('1500')))).readings).toBe(1);
    expect((await read(ofAmounts('0.5', ...Array<string>(MANY).fill('1.500')))).readings).toBe(1);
  });

  it.each([
    [
      ['1.500', '2.000', '300'],
      '"1.500" in line 2 is 1500 or 1.5, and no cell of the column decides it; set decimalChar: "," to read 1500, decimalChar: "." to read 1.5',
    ],
    [
      ['7', '1,234'],
      '"1,234" in line 3 is 1234 or 1.234, and no cell of the column decides it; set decimalChar: "." to read 1234, decimalChar: "," to read 1.234',
    ],
  ])('are refused where none of %j decides', async (amounts, reason) => {
    const run = await read(ofAmounts(...amounts));
    expect(run.unusable).toBe(`UnusableFileError: AMOUNT cannot be read: ${reason}`);
  });

  it.each([
    [',', [1500, -1500, 1500, 12_345.5, -12.5, Number.NaN, 1500]],
    ['.', [1.5, -1.5, 1.5, Number.NaN, 1.5]],
  ])(
    'are read as either of the two that a refusal names, and all else as the column tells: %s',
    async (sign, values) => {
      const amounts = ['1.500', '(1.500)', '$1.500', '12 345,5', '-12,50', '$ -', "'1.500"];
      const run = await read(ofAmounts(...amounts), { amount: { decimalChar: sign } });
      expect(run.amounts).toEqual(values);
      expect(run.understood[1]).toMatchObject({ form: `decimalChar: "${sign}"`, decidedBy: 'the partner file' });
      expect(run.readings).toBe(1);
    },
  );

  it('that contradict the decimal sign of the partner file reject their rows', async () => {
    const points = await read(ofAmounts('12,50', '1,500', '12.50'), { amount: { decimalChar: '.' } });
    expect(points.amounts).toEqual([1500, 12.5]);
    expect(points.reasons).toEqual([
      '2: AMOUNT "12,50" has a decimal comma, and by the partner file the column has a decimal point',
    ]);
    const commas = await read(ofAmounts('12.50', '1.500'), { amount: { decimalChar: ',' } });
    expect(commas.amounts).toEqual([1500]);
    expect(commas.reasons).toEqual([
      '2: AMOUNT "12.50" has a decimal point, and by the partner file the column has a decimal comma',
    ]);
    expect(commas.checks).toEqual([]);
  });

  it('are decided by the most, not by the first of them', async () => {
    const run = await read(ofAmounts('1,5', '2.5', '3.5'));
    expect(run.amounts).toEqual([2.5, 3.5]);
    expect(run.reasons).toEqual(['2: AMOUNT "1,5" has a decimal comma, and the column has a decimal point, as in 2.5']);
  });

  it.each([
    [
      ['1.234.567', '1,234,567', '1,500'],
      '"1,500" in line 4 is 1500 or 1.5, and "1.234.567" in line 2 has a decimal comma and "1,234,567" in line 3 a decimal point',
    ],
    [
      ['12.50', '12,50', '1,500', '13,20'],
      '"1,500" in line 4 is 1500 or 1.5, and "12.50" in line 2 has a decimal point and "12,50" in line 3 a decimal comma',
    ],
    [
      ['12,50', '12,60', '12.50', '1.500'],
      '"1.500" in line 5 is 1500 or 1.5, and "12,50" in line 2 has a decimal comma and "12.50" in line 4 a decimal point',
    ],
  ])('are refused where %j contradict each other and some can be read in two ways', async (amounts, reason) => {
    const run = await read(ofAmounts(...amounts));
    const [group, decimal] = reason.startsWith('"1,') ? ['.', ','] : [',', '.'];
    expect(run.unusable).toBe(
      `UnusableFileError: AMOUNT cannot be read: ${reason}; set decimalChar: "${group}" to read 1500, decimalChar: "${decimal}" to read 1.5`,
    );
    expect(run.understood[1]).toEqual({ field: 'amount', header: 'AMOUNT' });
  });

  it('are read where one in twenty contradicts the others', async () => {
    const agreeing = Array<string>(19).fill('12.50');
    expect((await read(ofAmounts('12,50', ...agreeing, '1,500'))).amounts.at(-1)).toBe(1500);
    expect((await read(ofAmounts('12,50', ...agreeing.slice(1), '1,500'))).unusable).toContain('"1,500" in line 21');
  });

  it('are decided by the whole file where its first rows contradict each other', async () => {
    const whole = Array<string>(MANY).fill('7');
    const run = await read(ofAmounts('12.50', '12,50', ...whole, '1,500', ...Array<string>(MANY).fill('12.50')));
    expect(run.amounts[MANY + 1]).toBe(1500);
    expect(run.counts).toMatchObject({ accepted: 2 * MANY + 2, rejected: 1 });
    expect(run.readings).toBe(2);
  });

  it('are to be looked at where many contradict the cell that decided how others were read', async () => {
    const grouped = Array<string>(MANY).fill('1,500');
    const run = await read(ofAmounts('12,50', ...grouped, ...Array<string>(MANY).fill('1,234.50')));
    expect(run.checks).toEqual([
      {
        about: 'numbers',
        count:
          'in one column, 10,000 numbers that can be read in two ways were read in one of them, and 10,000 others contradict it',
        advice:
          'In AMOUNT, 10,000 numbers such as 1,500 were read with a decimal comma because of 12,50 in line 2, and 10,000 others have a decimal point. Compare some numbers with the system that they come from, and set decimalChar: "." or decimalChar: ",".',
      },
    ]);
  });

  it('are to be looked at with a decimal point, too, which most cells of most files have', async () => {
    const amounts = ['12.50', ...Array<string>(MANY).fill('1.500'), '0.500', '1.5e3', ...Array<string>(2).fill('1,5')];
    const [check] = (await read(ofAmounts(...amounts))).checks;
    expect(check?.advice).toMatch(
      /^In AMOUNT, 10,000 numbers such as 1.500 were .* decimal point because of 12.50 in line 2, and 2 others have/,
    );
    const agreeing = Array<string>(40).fill('12.50');
    expect((await read(ofAmounts(...agreeing, '1.500', '1,5', '1,5'))).checks).toEqual([]);
    expect((await read(ofAmounts(...agreeing, '1,5', '1,5', '1,5'))).checks).toEqual([]);
  });

  it('that can be read in two ways reject a row that is shorter than the header where nothing decides', async () => {
    const run = await read('ID;DAY;AMOUNT;NOTE\nA;2024-01-31;1.500\nA;2024-01-31;7;x\n');
    expect(run.amounts).toEqual([7]);
    expect(run.reasons).toEqual([
      '2: AMOUNT "1.500" can be read in two ways; set decimalChar: "." or decimalChar: ","',
    ]);
  });

  it('are blank where accountants write a dash', async () => {
    const run = await read(ofAmounts('" $1,234.56 "', ' -   ', ' $(12.50)'));
    expect(run.amounts).toEqual([1234.56, Number.NaN, -12.5]);
    expect(run.counts).toMatchObject({ accepted: 3, imputed: 1 });
    expect((await read(ofAmounts('-', '5'), { amount: { required: true } })).reasons).toEqual(['2: AMOUNT is blank']);
  });

  it('are read by what the partner file says, and nothing is inferred', async () => {
    const run = await read(ofAmounts('1,5', '1.500', '$5'), { amount: { bareNumber: true } });
    expect(run.amounts).toEqual([1.5]);
    expect(run.reasons).toEqual([
      '2: AMOUNT "1,5" is not a number by bareNumber: true',
      '4: AMOUNT "$5" is not a number by bareNumber: true',
    ]);
    expect(run.understood[1]).toMatchObject({ form: 'bareNumber: true', decidedBy: 'the partner file' });
  });
});

describe('numbers beside other numbers', () => {
  const input = (points: string[], prices: string[]) =>
    ['ID;DAY;POINTS;PRICE', ...points.map((point, row) => `A;2024-01-31;${point};${prices[row]}`), ''].join('\n');

  /** What is read of two columns. */
  async function readBoth(points: string[], prices: string[]) {
    const rows: number[][] = [];
    const add = ({ values }: Transaction) => rows.push([...values.slice(1)]);
    const fields: Record<string, FieldDefinition> = {
      member: { titles: ['ID'], type: 'string', required: true },
      time: { titles: ['DAY'], type: 'datetime', required: true },
      points: { titles: ['POINTS'], type: 'number' },
      price: { titles: ['PRICE'], type: 'number' },
    };
    const reject = async () => undefined;
    const reader = new TransactionReader(
      { add },
      { input: { missingValues: [], maxRejectedShare: 1, fields }, asOfDay: AS_OF_DAY, reject },
    );
    const open = async function* () {
      yield Buffer.from(input(points, prices));
    };
    const unusable = await reader.read([{ open: async () => open() }]).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    return { rows, unusable, understood: reader.understood.columns.slice(1) };
  }

  it('have commas between groups where the others have decimal points', async () => {
    const run = await readBoth(['12,000', '500'], ['1,400.00', '20.00']);
    expect(run.rows).toEqual([
      [12_000, 1400],
      [500, 20],
    ]);
    expect(run.understood[1]?.decidedBy).toBe('line 2: 1,400.00 in PRICE');
  });

  it('have points between groups where the others have decimal commas', async () => {
    expect((await readBoth(['1.500'], ['12,50'])).rows).toEqual([[1500, 12.5]]);
  });

  it('are refused where the others have the same sign for decimals: it may be either here', async () => {
    const run = await readBoth(['1.500', '300'], ['12.50', '20.00']);
    expect(run.unusable).toContain('POINTS cannot be read: "1.500" in line 2 is 1500 or 1.5');
  });
});

describe('cells in which something is that nobody sees', () => {
  it('decide like any others, and wait like them', async () => {
    const dates = await read(ofDays('\u200e01/02/2024', '\u200e\u200e05/06/2024', '\u200e31/01/2024'));
    expect(dates).toMatchObject({
      times: ['2024-02-01T00:00', '2024-06-05T00:00', '2024-01-31T00:00'],
      reasons: [],
      unusable: undefined,
    });
    const amounts = await read('ID,DAY,AMOUNT\nA,2024-01-01,"\u202d1,500\u202c"\nA,2024-01-01,\u200b12.50\n');
    expect(amounts).toMatchObject({ amounts: [1500, 12.5], reasons: [], unusable: undefined });
  });

  it('are refused like any others where nothing decides', async () => {
    expect((await read(ofDays('\u200e01/02/2024'))).unusable).toMatch(
      /DAY cannot be read: "01\/02\/2024" in line 2 looks/,
    );
    expect((await read('ID,DAY,AMOUNT\nA,2024-01-01,"\u200b1,500"\n')).unusable).toMatch(
      /AMOUNT cannot be read: "1,500"/,
    );
  });
});
