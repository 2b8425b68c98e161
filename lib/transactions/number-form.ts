import { type FieldDefinition, MAX_NUMBER } from '../partners/definition.ts';
import { parseNumber } from './cells.ts';
import {
  BLANK,
  type CellReader,
  type ColumnForm,
  type DecidingCell,
  type FormInWords,
  type TypedCellReader,
} from './column-form.ts';
import { currencyOfUnit, shownCurrencies } from './currencies.ts';
import { type FormCensus, type Forms, LEAST_AGREEING } from './form-census.ts';
import { noNumber } from './no-number.ts';
import { decimalNumber, wholeNumber } from './plain-number.ts';
import { SignTally } from './sign-tally.ts';
import { titleInMessages } from './transaction.ts';
import { IN_TWO_WAYS, undecidedInWords } from './undecided-numbers.ts';
import type { InputCheck } from './understood.ts';
import {
  COMMA,
  COMMA_OR_GROUP,
  isAmbiguous,
  isDash,
  POINT,
  POINT_OR_GROUP,
  valueIn,
  type WrittenNumber,
  writtenNumber,
} from './written-number.ts';

export const TOO_LARGE = 'is too large: 1e15 is the most';

/** How the numbers of a column are written, where the partner's file says no more of it than the decimal sign. */
export class NumberForm implements ColumnForm {
  readonly read: CellReader;
  readonly readTyped: TypedCellReader;
  readonly #title: string;
  /** A decimal point or a comma; undefined while whole numbers are all that was seen. */
  #form: Forms | undefined;
  /** Undefined also where the partner's file has decided. */
  #decidedBy: DecidingCell | undefined;
  /** Whether cells that decide are in both forms: what is clear by itself is read, and nothing else. */
  #isContested = false;
  /** The code of the decimal sign, once that is certain. */
  #decimal: number | undefined;
  #isClosed = false;
  readonly #tally = new SignTally();
  /** Whether the numbers have a percent sign, as the first one has that is not 0. */
  #isPercent: boolean | undefined;
  /** Those that the numbers may be in, and what says so. */
  #currencies: readonly string[] | undefined;
  #currencyBy: string | undefined;
  /** Whether some cells name it. */
  #hasCurrency = false;
  /** Whether some cells are numbers of a workbook, which are what they are. */
  #hasNumbers = false;

