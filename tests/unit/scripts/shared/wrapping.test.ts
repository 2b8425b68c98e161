import { columnsOf, wrapped } from '../../../../scripts/shared/wrapping.ts';

describe('a wrapped text', () => {
  it('is broken between words, and loses none', () => {
    expect(wrapped('one two three four', 10)).toBe('one two\nthree four');
    expect(wrapped('one', 10)).toBe('one');
  });

  it('is indented but for its first line', () => {
    expect(wrapped('  rows     one two three four five', 24, 11)).toBe('  rows     one two three\n    four five');
    expect(wrapped('  rows     one two three four five', 34, 11)).toBe('  rows     one two three four five');
    expect(wrapped('  rows     one two three four five six', 33, 11)).toBe(
      '  rows     one two three four\n           five six',
    );
  });

  it('is broken within a word that is longer than a line, but not within a character', () => {
    expect(wrapped('abcdefghij', 4)).toBe('abcd\nefgh\nij');
    expect(wrapped('why: abcdefghij', 8)).toBe('why: abc\ndefghij');
    expect(wrapped('why: abcdefghij', 12)).toBe('why:\nabcdefghij');
    expect(wrapped('abc😀d', 4)).toBe('abc\n😀d');
    expect(wrapped('  x      abcdefghijklmnopqrstuvwxyz', 30, 9)).toBe(
      '  x      abcdefghijklmnopqrstu\n         vwxyz',
    );
  });
});

describe('the width of a line', () => {
  it('is that of the terminal, or 110 columns', () => {
    expect(columnsOf({ isTTY: true, columns: 64 })).toBe(64);
    expect(columnsOf({ isTTY: true, columns: 0 })).toBe(110);
    expect(columnsOf({ isTTY: false, columns: 64 })).toBe(110);
  });
});
