import { counted } from '../counted.ts';
import { lineOf, quotedLine } from './lines-apart.ts';
import type { Rows } from './rows.ts';
import type { InputCheck } from './understood.ts';

/** More rows are no trailer. */
const MOST_ROWS = 5;
/** After fewer rows, it may be chance that only the last ones have no time. */
const FEWEST_BEFORE = 10;

/**
 * Rows with which a file ends, when they alone have no time. A member without transactions has a row like this, and so
 * has what programs write below a table, such as `EOF` or `Page 1 of 1`.
 */
export class UntimedEnd {
  /** In the part at hand. */
  #rows = 0;
  #before = 0;
  #first = '';
  /** In all parts that end so. */
  readonly #ends: { rows: number; first: string }[] = [];
  #areElsewhere = false;

  /**
   * Takes an accepted row without a time.
   * @param before how many rows of the part were accepted before
   * @param part its name, if it has one
   */
  add(before: number, rows: Rows, row: number, part: string | undefined): void {
    this.#rows += 1;
    if (this.#rows > 1) return;
    this.#before = before;
    this.#first = `${part === undefined ? '' : `${part}, `}${quotedLine(lineOf(rows, row))}`;
  }

  /** @param accepted rows of the part */
  endPart(accepted: number): void {
    const rows = this.#rows;
    this.#rows = 0;
    if (rows === 0) return;
    if (rows <= MOST_ROWS && this.#before >= FEWEST_BEFORE && this.#before + rows === accepted)
      this.#ends.push({ rows, first: this.#first });
    else this.#areElsewhere = true;
  }

  /** @param title of the column of the time */
  checks(title: string): InputCheck[] {
    const [end, ...others] = this.#ends;
    if (end === undefined || this.#areElsewhere) return [];
    const which =
      others.length > 0 ? `the last rows of ${counted(others.length + 1, 'part')} have` : lastRows(end.rows);
    return [
      {
        about: 'rows',
        count: `${which} no ${title}, and all others have one`,
        advice: `Look at ${end.first}. Where it is no member, remove its line from the file.`,
      },
    ];
  }
}

function lastRows(rows: number): string {
  return rows === 1 ? 'the last row has' : `the last ${rows} rows have`;
}
