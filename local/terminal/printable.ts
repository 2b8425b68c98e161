/** What a terminal would obey instead of showing, and what turns or hides the text around it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A text as its reader takes it apart. */
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** An emoji may be several, joined by what is not shown. */
const EMOJI = /^\p{RGI_Emoji}$/v;
const UNPRINTABLE_BUT_LINE_FEEDS = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const MAX_TEXT_LENGTH = 200;

/**
 * A text from outside as it may be printed on a terminal: on one line, control characters written out, as the escape
 * character in `\u001b[2J`, and cut, with … as its last character, to so many characters.
 */
export function printable(text: string, longest = MAX_TEXT_LENGTH): string {
  const shown: string[] = [];
  let length = 0;
  // Character by character, so that a cut leaves no part of one, and what is cut off costs nothing.
  for (const { segment } of CHARACTERS.segment(text)) {
    const piece = UNPRINTABLE.test(segment) && !EMOJI.test(segment) ? printableSegment(segment) : segment;
    length += piece.length;
    shown.push(piece);
    if (length > longest) return `${withinLength(shown, longest - 1)}…`;
  }
  return shown.join('');
}

/** A reason or a path as it may be printed on a terminal, none of which may be missing. */
export function whole(text: string): string {
  return printable(text, Number.POSITIVE_INFINITY);
}

/** Lines that hold texts from outside as they may be printed on a terminal. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_BUT_LINE_FEEDS, escaped);
}

/** A value as an indented JSON document that may be printed on a terminal; what is written out is the same to JSON. */
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

/** Of what is written as one character, what cannot be printed written out. */
function printableSegment(segment: string): string {
  return Array.from(segment, (character) => (UNPRINTABLE.test(character) ? escaped(character) : character)).join('');
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
