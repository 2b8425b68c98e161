import { csv, HEADER, type HostileFile, REST, row } from './hostile-file.ts';

const NOT_A_NUMBER = /^LAST_TRANSACTION_POINTS_BOUGHT ".*" is not a number(?:[:;] .*)?$/;
const NOT_A_TIME = /^LAST_TRANSACTION_TS ".*" is not a date or time[:;] (?:it|wanted) is /;
const points = (cell: string) => row(`points ${cell}`, `A,2024-01-01,buy,${cell},1`, NOT_A_NUMBER);
const time = (cell: string) => row(`time ${cell}`, `A,${cell},buy,1,1`, NOT_A_TIME);
const future = (cell: string) => row(`time ${cell}`, `A,${cell},buy,1,1`, /is after the as-of day$/);
const fineTime = (cell: string): HostileFile => ({
  name: `time ${cell}`,
  file: csv(`A,${cell},buy,1,1`),
  members: ['A'],
});

export const NUMBERS: HostileFile[] = [
  ...['1e308', '1e400', '-1e16', '1000000000000001'].map((cell) =>
    row(`points ${cell}`, `A,2024-01-01,buy,${cell},1`, / is too large: 1e15 is the most$/),
  ),
  ...['0x10', '0b1', '0o7', '½', '5²', '1_000', '--5', '+-5', '1e', 'e5', '.', '1.2.3', 'Infinity', '5n'].map(points),
  ...['5%%', '(5', '5)', '(-5)', '5 apples', '$5%', '1  000', '1 00', '10 00'].map(points),
  {
    name: 'points that may be a thousand or one',
    file: csv('A,2024-01-01,buy,"1,000",1'),
    accepted: 0,
    unusable: /^LAST_TRANSACTION_POINTS_BOUGHT cannot be read: "1,000" in line 2 is 1000 or 1, and no cell/,
  },
  row(
    'a thousands comma without quotes',
    'A,2024-01-01,buy,1,000,1',
    /^6 fields, but the header has 5: an amount with a comma may lack its quotes$/,
  ),
  {
    name: 'numbers in unusual clothes',
    file: csv(
      ...[
        '  1 ',
        '+1',
        '1.',
        '1.0',
        '01',
        '1e0',
        '10e-1',
        '"1"',
        '\u00a01\u3000',
        '1E+0',
        '$1',
        '1 USD',
        "'1",
        '"=""1"""',
        '１',
        '١',
        '\u200b1',
        '1+',
        '“1”',
      ].map((n) => `A,,buy,${n},1`),
    ),
    members: ['A'],
    accepted: 19,
  },
];

export const TIMES: HostileFile[] = [
  ...['0000-00-01', '10000-01-01', '+010000-01-01', '-0001-01-01', '2024-13-01', '2024-01-00', '2024-01-32'].map(time),
  ...['2023-02-29', '1900-02-29', '2024-02-30', '2024-04-31', '30/02/2024', '20240230'].map(time),
  ...['2024-01-31T24:00:01', '2024-01-31T25:00', '2024-01-31 23:60', '2016-12-31T23:58:60Z', '2024-01-31T'].map(time),
  ...['2024-01-31T10', '2024-01-31 10:15:', '2024-01-31 10:15:02.'].map(time),
  ...[
    '2024-01-01T10:15.5',
    '2024-01-01T10:15+05:',
    '2024-01-01T10:15+5',
    '2024-01-01T10:15+24:00',
    '２０２４-01-01',
  ].map(time),
  ...['1706659200000', '1706659200', '45322'].map((cell) =>
    row(`time ${cell}`, `A,${cell},buy,1,1`, / is not a date or time: it looks like .*; set format: (epoch|excel)/),
  ),
  ...['2024-1-1', '01/31/2024', '31.01.2024', '20240131', '2024-01-01 10:15 PM', '2024-01-01T10:15:02 UTC'].map(
    fineTime,
  ),
  ...['2024-01-01Z', '2024-W01-1', '2024-001', 'yesterday'].map(time),
  ...['9999-12-31', '2024-02-01', '2024-01-31T24:00:00', '2024-01-31T23:59:59-14:00', '2024-01-31T20:00:00-04:00'].map(
    future,
  ),
  ...[
    '2000-02-29',
    '2020-02-29',
    '2024-01-30T24:00:00',
    '2016-12-31T23:59:60Z',
    '0001-01-02',
    '0000-02-29',
    '2024-01-31T23:59:59.999Z',
    '2024-02-01T13:59:59+14:00',
  ].map(fineTime),
  ...['2024-01-30T10:00-14:00', '2024-01-31t10:15z', '2024-01-31 10:15', '2024-01-31 10:15:02.123456789+0530'].map(
    fineTime,
  ),
];

