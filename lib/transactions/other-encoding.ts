import { looseFields } from './loose-fields.ts';
import type { Rows } from './rows.ts';
import type { Separator } from './separators.ts';

/** What Windows-1252 has no character for. */
const NOT_IN_WINDOWS_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Quotes and dashes in Windows-1252, which may stand between letters as letters do. */
const FIRST_QUOTE = 0x91;
const LAST_DASH = 0x97;
const FIRST_HIGH = 0x80;
const FIRST_LATIN1 = 0xa0;

/**
 * Guesses in which encoding a file is whose rows hold bytes that are not UTF-8. A file in which other rows hold letters
 * in UTF-8 is in none: what would save some would spoil the others.
 */
export class OtherEncoding {
  #holdsUtf8 = false;
  #macLetters = 0;
  #windowsLetters = 0;
  #isWindows1252 = true;
  readonly #saved = { 'Windows-1252': 0, macintosh: 0 };

  /** Looks at a stretch of rows, whether they hold letters in UTF-8. */
  look(rows: Rows): void {
    this.#holdsUtf8 ||= rows.holdsUtf8;
  }

  /**
   * Counts a row whose bytes are not UTF-8.
   * @param isUsable whether a row of these cells would be accepted
   */
  count(bytes: Buffer, separator: Separator, isUsable: (cells: readonly string[]) => boolean): void {
    for (const [place, byte] of bytes.entries()) {
      if (byte >= FIRST_HIGH) this.#countLetter(byte, isLetter(bytes[place - 1]) || isLetter(bytes[place + 1]));
    }
    for (const name of NAMES) if (isUsable(cellsIn(bytes, DECODERS[name], separator))) this.#saved[name] += 1;
  }

  #countLetter(byte: number, isBesideLetter: boolean): void {
    if (NOT_IN_WINDOWS_1252.has(byte)) this.#isWindows1252 = false;
    if (byte >= FIRST_LATIN1) this.#windowsLetters += 1;
    else if (isBesideLetter && (byte < FIRST_QUOTE || byte > LAST_DASH)) this.#macLetters += 1;
  }

  /** What to do about it, and what that would save; undefined when there is nothing. */
  get offer(): string | undefined {
    const name = this.#name;
    if (name === undefined || this.#saved[name] === 0) return undefined;
    const rows = this.#saved[name] === 1 ? '1 row' : `${this.#saved[name].toLocaleString('en-US')} rows`;
    return `looks like ${name}: set encoding: ${name} in the partner file, which would save ${rows}`;
  }

  get #name(): (typeof NAMES)[number] | undefined {
    if (this.#holdsUtf8) return undefined;
    if (this.#macLetters > 0 && this.#windowsLetters === 0) return 'macintosh';
    return this.#isWindows1252 ? 'Windows-1252' : undefined;
  }
}

const DECODERS = { 'Windows-1252': new TextDecoder('Windows-1252'), macintosh: new TextDecoder('macintosh') };
const NAMES = ['Windows-1252', 'macintosh'] as const;

const CASE_BIT = 0x20;

function isLetter(byte = 0): boolean {
  const lowerCase = byte | CASE_BIT;
  return lowerCase >= 97 && lowerCase <= 122;
}

function cellsIn(bytes: Buffer, decoder: TextDecoder, separator: Separator): readonly string[] {
  const text = decoder.decode(bytes).replace(/\r?\n$/, '');
  return looseFields(text, { separator, width: 0, needed: [] }) ?? [];
}
