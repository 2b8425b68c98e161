import { breaksAtCarriageReturn, putLineFeeds } from '../../../lib/transactions/line-breaks.ts';

describe('a carriage return alone', () => {
  it.each([
    ['a\rb', true],
    ['a\r\rb\n', true],
    ['a\r\nb\r', false],
    ['a\r\r\nb', false],
    ['a\nb\rc', false],
    ['\rb', true],
    ['\na\rb', false],
    ['\na', false],
    ['a\nb', false],
    ['a', undefined],
    ['a\r', undefined],
    ['a\r\r', undefined],
  ])('ends lines, by the first line break of %j: %s', (text, breaks) => {
    expect(breaksAtCarriageReturn(Buffer.from(text), false)).toBe(breaks);
  });

  it.each([
    ['a', false],
    ['a\r', true],
    ['a\r\r', true],
  ])('ends lines, where the file ends with %j: %s', (text, breaks) => {
    expect(breaksAtCarriageReturn(Buffer.from(text), true)).toBe(breaks);
  });

  it.each([
    ['a\rb\r\nc\r\rd', false, 'a\nb\r\nc\n\nd'],
    ['\ra', false, '\na'],
    ['a\rb\r', false, 'a\nb\r'],
    ['a\rb\r', true, 'a\nb\n'],
    ['a\r\n', true, 'a\r\n'],
  ])('becomes a line feed in %j (the end of the file: %s)', (text, isLast, expected) => {
    const bytes = Buffer.from(text);
    putLineFeeds(bytes, isLast);
    expect(bytes.toString()).toBe(expected);
  });
});
