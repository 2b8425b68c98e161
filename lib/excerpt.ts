const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Code units that a character may go on for behind the place of a cut; what is longer is cut within. */
const LONGEST_CHARACTER = 64;

/** A text of a file or a key as a message can show it: U+FFFD in place of what cannot be printed. */
export function shownText(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD');
}

/** A text as a message can quote it: its beginning, in whole characters, and a mark where it goes on. */
export function excerpt(text: string, longest: number): string {
  return text.length > longest ? `${beginningOf(text, longest)}…` : text;
}

/**
 * The beginning of a text, as many whole characters as fit in so many code units: what a reader takes for one, such as a
 * family of emoji or a letter with its accents, is not cut apart.
 */
export function beginningOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const near = CHARACTERS.segment(text.slice(0, longest + LONGEST_CHARACTER)).containing(longest);
  return text.slice(0, near === undefined || longest - near.index > LONGEST_CHARACTER ? longest : near.index);
}
