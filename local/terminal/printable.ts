/** Characters that a terminal would obey instead of showing, and those that reverse or hide the text around them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Splits a text into characters as its reader sees them. */
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** An emoji may consist of several characters, joined by some that are not shown. */
const EMOJI = /^\p{RGI_Emoji}$/v;
const UNPRINTABLE_BUT_LINE_FEEDS = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const MAX_TEXT_LENGTH = 200;

/**
 * Makes a text from outside safe for a terminal: on one line, with control characters written out like the escape
 * character in `\u001b[2J`, and cut to `longest` characters, of which the last is then …
 */
export function printable(text: string, longest = MAX_TEXT_LENGTH): string {
  const shown: string[] = [];
  let length = 0;
  // Character by character, so that no character is split, and the part that is cut off takes no time.
  for (const { segment } of CHARACTERS.segment(text)) {
    const piece = UNPRINTABLE.test(segment) && !EMOJI.test(segment) ? printableSegment(segment) : segment;
    length += piece.length;
    shown.push(piece);
    if (length > longest) return `${withinLength(shown, longest - 1)}…`;
  }
  return shown.join('');
}

/** Makes a text safe for a terminal without cutting it, for a reason or a path. */
export function whole(text: string): string {
  return printable(text, Number.POSITIVE_INFINITY);
}

/** Makes lines with texts from outside safe for a terminal. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_BUT_LINE_FEEDS, escaped);
}

/** A value as indented JSON that is safe for a terminal. Escaped characters have the same meaning in JSON. */
export function printableJson(value: unknown): string {
  return printableLines(JSON.stringify(value, null, 2));
}

function withinLength(pieces: readonly string[], longest: number): string {
  let text = '';
  for (const piece of pieces) {
    if (text.length + piece.length > longest) break;
    text += piece;
  }
  return text;
}

/** One visible character, with its unprintable parts written out. */
function printableSegment(segment: string): string {
  return Array.from(segment, (character) => (UNPRINTABLE.test(character) ? escaped(character) : character)).join('');
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
