import { NeededColumns } from '../../../lib/transactions/columns.ts';
import { blankBeginning, findDialect } from '../../../lib/transactions/dialect.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';

const columns = new NeededColumns({
  missingValues: [],
  maxRejectedShare: 1,
  fields: { member: { titles: ['MEMBER_ID'], type: 'string' }, time: { titles: ['X'], type: 'datetime' } },
});
const LIMITS = { ...DEFAULT_LIMITS, lineBytes: 20 };

const find = (text: string, isLast = false) => findDialect(Buffer.from(text), isLast, { limits: LIMITS, columns });

const NO_SKIP = { bytes: 0, lines: 0 };

describe('the blank lines that a file begins with', () => {
  it.each([
    ['\n \r\n\t\nM', { bytes: 6, lines: 3 }],
    ['\n \t', { bytes: 1, lines: 1 }],
    ['M\n\n', NO_SKIP],
    ['', NO_SKIP],
    [`\n${' '.repeat(20)}\n\n`, { bytes: 23, lines: 3 }],
  ])('in %j are %j', (text, skip) => {
    expect(blankBeginning(Buffer.from(text), LIMITS)).toEqual(skip);
  });

  it('end before one that is longer than a line may be', () => {
    expect(blankBeginning(Buffer.from(`\n${' '.repeat(21)}\n\n`), LIMITS)).toEqual({ bytes: 1, lines: 1 });
  });
});

describe('how a file is written', () => {
  it.each([
    ['by the header', 'MEMBER_ID;X;Y,Z\n', { separator: ';', width: 3, titled: 3, skip: NO_SKIP, above: NO_SKIP }],
    [
      'by the header after blank lines',
      '\n \nMEMBER_ID|X\n',
      { separator: '|', width: 2, above: { bytes: 3, lines: 2 } },
    ],
    [
      'by sep= above it',
      'sep=;\n\n \nMEMBER_ID;X\n',
      { separator: ';', width: 2, skip: { bytes: 6, lines: 1 }, above: { bytes: 3, lines: 2 } },
    ],
    [
      'by sep= after blank lines',
      '\n \nsep=|\nX|Y|MEMBER_ID||\n',
      { separator: '|', width: 5, titled: 3, needed: [2, 0], skip: { bytes: 9, lines: 3 } },
    ],
    ['by a header with a line break', 'X,"MEMBER\n_ID"\n', { separator: ',', width: 2, skip: NO_SKIP }],
    ['by a header with a stray quote', 'MEMBER_ID,X,Y"Z\n', { separator: ',', width: 3, needed: [0, 1] }],
    ['by a header with blanks around quotes', '"X" , "MEMBER_ID"\n', { separator: ',', width: 2, needed: [1, 0] }],
    [
      'by the first line that names all',
      'Of X\n\nMEMBER_ID,X\nX,MEMBER_ID\n',
      { needed: [0, 1], above: { bytes: 6, lines: 2 } },
    ],
    ['by a header as long as may be', `MEMBER_ID,X,${'y'.repeat(8)}\n`, { separator: ',', width: 3, skip: NO_SKIP }],
  ])('is known %s', (_, text, dialect) => {
    expect(find(text)).toMatchObject(dialect);
  });

  it.each([
    '',
    '\n\n',
    'MEMBER_ID,X',
    'MEMBER_ID,Y\n',
    'sep=',
    'sep=;',
    'sep=;\n',
    'sep=;\n\nMEMBER_ID;X',
    'MEMBER_ID,"X\n',
  ])('is not known by %j as long as more may come', (text) => {
    expect(find(text)).toBeUndefined();
  });

  it('is not known by a header that goes on for longer than a line may be', () => {
    expect(find(`MEMBER_ID,X${','.repeat(30)}\n`)).toBeUndefined();
  });

  it('is known at the end of the file, unless it is blank', () => {
    expect(find('MEMBER_ID,X', true)).toMatchObject({ separator: ',', width: 2 });
    expect(find('sep=;\nMEMBER_ID;X', true)).toMatchObject({ separator: ';', width: 2 });
    expect(find('MEMBER_ID,"X\n', true)).toMatchObject({ width: 2 });
    expect(find('A\nB\nMEMBER_ID,Y\nC\n', true)).toMatchObject({ width: 2, above: { lines: 2 } });
    expect(find(' \n \n', true)).toBeUndefined();
    expect(find('sep=;', true)).toBeUndefined();
  });

  it.each(['MEMBER_ID,X=;\n', 'sep=;,X,MEMBER_ID\n'])('is not told by a header such as %j', (text) => {
    expect(find(text)).toMatchObject({ separator: ',', skip: NO_SKIP });
  });

  it('is not told by sep= and no separator', () => {
    expect(find('sep=\nMEMBER_ID;X\n')).toMatchObject({ separator: ';', skip: { lines: 1 } });
  });

  it('is that of the header where that shows that what was told is wrong', () => {
    expect(find('sep=;\nMEMBER_ID,X\n')).toMatchObject({ separator: ',', skip: { lines: 1 } });
  });

  it('is what the partner file says, whatever was told', () => {
    const options = { limits: LIMITS, columns, delimiter: '^' };
    expect(findDialect(Buffer.from('sep=^\nMEMBER_ID^X\n'), false, options)).toMatchObject({
      separator: '^',
      skip: { lines: 1 },
    });
  });

  it.each(['X\0,MEMBER_ID\n', 'Y,Z\nA\0\n'])('is not that of text: %j', (text) => {
    expect(() => find(text)).toThrow(/^not text: the file holds NUL bytes/);
  });

  it('is that of text where a NUL stands below a header that names a column', () => {
    expect(find('MEMBER_ID,X\nA\0\n')).toMatchObject({ width: 2 });
  });
});
