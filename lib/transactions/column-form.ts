import { placeInWords } from './cell-place.ts';
import type { FormCensus, Forms } from './form-census.ts';
import type { TypedCell } from './typed-cell.ts';
import type { InputCheck } from './understood.ts';

/** Reads a trimmed cell that is not blank; NaN says that it cannot be read, BLANK that it stands for nothing. */
export type CellReader = (cell: string) => number;

/** Reads a cell of a workbook that is no text, see `CellReader`. @param text that people see */
export type TypedCellReader = (cell: TypedCell, text: string) => number;

/** Of a cell that stands for nothing, though the partner's file does not say so. No cell is read as this number. */
export const BLANK = Number.POSITIVE_INFINITY;

/** A cell that decided how a column is read. Its line is known when the rows around it have been read. */
export interface DecidingCell {
  cell: string;
  line?: number;
  /** Of a file with several, the name of the one that the line is of. */
  part?: string | undefined;
  /** Of another column, which decided for this one, too. */
  column?: string;
}

/** Where it is, as the end of what quotes it: ` in line 2 of part-1.csv`. Empty where that is not known. */
export function placeOfDeciding({ line, part, column }: DecidingCell): string {
  const ofColumn = column === undefined ? '' : ` of ${column}`;
  return line === undefined ? ofColumn : ` in ${placeInWords({ line, part })}${ofColumn}`;
}

/** How a column is read, in words. */
export interface FormInWords {
  form: string;
  decidedBy?: DecidingCell;
}

/**
 * How the cells of one column are written, as the whole column tells: what a cell alone does not tell, another one
 * decides. The column is open until one has.
 */
export interface ColumnForm {
  /** While the column is open, NaN for what can be read in several ways. */
  readonly read: CellReader;
  /** Tells the column's form nothing: what a cell of a workbook is, the workbook says. */
  readonly readTyped: TypedCellReader;
  /** Why a cell cannot be read, as the end of a sentence. */
  problemOf(cell: string): string;
  /** Whether a cell cannot be read before the column is decided. */
  waitsFor(cell: string): boolean;
  /** The forms that a cell can be read in; 0 when there is none, or it says the same in all of them. */
  formsOf(cell: string): Forms;
  readonly isOpen: boolean;
  /** Decides by what is known of the column's cells, if that decides. @param others of the same file */
  settle(census: FormCensus, others: readonly ColumnForm[]): void;
  /**
   * No more cells might decide: from now on, what can be read in several ways is not read.
   * @returns why the file cannot be used, if so
   */
  close(census: FormCensus): string | undefined;
  /** Undefined where there is nothing to tell. */
  readonly inWords: FormInWords | undefined;
  /** What somebody should look at, of a column that has been read. */
  readonly checks: readonly InputCheck[];
}
