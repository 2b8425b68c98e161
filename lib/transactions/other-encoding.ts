import { counted } from '../counted.ts';
import { excerpt } from '../excerpt.ts';
import { HighBytes } from './high-bytes.ts';
import { looseFields } from './loose-fields.ts';
import type { Rows } from './rows.ts';
import type { Separator } from './separators.ts';

const DECODERS = { 'Windows-1252': new TextDecoder('Windows-1252'), macintosh: new TextDecoder('macintosh') };
const NAMES = ['Windows-1252', 'macintosh'] as const;

const BEYOND_ASCII = /\P{ASCII}/u;
const MAX_EXAMPLE_LENGTH = 60;

/** What would be saved by an encoding, and the first cell by which somebody sees whether it is the right one. */
interface Saved {
  rows: number;
  example: string;
}

/**
 * Guesses in which encoding a file is whose rows hold bytes that are not UTF-8. A file in which other rows hold letters
 * in UTF-8 is in none: what would save some would spoil the others.
 */
export class OtherEncoding {
  #holdsUtf8 = false;
  readonly #highBytes = new HighBytes();
  readonly #saved: Record<(typeof NAMES)[number], Saved> = {
    'Windows-1252': { rows: 0, example: '' },
    macintosh: { rows: 0, example: '' },
  };

  /** Looks at a stretch of rows, whether they hold letters in UTF-8. */
  look(rows: Rows): void {
    this.#holdsUtf8 ||= rows.holdsUtf8;
  }

  /**
   * Counts a row whose bytes are not UTF-8.
   * @param isUsable whether a row of these cells would be accepted
   */
  count(rows: Rows, row: number, isUsable: (cells: readonly string[]) => boolean): void {
    const bytes = rows.bytesOf(row);
    this.#highBytes.count(bytes);
    for (const name of NAMES) {
      const cells = cellsIn(bytes, DECODERS[name], rows.separator);
      if (!isUsable(cells)) continue;
      const saved = this.#saved[name];
      saved.rows += 1;
      if (saved.example === '') saved.example = exampleOf(cells, rows.lineOf(row));
    }
  }

  /** What to do about it, and what that would save; undefined when there is nothing. */
  get offer(): string | undefined {
    if (this.#holdsUtf8 || NAMES.every((name) => this.#saved[name].rows === 0)) return undefined;
    if (this.#highBytes.isOtherScript) return OTHER_SCRIPT;
    if (this.#highBytes.isDos) return DOS;
    if (this.#highBytes.hasOddSymbols) return OTHER_LETTERS;
    if (this.#highBytes.isMacintosh) return this.#offerOf('macintosh');
    return this.#highBytes.isWindows1252 ? this.#offerOf('Windows-1252') : undefined;
  }

  #offerOf(name: (typeof NAMES)[number]): string | undefined {
    const { rows, example } = this.#saved[name];
    if (rows === 0) return undefined;
    return `looks like ${name}${example}: set encoding: ${name} in the partner file, which would save ${counted(rows, 'row')}`;
  }
}

const OTHER_SCRIPT =
  'looks like letters of another script: name its encoding in the partner file, such as encoding: Windows-1251, Shift_JIS or GBK';
const OTHER_LETTERS =
  'looks like another encoding of one byte per letter: name it in the partner file, such as encoding: Windows-1250 or ISO-8859-15';
const DOS = 'looks like an encoding of DOS, such as CP850, which cannot be read: save it as UTF-8';

function exampleOf(cells: readonly string[], line: number): string {
  const cell = cells.find((one) => BEYOND_ASCII.test(one));
  return cell === undefined
    ? ''
    : `, as which line ${line} holds ${JSON.stringify(excerpt(cell.trim(), MAX_EXAMPLE_LENGTH))}`;
}

function cellsIn(bytes: Buffer, decoder: TextDecoder, separator: Separator): readonly string[] {
  const text = decoder.decode(bytes).replace(/\r?\n$/, '');
  return looseFields(text, { separator, width: 0, needed: [] }) ?? [];
}
