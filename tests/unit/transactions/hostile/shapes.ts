import { csv, HEADER, type HostileFile, NAMES, REST, row } from './hostile-file.ts';

const fields = (count: number) => new RegExp(`^${count} fields?, but the header has 5$`);
const separated = (separator: string, ...rows: string[]) => csv(...rows).replaceAll(',', separator);

export const SEPARATOR_FILES: HostileFile[] = [
  { name: 'semicolons', file: separated(';', `A${REST}`), members: ['A'] },
  { name: 'tabs', file: separated('\t', `A${REST}`, 'B,,,1,'), members: ['A', 'B'] },
  { name: 'pipes', file: separated('|', `A${REST}`), members: ['A'] },
  {
    name: 'semicolons and a quoted header',
    file: separated(';', `"A"${REST}`).replaceAll(/[A-Z_]{5,}/g, '"$&"'),
    members: ['A'],
  },
  {
    name: 'semicolons, with commas in cells',
    file: separated(';', `A${REST}`).replace('A;', 'A,B;'),
    members: ['A,B'],
  },
  {
    name: 'a decimal comma, which no other cell contradicts',
    file: `${separated(';', `A${REST}`)}B;;;1,0;1\n`,
    members: ['A', 'B'],
  },
  {
    name: 'quotes that do not end at a semicolon',
    file: `${separated(';', `A${REST}`)}B;"x"y;;1;1\n`,
    members: ['A'],
    rejected: [[3, /must end at a semicolon or the end of the line$/]],
  },
  {
    name: 'a header of commas over rows of semicolons',
    file: `${csv(`A${REST}`)}B;;;1;1\n`,
    members: ['A'],
    rejected: [[3, /^1 field, but the header has 5: they are separated by semicolon, those of the header by comma$/]],
  },
  {
    name: 'as many columns by commas as by semicolons: the comma wins',
    file: 'MEMBER_ID,X;LAST_TRANSACTION_TS,Y\n',
    unusable: /^LAST_TRANSACTION_TS, .* missing from the header, which is "MEMBER_ID,X;LAST_/,
  },
  {
    name: 'a column missing between semicolons',
    file: separated(';').replace('MEMBER_ID;', ''),
    unusable: /^MEMBER_ID missing from the header, which is "LAST_TRANSACTION_TS;/,
  },
  {
    name: 'sep=; in the first line',
    file: `sep=;\r\n${separated(';', `A${REST}`, 'B,x,,1,')}`,
    members: ['A'],
    rejected: [[4, /^LAST_TRANSACTION_TS "x"/]],
  },
  { name: 'sep= with a tab', file: `SEP=\t\n${separated('\t', `A${REST}`)}`, members: ['A'] },
  { name: 'sep=, over a quoted header', file: `"sep=,"\n${csv(`A${REST}`)}`, members: ['A'] },
  {
    name: 'sep= of something else',
    file: `sep=:\n${separated(':', `A${REST}`)}`,
    unusable: /^the first line tells Excel a separator .* ":"; set delimiter: ":" in the partner file, /,
  },
  { name: 'sep= and nothing else', file: 'sep=;', unusable: /^no header: .* the first is "sep=;"$/ },
];

const withColumns = (count: number) => {
  const more = Array.from({ length: count - NAMES.length }, (_, column) => `C${column}`).join(',');
  return `${HEADER},${more}\nA${REST}${','.repeat(count - NAMES.length)}\n`;
};

/** A row of so many bytes. */
const noted = (id: string, bytes: number) => `${id}${REST},`.padEnd(bytes, 'x');

