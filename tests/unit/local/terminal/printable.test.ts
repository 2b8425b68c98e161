import { printable, printableJson, printableLines } from '../../../../local/terminal/printable.ts';

describe('a text from outside', () => {
  it.each([
    ['plain', 'Zoë 東京 😀', 'Zoë 東京 😀'],
    ['an escape sequence', '\x1b[2Jgone', '\\u001b[2Jgone'],
    ['an escape sequence of one byte', '\u009b31m', '\\u009b31m'],
    ['line breaks and tabs', 'a\r\n\tb', 'a\\u000d\\u000a\\u0009b'],
    ['what turns the text around it', '\u202eabc', '\\u202eabc'],
    ['what cannot be seen', 'a\u200b\u2028b', 'a\\u200b\\u2028b'],
    ['emoji that are joined by what cannot be seen', 'a👨‍👩‍👧‍👦b\u200dc', 'a👨‍👩‍👧‍👦b\\u200dc'],
    ['half a character', 'a\ud83d', 'a\\ud83d'],
    ['a character of two halves that cannot be seen', '\u{e0001}', '\\udb40\\udc01'],
  ])('is shown when it is %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each([
    ['is as long as it may be', 'abcdef', 'abcdef'],
    ['is longer', 'abcdefg', 'abcde…'],
    ['would end in part of what is written out', 'abc\x1bdef', 'abc…'],
    ['would end in half a character', 'abcd😀😀', 'abcd…'],
    ['would end in part of an emoji', 'ab👩‍👧cd', 'ab…'],
    ['begins with what is too long', '\x1b\x1b', '…'],
  ])('of 6 characters at the most is cut when it %s', (_, text, shown) => {
    expect(printable(text, 6)).toBe(shown);
  });

  it('keeps its line feeds, and only these, where it is lines', () => {
    expect(printableLines('a\nb\r\x1bc')).toBe('a\nb\\u000d\\u001bc');
  });

  it('is the same to JSON', () => {
    const value = { text: '\x1b\u009b\u202e\u{e0001}"\n', list: [1] };
    expect(JSON.parse(printableJson(value))).toEqual(value);
    expect(printableJson(value)).not.toMatch(/[^\P{C}\n]/u);
  });
});
