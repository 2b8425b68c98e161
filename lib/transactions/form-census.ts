import type { CellPlace } from './cell-place.ts';

/** A cell of a file, and where its row is. */
export interface CellOfLine extends CellPlace {
  cell: string;
  /** Which one it is of those that were looked at: lines of several files do not compare. */
  order: number;
}

/** Forms that a cell can be read in, a bit each. */
export type Forms = number;

/** How many cells of a column can be read in which forms. */
export class FormCensus {
  readonly #counts = new Map<Forms, { cells: number; first: CellOfLine }>();

  /** @param placeOf is asked for the first cell of its kind alone, because lines take long to be told */
  add(forms: Forms, cell: string, placeOf: () => CellPlace): void {
    const known = this.#counts.get(forms);
    if (known !== undefined) known.cells += 1;
    else this.#counts.set(forms, { cells: 1, first: { cell, ...placeOf(), order: this.#counts.size } });
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

  /** Two cells that can be read in some of the forms, and in none of these both. */
  conflictIn(candidates: readonly Forms[]): [CellOfLine, CellOfLine] | undefined {
    const counts = this.#readInAny(candidates);
    for (const [forms, { first }] of counts) {
      const other = counts.find(([others]) => (forms & others) === 0);
      if (other !== undefined) return [first, other[1].first];
    }
    return undefined;
  }

  /**
   * What the cells say about a form.
   * @param candidates all forms that a column may be in: cells in none of them do not count
   */
  verdictOn(form: Forms, candidates: readonly Forms[]): FormVerdict {
    const counts = this.#readInAny(candidates);
    const against = counts.filter(([forms]) => (forms & form) === 0);
    const rivals = against.reduce((sum, [forms]) => sum | forms, 0);
    return {
      against: sumOf(against),
      firstAgainst: earliest(against.map(([, { first }]) => first)),
      inFavour: sumOf(counts.filter(([forms]) => (forms & form) !== 0 && (forms & rivals) === 0)),
      undecided: sumOf(counts.filter(([forms]) => (forms & form) !== 0 && forms !== form)),
    };
  }

  /** The form that more cells can be read in than in any other, and the cell at which the last other one was ruled out. */
  winner(candidates: readonly Forms[]): { form: Forms; by: CellOfLine } | undefined {
    const [best, second] = candidates
      .map((form) => ({ form, cells: this.cellsIn(form) }))
      .toSorted((one, other) => other.cells - one.cells);
    if (best === undefined || best.cells === (second?.cells ?? 0)) return undefined;
    const deciding = candidates.flatMap((rival) => this.#firstAgainst(best.form, rival) ?? []);
    const by = deciding.toSorted((one, other) => one.order - other.order).at(-1);
    return by && { form: best.form, by };
  }

  /** How many cells can be read in a form. */
  cellsIn(form: Forms): number {
    return sumOf([...this.#counts].filter(([forms]) => (forms & form) !== 0));
  }

  #readInAny(candidates: readonly Forms[]): [Forms, { cells: number; first: CellOfLine }][] {
    const any = candidates.reduce((sum, candidate) => sum | candidate, 0);
    return [...this.#counts].filter(([forms]) => (forms & any) !== 0);
  }

  #firstAgainst(form: Forms, rival: Forms): CellOfLine | undefined {
    const against = [...this.#counts].filter(([forms]) => (forms & form) !== 0 && (forms & rival) === 0);
    return earliest(against.map(([, { first }]) => first));
  }
}

/** What the cells of a column say about one form. */
export interface FormVerdict {
  /** Cells that cannot be read in it. */
  against: number;
  firstAgainst: CellOfLine | undefined;
  /** Cells that can be read in it, and not in any form of those that cannot. */
  inFavour: number;
  /** Cells that can be read in it and in others. */
  undecided: number;
}

/** Of the cells that decide a form, this share must agree for the others to be read as they are. */
export const LEAST_AGREEING = 0.95;

/** Whether too many cells are against a form for them to be typing errors. */
export function isContradicted({ against, inFavour }: Pick<FormVerdict, 'against' | 'inFavour'>): boolean {
  return inFavour < LEAST_AGREEING * (against + inFavour);
}

function sumOf(counts: readonly [Forms, { cells: number }][]): number {
  return counts.reduce((sum, [, { cells }]) => sum + cells, 0);
}

function earliest(cells: readonly CellOfLine[]): CellOfLine | undefined {
  return cells.toSorted((one, other) => one.order - other.order)[0];
}
