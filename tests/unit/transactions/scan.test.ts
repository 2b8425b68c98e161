import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { RowScanner } from '../../../lib/transactions/scan.ts';

/** Of a file whose lines may have 20 bytes, and whose header has two fields unless something else is said. */
function scan(text: string, isLast: boolean, width = 2, from = 0) {
  const limits = { ...DEFAULT_LIMITS, lineBytes: 20 };
  return new RowScanner(Buffer.from(text), { separator: ',', width, titled: width, needed: [] }, limits, isLast).scan(
    from,
  );
}

describe('a row', () => {
  it.each([
    ['a,b\nc', { from: 0, to: 4, lines: 1, fields: 2, isQuoted: false }],
    ['"a",b\nc', { from: 0, to: 6, lines: 1, fields: 2, isQuoted: true }],
    ['"a\nb",c\r\nd', { from: 0, to: 9, lines: 2, fields: 2, isQuoted: true }],
    ['\na', { from: 0, to: 1, lines: 1, fields: 1, isQuoted: false }],
  ])('is found in %j, whatever comes', (text, row) => {
    expect(scan(text, false)).toEqual(row);
    expect(scan(text, true)).toEqual(row);
  });

  it.each(['a,b', '"a\nb"', '"a\nb', '"a"\r'])('is not known by %j as long as more may come', (text) => {
    expect(scan(text, false)).toBeUndefined();
  });

  it('ends with the file', () => {
    expect(scan('a,b', true)).toEqual({ from: 0, to: 3, lines: 1, fields: 2, isQuoted: false });
    expect(scan('a,b\nc,"d"', true, 2, 4)).toEqual({ from: 4, to: 9, lines: 1, fields: 2, isQuoted: true });
  });

  it('may have any number of fields before the width of the header is known', () => {
    expect(scan('"a\nb"\n', false, 0)).toMatchObject({ lines: 2, fields: 1 });
    expect(scan('"a\nb"\n', false, 2)).toMatchObject({
      lines: 1,
      to: 3,
      problem: 'a quote is closed on a later line, and the fields up to there are not as many as in the header',
    });
  });
});

describe('a row that is too long', () => {
  const ys = (count: number) => 'y'.repeat(count);

  it.each([
    [`${ys(20)}\n`, undefined],
    [`${ys(21)}\nx`, { from: 0, to: 22, lines: 1 }],
    [ys(21), { from: 0, to: 21, lines: 0 }],
    // Whether it ends there, the next byte tells.
    [`${ys(21)}\r`, { from: 0, to: 21, lines: 0 }],
  ])('is a line: %j', (text, expected) => {
    const row = scan(text, false, 1);
    expect(row?.problem).toBe(expected && 'the line is longer than 20 bytes');
    expect(row).toMatchObject(expected ?? { to: 21, lines: 1 });
  });

  it('is one that a quote makes so, and costs its first line', () => {
    expect(scan(`"a\n${ys(30)}`, false)).toMatchObject({
      to: 3,
      lines: 1,
      problem: 'a quote is opened and not closed within 20 bytes',
    });
  });

  it('is one that line breaks in quotes make so, and costs its first line', () => {
    expect(scan(`"a\nb",${ys(30)}`, false)).toMatchObject({
      to: 3,
      lines: 1,
      problem: 'line breaks in quotes make the row longer than 20 bytes',
    });
  });

  it('is none as long as it may end within the length of a line', () => {
    expect(scan(`"a\nb",${ys(14)}`, false)).toBeUndefined();
    expect(scan(`"a\nb",${ys(14)}\n`, false)).toMatchObject({ to: 21, lines: 2, fields: 2 });
    expect(scan(`"a\nb",${ys(15)}`, false)).toMatchObject({ problem: expect.stringMatching(/^line breaks/) });
  });
});
