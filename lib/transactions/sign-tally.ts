import { counted } from '../counted.ts';
import { type DecidingCell, placeOfDeciding } from './column-form.ts';
import { LEAST_AGREEING } from './form-census.ts';
import type { InputCheck } from './understood.ts';

/** How far the cells of a column agree with the decimal sign that it is read with. */
export class SignTally {
  /** Cells that were read, and could not have been read with the other sign. */
  agreeing = 0;
  contradicting = 0;
  /** Cells that were read, and would be other numbers with the other sign. */
  #ambiguous = 0;
  #firstAmbiguous = '';

  addAmbiguous(cell: string): void {
    if (this.#ambiguous === 0) this.#firstAmbiguous = cell;
    this.#ambiguous += 1;
  }

  /**
   * What was read in one of two ways because of a cell that too many others contradict.
   * @param signs the decimal sign that the column is read with, and the other one, in words
   */
  checkOf(title: string, by: DecidingCell, [own, other]: readonly [string, string]): InputCheck | undefined {
    const deciding = this.agreeing + this.contradicting;
    if (this.#ambiguous === 0 || this.agreeing >= LEAST_AGREEING * deciding) return undefined;
    const [read, others] = [counted(this.#ambiguous, 'number'), counted(this.contradicting, 'other')];
    const verb = (count: number, one: string, many: string) => (count === 1 ? one : many);
    return {
      about: 'numbers',
      count: `in one column, ${read} that can be read in two ways ${verb(this.#ambiguous, 'was', 'were')} read in one of them, and ${others} ${verb(this.contradicting, 'contradicts', 'contradict')} it`,
      advice: `In ${title}, ${read} such as ${this.#firstAmbiguous} ${verb(this.#ambiguous, 'was', 'were')} read with a decimal ${own} because of ${by.cell}${placeOfDeciding(by)}, and ${others} ${verb(this.contradicting, 'has', 'have')} a decimal ${other}. Compare some numbers with the system that they come from, and set ${DECIMAL_CHARS}.`,
    };
  }
}

/** What to write into the partner's file, where it is not known what is right. */
export const DECIMAL_CHARS = 'decimalChar: "." or decimalChar: ","';