  constructor(field: FieldDefinition) {
    this.#title = titleInMessages(field);
    this.#form = toldForm(field);
    this.#decimal = this.decimalChar?.charCodeAt(0);
    const currency = currencyOfUnit(field.unit);
    if (currency !== undefined) {
      this.#currencies = [currency];
      this.#currencyBy = `unit is ${currency}`;
    }
    this.read = (cell) => {
      if (this.#isPercent === true) return this.#readWritten(cell);
      // Most cells of most files. While nothing has decided, a point may stand between groups of digits.
      const value = this.#decimal === undefined ? wholeNumber(cell) : this.#readDecimal(cell, this.#decimal);
      if (value === undefined) return this.#readWritten(cell);
      if (this.#isPercent === undefined && value !== 0) this.#isPercent = false;
      return value;
    };
    this.readTyped = (cell, text) => {
      if (cell.kind === 'date') return Number.NaN;
      this.#hasNumbers = true;
      const signs = { isPercent: cell.sign === '%', currencies: shownCurrencies(cell.sign) };
      return this.#withSigns(cell.value, signs, text);
    };
  }

  get isOpen(): boolean {
    return !this.#isClosed && !this.#isDecided;
  }

  waitsFor(cell: string): boolean {
    return this.isOpen && isAmbiguous(this.formsOf(cell));
  }

  formsOf(cell: string): Forms {
    return wholeNumber(cell) === undefined ? (writtenNumber(cell)?.forms ?? 0) : 0;
  }

  settle(census: FormCensus, others: readonly ColumnForm[]): void {
    // What is contested only the whole file decides.
    if (this.#form !== undefined || this.#isContested) return;
    this.#isContested = isContested(census);
    const winner = census.winner([POINT, COMMA]);
    if (winner !== undefined) this.#decide(winner.form, winner.by);
    else if (!this.#isContested) this.#settleBy(census, others);
  }

  /**
   * Of 1,500 beside a column with decimal points the comma groups digits: nobody writes both as decimal signs. But 1.500
   * there may come from elsewhere than the other column.
   */
  #settleBy(census: FormCensus, others: readonly ColumnForm[]): void {
    const hasPoints = census.firstOf(POINT_OR_GROUP) !== undefined;
    const hasCommas = census.firstOf(COMMA_OR_GROUP) !== undefined;
    if (hasPoints === hasCommas) return;
    const form = hasPoints ? COMMA : POINT;
    for (const other of others) {
      if (!(other instanceof NumberForm) || other.#form !== form || other.#isContested) continue;
      if (other.#decidedBy === undefined) continue;
      this.#decide(form, { column: other.#title, ...other.#decidedBy });
      return;
    }
  }

  close(census: FormCensus): string | undefined {
    const winner = this.#isContested && !isContested(census) ? census.winner([POINT, COMMA]) : undefined;
    this.#isClosed = true;
    if (winner !== undefined) {
      this.#isContested = false;
      this.#decide(winner.form, winner.by);
      return undefined;
    }
    return undecidedInWords(census);
  }

  problemOf(cell: string): string {
    const number = writtenNumber(cell);
    if (number === undefined) return noNumber(cell);
    if (!this.#isOfCurrency(number)) return `is in another currency: ${this.#currencyBy}`;
    if (number.forms !== 0 && this.#form !== undefined && (number.forms & this.#form) === 0) {
      const [own, other] = this.#signs;
      const by = this.#decidedBy;
      return by === undefined
        ? `has a decimal ${other}, and by the partner file the column has a decimal ${own}`
        : `has a decimal ${other}, and the column has a decimal ${own}, as in ${by.cell}`;
    }
    if (Math.abs(valueIn(number, this.#form ?? POINT)) > MAX_NUMBER) return TOO_LARGE;
    if (this.#isClosed && !this.#isDecided && isAmbiguous(number.forms)) return IN_TWO_WAYS;
    return number.isPercent
      ? 'has a percent sign, and the numbers above have none; set bareNumber: false to read 95 % as 95'
      : 'has no percent sign, and the numbers above have one; set bareNumber: false to read 95 % as 95';
  }

  get inWords(): FormInWords | undefined {
    // Of a column that was refused it would be said how it is written.
    const by = this.#isClosed && !this.#isDecided ? undefined : this.#decidedBy;
    if (by === undefined) return this.#hasNumbers ? { form: 'numbers of the workbook' } : undefined;
    return { form: `decimal ${this.#signs[0]}, as in ${by.cell}${this.#currencyInWords}`, decidedBy: by };
  }

  get checks(): readonly InputCheck[] {
    const by = this.#decidedBy;
    const check = by && this.#tally.checkOf(this.#title, by, this.#signs);
    return check === undefined ? [] : [check];
  }

  /** What the partner's file has to say for the column to be read as this one. */
  get decimalChar(): '.' | ',' | undefined {
    if (!this.#isDecided) return undefined;
    return this.#form === POINT ? '.' : ',';
  }

  get #isDecided(): boolean {
    return this.#form !== undefined && !this.#isContested;
  }

  /** Where the cells name one, and no other could be meant. */
  get #currencyInWords(): string {
    const [only, ...others] = this.#currencies ?? [];
    return this.#hasCurrency && only !== undefined && others.length === 0 ? `; ${only}` : '';
  }

  /** The decimal sign of the column, and the other one, in words. */
  get #signs(): readonly [string, string] {
    return this.#form === POINT ? ['point', 'comma'] : ['comma', 'point'];
  }

  #readDecimal(cell: string, decimal: number): number | undefined {
    const value = decimalNumber(cell, decimal, this.#tally);
    if (value !== undefined || this.#form === COMMA) return value;
    // What has an exponent, or many digits.
    const other = parseNumber(cell);
    if (other !== undefined) this.#tally.agreeing += 1;
    return other;
  }

  #readWritten(cell: string): number {
    const number = writtenNumber(cell);
    if (number === undefined) return isDash(cell) ? BLANK : Number.NaN;
    const form = this.#formOf(number, cell);
    return form === undefined ? Number.NaN : this.#withSigns(valueIn(number, form), number, cell);
  }

  /** A value, where its signs are those of the column. */
  #withSigns(value: number, signs: Signs, cell: string): number {
    if (!this.#isOfCurrency(signs) || !(Math.abs(value) <= MAX_NUMBER)) return Number.NaN;
    if (value !== 0 && (this.#isPercent ?? signs.isPercent) !== signs.isPercent) return Number.NaN;
    if (value !== 0) this.#isPercent = signs.isPercent;
    this.#noteCurrency(signs, cell);
    return value;
  }

  /** The form that it is to be read in; undefined when it cannot be, or nothing has decided yet. */
  #formOf({ forms }: WrittenNumber, cell: string): Forms | undefined {
    if (forms === 0) return POINT;
    if (isAmbiguous(forms)) return this.#formOfAmbiguous(cell);
    if (this.#form === undefined) this.#decide(forms, { cell });
    if (forms === this.#form) this.#tally.agreeing += 1;
    else this.#tally.contradicting += 1;
    return forms === this.#form ? forms : undefined;
  }

  #formOfAmbiguous(cell: string): Forms | undefined {
    if (!this.#isDecided) return undefined;
    this.#tally.addAmbiguous(cell);
    return this.#form;
  }

  #decide(form: Forms, by: DecidingCell): void {
    this.#form = form;
    this.#decidedBy = by;
    this.#decimal = this.decimalChar?.charCodeAt(0);
  }

  #isOfCurrency({ currencies }: Signs): boolean {
    const own = this.#currencies;
    return currencies === undefined || own === undefined || currencies.some((currency) => own.includes(currency));
  }

  #noteCurrency({ currencies }: Signs, cell: string): void {
    if (currencies === undefined) return;
    this.#hasCurrency = true;
    const own = this.#currencies;
    this.#currencies = own === undefined ? currencies : currencies.filter((currency) => own.includes(currency));
    this.#currencyBy ??= `the column has ${cell}`;
  }
}

/** What stands around a number. */
type Signs = Pick<WrittenNumber, 'isPercent' | 'currencies'>;

/** Whether the partner's file says the decimal sign of a field and no more, so that the column tells all else. */
export function saysDecimalSignAlone(field: FieldDefinition): boolean {
  return toldForm(field) !== undefined;
}

function toldForm({ decimalChar, groupChar, bareNumber }: FieldDefinition): Forms | undefined {
  if (groupChar !== undefined || bareNumber !== undefined) return undefined;
  return decimalChar === '.' ? POINT : decimalChar === ',' ? COMMA : undefined;
}

/** Whether cells that decide are in both forms, and too few of them in one. */
function isContested(census: FormCensus): boolean {
  const [points, commas] = [census.cellsOf(POINT), census.cellsOf(COMMA)];
  return Math.max(points, commas) < LEAST_AGREEING * (points + commas);
}