export const SHAPES: HostileFile[] = [
  { name: 'nothing in it', file: '', unusable: /^empty: the file holds no header and no rows$/ },
  { name: 'a million empty lines', file: '\n'.repeat(1_000_000), unusable: /^empty: / },
  {
    name: 'empty lines before the header and everywhere',
    file: `\n \n\t\n${'\n'.repeat(300_000)}${csv('', `A${REST}`, '', '\u00a0', 'B')}\n\n`,
    members: ['A'],
    rejected: [[300_009, fields(1)]],
  },
  { name: 'a header only', file: HEADER, unusable: /^no rows: / },
  { name: 'a header and blank lines', file: `${HEADER}\r\n\r\n  \r\n`, unusable: /^no rows: / },
  {
    name: 'the header again in the middle',
    file: csv(`A${REST}`, HEADER, `B${REST}`),
    members: ['A', 'B'],
  },
  {
    name: 'a column twice',
    file: csv(`A${REST}`).replace('REVENUE_USD', 'REVENUE_USD,member id'),
    unusable: /^MEMBER_ID is in the header more than once/,
  },
  { name: 'other columns twice', file: `X,${HEADER},X\n1,A${REST},2\n`, members: ['A'] },
  { name: 'a thousand columns', file: withColumns(1_000), members: ['A'] },
  {
    name: 'ten thousand columns',
    file: withColumns(10_000),
    unusable: /^too many columns: the header has 10000, and 1000 are the most/,
  },
  {
    name: 'a header that does not end',
    file: 'x,'.repeat(500_000),
    unusable: /^no header: in line 1 the line is longer than 256 KiB$/,
  },
  {
    name: 'a row of a hundred thousand separators',
    file: csv(','.repeat(100_000), `B${REST}`),
    members: ['B'],
  },
  { name: 'a row without its last cell', file: csv('A,2024-01-01,buy,1', `B${REST}`), members: ['A', 'B'] },
  row('a row without all cells but the member', 'A', fields(1)),
  row('a row of a member and a blank', 'A,', fields(2)),
  row('a row with more fields', 'A,2024-01-01,buy,1,1,1', fields(6)),
  { name: 'a separator at the end of the first row', file: csv(`A${REST},`, `B${REST}`), members: ['A', 'B'] },
  {
    name: 'a separator at the end of another row',
    file: csv(`A${REST}`, `B${REST},`),
    members: ['A'],
    rejected: [[3, fields(6)]],
  },
  row('a separator at the start', `,A${REST}`, fields(6)),
  { name: 'nothing but separators', file: csv(',,,,', ',,', ',,,,,,', `A${REST}`), members: ['A'] },
  { name: 'a comment', file: csv('# made by hand, today', '#', `A${REST}`), members: ['A'] },
  { name: 'separators at the end of header and rows', file: `${HEADER},\nA${REST},\n`, members: ['A'] },
  {
    name: 'a line at the limit, and one beyond',
    file: `${HEADER},NOTE\n${noted('A', 262_144)}\n${noted('B', 262_145)}\n${noted('C', 100)}\n`,
    members: ['A', 'C'],
    rejected: [[3, /^the line is longer than 256 KiB$/]],
  },
  {
    name: 'a line that does not end at the end',
    file: `${csv(`A${REST}`)}${'é'.repeat(1_000_000)}`,
    members: ['A'],
    rejected: [[3, /^the line is longer than 256 KiB$/]],
  },
  { name: 'LF and CRLF side by side', file: `${HEADER}\r\nA${REST}\nB${REST}\r\n\nC${REST}`, members: ['A', 'B', 'C'] },
  {
    name: 'two carriage returns before a line feed',
    file: `${HEADER}\r\r\nA${REST}\r\r\nx\r\r\n`,
    members: ['A'],
    rejected: [[3, fields(1)]],
  },
  { name: 'CR everywhere', file: `${HEADER}\rA${REST}\r\rB${REST}`, members: ['A', 'B'] },
  {
    name: 'CR first, then LF and CRLF',
    file: `${HEADER}\rA${REST}\nB${REST}\r\nx\rC${REST}\r`,
    members: ['A', 'B', 'C'],
    rejected: [[4, fields(1)]],
  },
  {
    name: 'LF first, then CR alone, which is a character',
    file: csv(`A${REST}\rB${REST}`, `C${REST}\r`),
    members: ['C'],
    rejected: [[2, fields(9)]],
  },
  {
    name: 'CR after a line that is too long',
    file: `${HEADER}\r${'x'.repeat(300_000)}\rA${REST}\r${'y'.repeat(393_216)}\r`,
    members: ['A'],
    rejected: [
      [2, /^the line is longer/],
      [4, /^the line is longer/],
    ],
  },
];
