import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { parseRows } from '../../../lib/transactions/rows.ts';

const parse = (text: string, isLast = true, width = 2) =>
  parseRows(Buffer.from(text), 10, isLast, { dialect: { separator: ',', width }, limits: DEFAULT_LIMITS });

describe('rows', () => {
  it.each([
    ['without quotes', 'a,b\r\n\r\nc,12\n', [['a', 'b'], [''], ['c', '12']]],
    [
      'without quotes or an end',
      'a,b\nc,12',
      [
        ['a', 'b'],
        ['c', '12'],
      ],
    ],
    ['with a quote somewhere', '"a",b\r\nc,12\r\n\r\n,x\n', [['a', 'b'], ['c', '12'], [''], ['', 'x']]],
    [
      'with a quote and no end',
      '"a",b\nc,12',
      [
        ['a', 'b'],
        ['c', '12'],
      ],
    ],
    ['with quotes in quotes', '"a""b","c\r\nd"\n\n', [['a"b', 'c\r\nd'], ['']]],
    ['with more fields than the header', '"a",b,c\n', [['a', 'b', 'c']]],
    ['with fewer', '"a"\n', [['a']]],
  ])('%s are split into fields', (_, text, fields) => {
    expect(parse(text).fields).toEqual(fields);
    expect(parse(text, true, 0).fields).toEqual(fields);
  });

  it.each([
    ['a,b\nc,d\ne', 'e'],
    ['"a",b\nc,d\ne', 'e'],
    ['"a",b\n"c', '"c'],
  ])('of %j are those that have ended, as long as more may come', (text, rest) => {
    const { bytes, fields } = parse(text, false);
    expect(text.slice(bytes)).toBe(rest);
    expect(fields.map(([first]) => first)).toEqual(['a', 'c'].slice(0, fields.length));
    expect(fields).toHaveLength(text.startsWith('"a",b\n"') ? 1 : 2);
  });

  it('know their lines and how they stand in the file, without the line break at their end', () => {
    const text = 'x,y\r\n"a\nb",c\r\n"d",e';
    const rows = parse(text);
    expect([0, 1, 2].map((row) => rows.lineOf(row))).toEqual([10, 11, 13]);
    expect([0, 1, 2].map((row) => rows.rawOf(row))).toEqual(['x,y', '"a\nb",c', '"d",e']);
    expect(rows).toMatchObject({ lines: 4, bytes: text.length, malformed: [], isCutInLine: false });
    const plain = parse('x,y\r\nz,\u00fc\n');
    expect([0, 1].map((row) => [plain.lineOf(row), plain.rawOf(row)])).toEqual([
      [10, 'x,y'],
      [11, 'z,\u00fc'],
    ]);
  });
});
