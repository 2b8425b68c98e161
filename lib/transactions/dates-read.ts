import { counted } from '../counted.ts';
import type { DateOrder } from '../partners/date-format.ts';
import { dayOf, MS_PER_DAY } from './cells.ts';
import { type DecidingCell, placeOfDeciding } from './column-form.ts';
import { formOfOrder, ORDER_FORMS } from './date-orders.ts';
import { FormCensus, type Forms, isContradicted } from './form-census.ts';
import type { InputCheck } from './understood.ts';

/** Nobody's transactions are older: such dates are defaults of databases and programs, or mistyped years. */
const EARLY_YEAR = 1950;
/** Milliseconds since the epoch before which dates are to be counted. */
export const EARLY = (dayOf(EARLY_YEAR, 1, 1) ?? 0) * MS_PER_DAY;

/** How a column of dates was read. */
export interface ReadAs {
  title: string;
  /** Whether no date may be as early as some are, because they are those of transactions. */
  isOfTransactions: boolean;
  order: DateOrder | undefined;
  decidedBy: DecidingCell | undefined;
}

/** Counts the dates of a column that somebody may have to look at. */
export class DatesRead {
  /** Dates of a workbook. */
  #typed = 0;
  #early = 0;
  #firstEarly: string | undefined;
  /** Dates in numbers that came after their order was decided. */
  readonly #numbered = new FormCensus();

  get typed(): number {
    return this.#typed;
  }

  addTyped(): void {
    this.#typed += 1;
  }

  addEarly(cell: string): void {
    this.#early += 1;
    this.#firstEarly ??= cell;
  }

  /** @param forms that the date can be read in, 0 where its order does not matter */
  addNumbered(forms: Forms, cell: string): void {
    if (forms !== 0) this.#numbered.add(forms, cell, NO_LINE);
  }

  checks(readAs: ReadAs): InputCheck[] {
    return [this.#mixed(readAs), this.#contradiction(readAs), this.#tooEarly(readAs)].filter(
      (check) => check !== undefined,
    );
  }

  /**
   * Where a spreadsheet expects the month first, it takes 01/02/2024 for a date of January, and leaves 31/01/2024 a text:
   * then the dates are wrong.
   */
  #mixed({ title, order }: ReadAs): InputCheck | undefined {
    const texts = order === undefined ? 0 : this.#numbered.cellsIn(formOfOrder(order));
    if (this.#typed === 0 || texts === 0) return undefined;
    return {
      about: 'dates',
      count: `in one column, ${counted(this.#typed, 'date')} of the workbook and ${counted(texts, 'text')} are mixed`,
      advice: `${title} has texts such as ${this.#numbered.first?.cell} beside dates. A spreadsheet that expects day and month in another order takes some texts for wrong dates. Compare some dates with the system that they come from.`,
    };
  }

  /** Where the first rows have decided, and others contradict: what fits both may have been read in the wrong order. */
  #contradiction({ title, order, decidedBy }: ReadAs): InputCheck | undefined {
    if (order === undefined || decidedBy === undefined) return undefined;
    const verdict = this.#numbered.verdictOn(formOfOrder(order), ORDER_FORMS);
    const { against, firstAgainst, undecided } = verdict;
    if (firstAgainst === undefined || undecided === 0 || !isContradicted(verdict)) return undefined;
    return {
      about: 'dates',
      count: `in one column, ${counted(undecided, 'date')} that may be in several orders ${undecided === 1 ? 'was' : 'were'} read as ${order}, and ${counted(against, 'other')} cannot be`,
      advice: `${title} was read as ${order} because of ${decidedBy.cell}${placeOfDeciding(decidedBy)}, and cells such as ${firstAgainst.cell} contradict it. Dates that fit both may be wrong. Have all of them written in one order, or set format to the one that counts.`,
    };
  }

  #tooEarly({ title, isOfTransactions }: ReadAs): InputCheck | undefined {
    if (this.#firstEarly === undefined || !isOfTransactions) return undefined;
    return {
      about: 'dates',
      count: `in one column, ${counted(this.#early, 'date')} ${this.#early === 1 ? 'is' : 'are'} before ${EARLY_YEAR}`,
      advice: `${title} has dates such as ${this.#firstEarly}. Where they stand for no date, add them to missingValues of the field.`,
    };
  }
}

/** Cells are not told their lines while they are read. */
const NO_LINE = () => ({ line: 0 });
