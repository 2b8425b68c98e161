import { csv, HEADER, type HostileFile, REST, row } from './hostile-file.ts';

const NEVER_CLOSED = /^a quote is opened and never closed$/;
const INSIDE = /^a quote stands inside a field that does not begin with one$/;
const UNMATCHED = /^the quotes do not match: a quoted field must end at a comma or the end of the line$/;
const CLOSED_LATE = /^a quote is closed on a later line, and the fields up to there are not as many as in the header$/;
const TOO_LONG = /^the line is longer than 256 KiB$/;
const FEWER = (fields: number) => new RegExp(`^${fields} fields?, but the header has `);

const lines = (count: number, line: string) => Array.from({ length: count }, () => line);

export const QUOTES: HostileFile[] = [
  row('unclosed at the start of a row', `"A${REST}`, NEVER_CLOSED),
  row('unclosed in the middle', 'A,2024-01-01,"buy,1,1', NEVER_CLOSED),
  row('unclosed at the end', 'A,2024-01-01,buy,1,"', NEVER_CLOSED),
  row('a quote after text', 'A,2024-01-01,buy",1,1', INSIDE),
  row('text after a quote', 'A,2024-01-01,"buy"x,1,1', UNMATCHED),
  { name: 'blanks around quotes', file: csv('"A" , "2024-01-01",\t"buy" ,1, "1"'), members: ['A'] },
  row('three quotes', 'A,2024-01-01,"""buy",1,1', /LAST_TRANSACTION_TYPE "\\"buy" is not buy/),
  { name: 'a backslash instead of a second quote', file: csv(`"A\\"B"${REST}`), members: ['A"B'] },
  row('typographic quotes, which are none', 'A,2024-01-01,“buy”,1,1', /"“buy”" is not buy/),
  { name: 'doubled quotes', file: csv(`"A""B"${REST}`, `""""${REST}`), members: ['A"B', '"'], accepted: 2 },
  { name: 'a quoted header', file: csv(`A${REST}`).replaceAll(/[A-Z_]{5,}/g, '"$&"'), members: ['A'] },
  { name: 'a line break in the header', file: csv(`A${REST}`).replace('MEMBER_ID', '"MEMBER\n_ID"'), members: ['A'] },
  { name: 'an unclosed quote in the header', file: `"${csv(`A${REST}`)}`, unusable: /^no header: in line 1 a quote/ },
  {
    name: 'a quote inside a name of the header',
    file: csv().replace('_', '"'),
    unusable: /^no header: in line 1 a quote/,
  },
  {
    name: 'an unclosed quote in the last line, without a line end',
    file: `${csv(`A${REST}`)}B,"`,
    members: ['A'],
    rejected: [[3, NEVER_CLOSED]],
  },
  { name: 'a quoted cell at the end, and half a CRLF', file: `${HEADER}\r\nA,,,1,"1"\r`, members: ['A'] },
  { name: 'a quoted cell at the end, and two halves', file: `${HEADER}\r\nA,,,1,"1"\r\r`, members: ['A'] },
  {
    name: 'quoted line breaks of every kind',
    file: `${HEADER},NOTE\r\nA${REST},"1\n2\r\n3\r4"\r\nB,x${REST}\r\n`,
    members: ['A'],
    rejected: [[5, /^LAST_TRANSACTION_TS "x" is not a date/]],
  },
  {
    name: 'two unclosed quotes, which close each other over rows between them',
    file: csv('A,2024-01-01,"buy,1,1', `B${REST}`, `C${REST}`, 'D,"', `E${REST}`),
    members: ['B', 'C', 'E'],
    rejected: [
      [2, CLOSED_LATE],
      [5, NEVER_CLOSED],
    ],
  },
  {
    name: 'an unclosed quote before a quoted note that begins with a line break',
    file: `${HEADER},NOTE\nA,2024-01-01,"buy,1,1,\nB${REST},"\nnote"\nC${REST},\n`,
    members: ['B', 'C'],
    accepted: 2,
    rejected: [[2, CLOSED_LATE]],
  },
  {
    name: 'a quoted cell of 1 MB on one line',
    file: csv(`A${REST}`, `"${'x'.repeat(1_000_000)}"${REST}`, `B${REST}`),
    members: ['A', 'B'],
    rejected: [[3, TOO_LONG]],
  },
  {
    name: 'a quoted cell of 300 KB on three lines',
    file: `${HEADER},NOTE\nA${REST},"${'x'.repeat(99_999)}\n${'y'.repeat(99_999)}\n${'z'.repeat(99_999)}"\nB${REST},\n`,
    members: ['B'],
    rejected: [
      [2, /^a quote is opened and not closed within 256 KiB$/],
      [3, FEWER(1)],
      [4, INSIDE],
    ],
  },
  {
    name: 'an open quote before a line that does not end',
    file: csv(`A${REST}`, '"', 'x'.repeat(2_000_000), `B${REST}`),
    members: ['A', 'B'],
    rejected: [
      [3, /^a quote is opened and not closed within 256 KiB$/],
      [4, TOO_LONG],
    ],
  },
  {
    name: 'thousands of unclosed quotes, each closing the one before',
    file: csv(...lines(4_000, 'A,"x'), `B${REST}`),
    members: ['B'],
    rejected: Array.from({ length: 4_000 }, (_, index) => [index + 2, index < 3_999 ? UNMATCHED : NEVER_CLOSED]),
  },
  {
    name: 'a line of nothing but quotes',
    file: csv('"'.repeat(200_000), '"'.repeat(200_001), `B${REST}`),
    members: ['B'],
    rejected: [
      [2, FEWER(1)],
      [3, NEVER_CLOSED],
    ],
  },
];