const TOO_LONG = /^MEMBER_ID "x{60}…" is longer than 1,024 characters$/;
const CONTROL = /^MEMBER_ID ".*" holds control characters$/;

export const IDS: HostileFile[] = [
  {
    name: 'ids of many scripts are as many members, and one where only what nobody sees differs',
    file: csv(
      ...[
        'محمد',
        'דוד',
        '\u200fדוד',
        'דוד\u200e',
        '山田',
        'अनिल',
        '👨‍👩‍👧',
        '👨👩👧',
        'é',
        'e\u0301',
        'ﬁ',
        'fi',
        'İ',
        'i',
      ].map((id) => id + REST),
    ),
    members: ['محمد', 'דוד', '山田', 'अनिल', '👨‍👩‍👧', '👨👩👧', 'é', 'ﬁ', 'fi', 'İ', 'i'],
    accepted: 14,
  },
  {
    name: 'ids that are equal after trimming are one member',
    file: csv(
      ...['A', ' A', 'A ', '\tA', '"A"', '" A "', '\u00a0A', 'A\u3000', '\uFEFFA'].map((id) => id + REST),
      `a${REST}`,
    ),
    members: ['A', 'a'],
    accepted: 10,
  },
  {
    name: 'ids that are names in JavaScript',
    file: csv(
      ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Infinity', 'undefined', '0', '00'].map(
        (id) => id + REST,
      ),
    ),
    members: ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Infinity', '0', '00'],
    accepted: 7,
    rejected: [[7, /^MEMBER_ID is blank$/]],
  },
  ...['""', ' ', '" "', '\u00a0', '\u3000', '"\u00a0\u2003"', '\uFEFF'].map((id) =>
    row(`the blank id ${JSON.stringify(id)}`, id + REST, /^MEMBER_ID is blank$/),
  ),
  row('an id of a line break', `"A\nB"${REST}`, CONTROL),
  row('an id of a bell', `A\u0007${REST}`, CONTROL),
  row('an id of a tab within', `A\tB${REST}`, CONTROL),
  {
    name: 'cells that look like formulas or comments are text',
    file: csv(`=1+1${REST}`, `"=HYPERLINK(""http://x"",""y"")"${REST}`, `@SUM(A1)${REST}`, `-A${REST}`, `#A${REST}`),
    members: ['=1+1', '=HYPERLINK("http://x","y")', '@SUM(A1)', '-A', '#A'],
    accepted: 5,
  },
  { name: 'an id as long as may be', file: csv(`${'x'.repeat(1_024)} ${REST}`), members: ['x'.repeat(1_024)] },
  { name: 'an id of as many other characters', file: csv('é'.repeat(1_024) + REST), members: ['é'.repeat(1_024)] },
  row('an id that is longer', 'x'.repeat(1_025) + REST, TOO_LONG),
  row('a very long id', 'x'.repeat(200_000) + REST, TOO_LONG),
  {
    name: 'a very long cell that is not needed',
    file: `${HEADER},NOTE\nA${REST},"${'y\n'.repeat(100_000)}"\nB${REST},\n`,
    members: ['A', 'B'],
    accepted: 2,
  },
  row(
    'a very long cell that cannot be read',
    `A,2024-01-01,buy,${'9'.repeat(200_000)},1`,
    /^LAST_.* "9{60}…" is not a number/,
  ),
];
