/** Cells that say "nothing". Millions of cells are compared with them, of which few have the beginning and length of one. */
export class Blanks {
  readonly #texts: ReadonlySet<string>;
  readonly #longest: number;
  /** By the code of a first character below 128: a bit for each length that such a text has. */
  readonly #lengths = new Uint32Array(128);

  /** @param missingValues besides an empty cell; in any case */
  constructor(missingValues: readonly string[]) {
    this.#texts = new Set(missingValues.map((text) => text.trim().toLowerCase()));
    // Lower-casing makes some texts longer.
    this.#longest = missingValues.reduce((most, text) => Math.max(most, text.length, text.toLowerCase().length), 0);
    for (const text of this.#texts) {
      for (const beginning of [text, text.toUpperCase()]) {
        const code = beginning.charCodeAt(0);
        this.#lengths[code] = (this.#lengths[code] ?? 0) | lengthsOf(text);
      }
    }
  }

  /** Whether a trimmed cell is one of them. */
  has(cell: string): boolean {
    if (cell === '') return true;
    const beginning = cell.charCodeAt(0);
    if (beginning < 128 && ((this.#lengths[beginning] ?? 0) & bitOf(cell.length)) === 0) return false;
    return cell.length <= this.#longest && this.#texts.has(cell.toLowerCase());
  }
}

const LAST_BIT = 31;
const ASCII = /^\p{ASCII}*$/v;

/** All lengths beyond the last bit have that one. */
function bitOf(length: number): number {
  return 1 << Math.min(length, LAST_BIT);
}

/** Lengths of a text in any case: case changes how long some letters are that are not ASCII. */
function lengthsOf(text: string): number {
  return ASCII.test(text) ? bitOf(text.length) : -1;
}
