/** Cells that say "nothing". Millions of cells are compared with them, of which few even begin as one of them does. */
export class Blanks {
  readonly #texts: ReadonlySet<string>;
  readonly #longest: number;
  /** By the code of a first character below 128. */
  readonly #beginnings = new Uint8Array(128);

  /** @param missingValues besides an empty cell; in any case */
  constructor(missingValues: readonly string[]) {
    this.#texts = new Set(missingValues.map((text) => text.trim().toLowerCase()));
    // Lower-casing makes some texts longer.
    this.#longest = missingValues.reduce((most, text) => Math.max(most, text.length, text.toLowerCase().length), 0);
    for (const text of this.#texts) {
      for (const beginning of [text, text.toUpperCase()]) this.#beginnings[beginning.charCodeAt(0)] = 1;
    }
  }

  /** Whether a trimmed cell is one of them. */
  has(cell: string): boolean {
    if (cell === '') return true;
    const beginning = cell.charCodeAt(0);
    if (beginning < 128 && this.#beginnings[beginning] === 0) return false;
    return cell.length <= this.#longest && this.#texts.has(cell.toLowerCase());
  }
}
