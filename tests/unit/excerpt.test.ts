import { beginningOf, excerpt } from '../../lib/excerpt.ts';

/** Four people joined to one emoji: 11 code units. */
const FAMILY = '👨‍👩‍👧‍👦';

describe('an excerpt', () => {
  it('is the text when that is short enough, else its beginning and a mark', () => {
    expect([excerpt('abcd', 4), excerpt('abcde', 4)]).toEqual(['abcd', 'abcd…']);
  });

  it.each([
    ['emoji that are joined', `a${FAMILY}b`, 11, 'a…'],
    ['emoji that just fit', `a${FAMILY}b`, 12, `a${FAMILY}…`],
    ['a letter and its accent', 'cafe\u0301s', 4, 'caf…'],
    ['a flag', 'x🇨🇭y', 3, 'x…'],
    ['a character of two code units', 'ab😀c', 3, 'ab…'],
  ])('leaves %s whole', (_, text, longest, shown) => {
    expect(excerpt(text, longest)).toBe(shown);
  });

  it('is as long as it may be where a single character goes on without end', () => {
    const endless = `a${'\u0301'.repeat(10_000)}`;
    expect(beginningOf(endless, 500)).toHaveLength(500);
  });
});
