import { isDigit } from './cells.ts';

/** Bytes beyond ASCII begin here. */
const FIRST_HIGH = 0x80;
/** From here on, Latin-1 and Windows-1252 have the same characters. */
const FIRST_LATIN1 = 0xa0;
const FIRST_LATIN1_LETTER = 0xc0;

/** What Windows-1252 has no character for. */
const NOT_IN_WINDOWS_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Quotes and dashes in Windows-1252, which may stand between letters as letters do. */
const FIRST_QUOTE = 0x91;
const LAST_DASH = 0x97;
/** Of the symbols of Latin-1: letters such as ª, and what may stand between letters: soft hyphen, ´ and ·. */
const NO_SYMBOLS: ReadonlySet<number> = new Set([0xaa, 0xad, 0xb4, 0xb5, 0xb7, 0xba]);
/** Symbols of Latin-1 such as £ and ¯ that begin no word, as Ł and Ż do in other encodings. */
const NEVER_FIRST: ReadonlySet<number> = new Set([0xa3, 0xa5, 0xa6, 0xa8, 0xac, 0xaf, 0xbc, 0xbe]);

/** ü, é, ä and ö in CP850, in whose place capitals and î are on an old Mac, and signs in Windows-1252. */
const DOS_SMALL: ReadonlySet<number> = new Set([0x81, 0x82, 0x84, 0x94]);
const DOS_SHARP_S = 0xe1;
/** In Windows-1252, with which words may end. */
const CLOSING_QUOTE = 0x94;
/** Ä, Ö and Ü in CP850, in whose place small letters are on an old Mac. */
const DOS_CAPITALS: ReadonlySet<number> = new Set([0x8e, 0x99, 0x9a]);

/** Of so many letters at most, one may be a symbol by chance. */
const LETTERS_TO_SYMBOL = 20;
const LONG_RUN = 3;

/** Tells encodings apart by where the bytes stand that are not ASCII. */
export class HighBytes {
  #all = 0;
  #inRuns = 0;
  #symbols = 0;
  #dosLetters = 0;
  #macLetters = 0;
  #latin1 = 0;
  #isWindows1252 = true;

  count(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (!isHigh(bytes[at])) continue;
      const first = at;
      while (isHigh(bytes[at + 1])) at++;
      this.#countRun(at + 1 - first, isLetter(bytes[first - 1]) && isLetter(bytes[at + 1]));
      for (let place = first; place <= at; place++) this.#countByte(bytes[place], bytes[place - 1], bytes[place + 1]);
    }
  }

  /** Two of them beside each other are letters of Latin scripts, as in Rößler, where they stand between others. */
  #countRun(length: number, isWithinWord: boolean): void {
    this.#all += length;
    if (length >= LONG_RUN || (length === 2 && !isWithinWord)) this.#inRuns += length;
  }

  #countByte(byte = 0, before = 0, after = 0): void {
    if (NOT_IN_WINDOWS_1252.has(byte)) this.#isWindows1252 = false;
    if (byte >= FIRST_LATIN1) this.#latin1 += 1;
    else if (isDosLetter(byte, before, after)) this.#dosLetters += 1;
    else if ((isLetter(before) || isLetter(after)) && (byte < FIRST_QUOTE || byte > LAST_DASH)) this.#macLetters += 1;
    if (isOddSymbol(byte, before, after)) this.#symbols += 1;
  }

  /** Where most letters stand beside others of them, as in names of Cyrillic or Chinese. */
  get isOtherScript(): boolean {
    return 2 * this.#inRuns >= this.#all;
  }

  get isDos(): boolean {
    return this.#dosLetters > this.#macLetters && this.#dosLetters >= this.#latin1;
  }

  /** Where symbols of Windows-1252 stand for letters, as of Łukasz. */
  get hasOddSymbols(): boolean {
    return this.#symbols > 0 && LETTERS_TO_SYMBOL * this.#symbols >= this.#all;
  }

  get isMacintosh(): boolean {
    return this.#macLetters > 0 && this.#latin1 === 0;
  }

  get isWindows1252(): boolean {
    return this.#isWindows1252;
  }
}

function isHigh(byte = 0): boolean {
  return byte >= FIRST_HIGH;
}

const CASE_BIT = 0x20;

function isLetter(byte = 0): boolean {
  return isSmall(byte | CASE_BIT);
}

function isSmall(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}

function isDosLetter(byte: number, before: number, after: number): boolean {
  if (DOS_SMALL.has(byte)) return isLetter(before) && mayFollowSmall(byte, before, after);
  return DOS_CAPITALS.has(byte) && isLetter(after) && (!isLetter(before) || !isSmall(after));
}

function mayFollowSmall(byte: number, before: number, after: number): boolean {
  if (isSmall(after) || after === DOS_SHARP_S) return true;
  return isSmall(before) && !isLetter(after) && byte !== CLOSING_QUOTE;
}

function isOddSymbol(byte: number, before: number, after: number): boolean {
  if (byte <= FIRST_LATIN1 || byte >= FIRST_LATIN1_LETTER || NO_SYMBOLS.has(byte) || !mayBeLetter(after)) return false;
  return mayBeLetter(before) || (NEVER_FIRST.has(byte) && !isDigit(before));
}

function mayBeLetter(byte: number): boolean {
  return isLetter(byte) || byte >= FIRST_LATIN1_LETTER;
}
