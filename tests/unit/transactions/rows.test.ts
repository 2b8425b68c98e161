import { parse as parseCsv } from 'csv-parse/sync';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { parseRows } from '../../../lib/transactions/rows.ts';

const parse = (text: string, isLast = true, width = 2) =>
  parseRows(Buffer.from(text), 10, isLast, {
    dialect: { separator: ',', width, titled: width, needed: [0, 1] },
    limits: DEFAULT_LIMITS,
  });

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
    ['of changing lengths', '"a"\n"b",\n"c"\n,"d"\n', [['a'], ['b', ''], ['c'], ['', 'd']]],
    ['with a separator in quotes', '"a,b",\n', [['a,b', '']]],
    [
      'with a carriage return within a line',
      '\r,"a"\r\nb\r,""\n',
      [
        ['\r', 'a'],
        ['b\r', ''],
      ],
    ],
    ['with a carriage return at their end that ends no line', '"a",\r\r\n', [['a', '\r']]],
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
    const mixed = parse('a,b\nc,d\n"e\nf",g\nh,i\r\nj,k\n"l",m\nn,o');
    expect(mixed.fields.map((_, row) => [mixed.lineOf(row), mixed.rawOf(row)])).toEqual([
      [10, 'a,b'],
      [11, 'c,d'],
      [12, '"e\nf",g'],
      [14, 'h,i'],
      [15, 'j,k'],
      [16, '"l",m'],
      [17, 'n,o'],
    ]);
    const plain = parse('x,y\r\nz,\u00fc\n');
    expect([0, 1].map((row) => [plain.lineOf(row), plain.rawOf(row)])).toEqual([
      [10, 'x,y'],
      [11, 'z,\u00fc'],
    ]);
  });

  it('have the fields that csv-parse finds in each row alone, in all texts of six characters that matter', () => {
    const alone = (raw: string) => (raw === '' ? [['']] : parseCsv(raw, { record_delimiter: ['\r\n', '\n'] }));
    for (const text of textsOf(6, ['a', ',', '"', '\r', '\n'])) {
      const { fields, rawOf } = parse(`${text}\n"",""\n`);
      const expected = fields.map((_, row) => alone(rawOf(row)));
      expect({ text, rows: fields.map((row) => [row]) }).toEqual({ text, rows: expected });
    }
  });
});

/** All texts of so many characters. */
function textsOf(length: number, characters: readonly string[]): string[] {
  if (length === 0) return [''];
  return textsOf(length - 1, characters).flatMap((text) => characters.map((character) => text + character));
}
