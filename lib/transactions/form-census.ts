/** A cell of a file, and the line of its row. */
export interface CellOfLine {
  cell: string;
  line: number;
}

/** Forms that a cell can be read in, a bit each. */
export type Forms = number;

/** How many cells of a column can be read in which forms. */
export class FormCensus {
  readonly #counts = new Map<Forms, { cells: number; first: CellOfLine }>();

  /** @param lineOf is asked for the first cell of its kind alone, because lines take long to be told */
  add(forms: Forms, cell: string, lineOf: () => number): void {
    const known = this.#counts.get(forms);
    if (known === undefined) this.#counts.set(forms, { cells: 1, first: { cell, line: lineOf() } });
    else known.cells += 1;
  }

  /** The first cell of all. */
  get first(): CellOfLine | undefined {
    return earliest([...this.#counts.values()].map(({ first }) => first));
  }

  /** The first cell that can be read in these forms and in no others. */
  firstOf(forms: Forms): CellOfLine | undefined {
    return this.#counts.get(forms)?.first;
  }

  /** How many cells can be read in these forms and in no others. */
  cellsOf(forms: Forms): number {
    return this.#counts.get(forms)?.cells ?? 0;
  }

  /** Two cells that no form can read both of. */
  get conflict(): [CellOfLine, CellOfLine] | undefined {
    const counts = [...this.#counts];
    for (const [forms, { first }] of counts) {
      const other = counts.find(([others]) => (forms & others) === 0);
      if (other !== undefined) return [first, other[1].first];
    }
    return undefined;
  }

  /** The form that more cells can be read in than in any other, and the cell at which the last other one was ruled out. */
  winner(candidates: readonly Forms[]): { form: Forms; by: CellOfLine } | undefined {
    const [best, second] = candidates
      .map((form) => ({ form, cells: this.#readIn(form) }))
      .toSorted((one, other) => other.cells - one.cells);
    if (best === undefined || best.cells === (second?.cells ?? 0)) return undefined;
    const deciding = candidates.flatMap((rival) => this.#firstAgainst(best.form, rival) ?? []);
    const by = deciding.toSorted((one, other) => one.line - other.line).at(-1);
    return by && { form: best.form, by };
  }

  #readIn(form: Forms): number {
    return [...this.#counts].reduce((sum, [forms, { cells }]) => ((forms & form) === 0 ? sum : sum + cells), 0);
  }

  #firstAgainst(form: Forms, rival: Forms): CellOfLine | undefined {
    const against = [...this.#counts].filter(([forms]) => (forms & form) !== 0 && (forms & rival) === 0);
    return earliest(against.map(([, { first }]) => first));
  }
}

function earliest(cells: readonly CellOfLine[]): CellOfLine | undefined {
  return cells.toSorted((one, other) => one.line - other.line)[0];
}
