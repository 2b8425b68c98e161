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
import type { FormCensus, Forms } from './form-census.ts';
import {
  COMMA,
  isDash,
  MAYBE_COMMA,
  MAYBE_POINT,
  POINT,
  valueIn,
  type WrittenNumber,
  writtenNumber,
} from './written-number.ts';

export const NOT_A_NUMBER = 'is not a number';
export const TOO_LARGE = 'is too large: 1e15 is the most';

/** How the numbers of a column are written, where the partner's file does not say so. */
export class NumberForm implements ColumnForm {
  readonly read: CellReader;
  readonly readTyped: TypedCellReader;
  readonly check = undefined;
  readonly #title: string;
  /** A decimal point or a comma; undefined while whole numbers are all that was seen. */
  #form: Forms | undefined;
  #decidedBy: DecidingCell | undefined;
  /** Whether the numbers have a percent sign, as the first one has that is not 0. */
  #isPercent: boolean | undefined;
  /** Those that the numbers may be in, and what says so. */
  #currencies: readonly string[] | undefined;
  #currencyBy: string | undefined;
  /** Whether some cells are numbers of a workbook, which are what they are. */
  #hasNumbers = false;

  constructor({ titles: [title = ''], unit }: FieldDefinition) {
    this.#title = title;
    const currency = currencyOfUnit(unit);
    if (currency !== undefined) {
      this.#currencies = [currency];
      this.#currencyBy = `unit is ${currency}`;
    }
    this.read = (cell) => {
      if (this.#isPercent === true) return this.#readWritten(cell);
      // Most cells of most files. While nothing has decided, a point may stand between groups of digits.
      const value = this.#form === POINT ? parseNumber(cell) : wholeNumber(cell);
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
    return this.#form === undefined;
  }

  waitsFor(cell: string): boolean {
    return this.isOpen && (this.formsOf(cell) & ALTERNATIVES) === ALTERNATIVES;
  }

  formsOf(cell: string): Forms {
    return wholeNumber(cell) === undefined ? (writtenNumber(cell)?.forms ?? 0) : 0;
  }

  settle(census: FormCensus, others: readonly ColumnForm[]): void {
    if (!this.isOpen) return;
    const winner = census.winner([POINT, COMMA]);
    if (winner !== undefined) this.#decide(winner.form, winner.by);
    else this.#settleBy(census, others);
  }

  /**
   * Of 1,500 beside a column with decimal points the comma groups digits: nobody writes both as decimal signs. But 1.500
   * there may come from elsewhere than the other column.
   */
  #settleBy(census: FormCensus, others: readonly ColumnForm[]): void {
    const hasPoints = census.firstOf(ALTERNATIVES | MAYBE_POINT) !== undefined;
    const hasCommas = census.firstOf(ALTERNATIVES | MAYBE_COMMA) !== undefined;
    if (hasPoints === hasCommas) return;
    const form = hasPoints ? COMMA : POINT;
    for (const other of others) {
      if (!(other instanceof NumberForm) || other.#form !== form || other.#decidedBy === undefined) continue;
      this.#decide(form, { column: other.#title, ...other.#decidedBy });
      return;
    }
  }

  close(census: FormCensus): string | undefined {
    const undecided = census.firstOf(ALTERNATIVES | MAYBE_POINT) ?? census.firstOf(ALTERNATIVES | MAYBE_COMMA);
    const number = undecided && writtenNumber(undecided.cell);
    if (undecided === undefined || number === undefined) return undefined;
    const [decimal, group] = (number.forms & MAYBE_POINT) === 0 ? [',', '.'] : ['.', ','];
    const [asGroup, asDecimal] = decimal === '.' ? [COMMA, POINT] : [POINT, COMMA];
    return `${JSON.stringify(undecided.cell)} in line ${undecided.line} is ${valueIn(number, asGroup)} or ${valueIn(number, asDecimal)}, and no cell of the column decides it; set groupChar: "${decimal}" and decimalChar: "${group}" for the one, decimalChar: "${decimal}" for the other`;
  }

  problemOf(cell: string): string {
    const number = writtenNumber(cell);
    if (number === undefined) return NOT_A_NUMBER;
    if (!this.#isOfCurrency(number)) return `is in another currency: ${this.#currencyBy}`;
    if (number.forms !== 0 && this.#form !== undefined && (number.forms & this.#form) === 0) {
      const [own, other] = this.#form === POINT ? ['point', 'comma'] : ['comma', 'point'];
      return `has a decimal ${other}, and the column has a decimal ${own}, as in ${this.#decidedBy?.cell}`;
    }
    if (Math.abs(valueIn(number, this.#form ?? POINT)) > MAX_NUMBER) return TOO_LARGE;
    return number.isPercent
      ? 'has a percent sign, and the numbers above have none; set bareNumber: false to read 95 % as 95'
      : 'has no percent sign, and the numbers above have one; set bareNumber: false to read 95 % as 95';
  }

  get inWords(): FormInWords | undefined {
    const by = this.#decidedBy;
    if (by === undefined) return this.#hasNumbers ? { form: 'numbers of the workbook' } : undefined;
    return { form: `decimal ${this.#form === POINT ? 'point' : 'comma'}, as in ${by.cell}`, decidedBy: by };
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
    if (this.#form === undefined && (forms & ALTERNATIVES) !== ALTERNATIVES) this.#decide(forms, { cell });
    return this.#form === undefined || (forms & this.#form) === 0 ? undefined : this.#form;
  }

  #decide(form: Forms, by: DecidingCell): void {
    this.#form = form;
    this.#decidedBy = by;
  }

  #isOfCurrency({ currencies }: Signs): boolean {
    const own = this.#currencies;
    return currencies === undefined || own === undefined || currencies.some((currency) => own.includes(currency));
  }

  #noteCurrency({ currencies }: Signs, cell: string): void {
    if (currencies === undefined) return;
    const own = this.#currencies;
    this.#currencies = own === undefined ? currencies : currencies.filter((currency) => own.includes(currency));
    this.#currencyBy ??= `the column has ${cell}`;
  }
}

/** What stands around a number. */
type Signs = Pick<WrittenNumber, 'isPercent' | 'currencies'>;

const ALTERNATIVES = POINT | COMMA;

const ZERO = 48;
const NINE = 57;
const MINUS = 45;

/** Fewer digits than numbers can hold exactly. */
const MOST_DIGITS = 15;

/** Reads what is the same in all forms, digits alone or after a minus, without a look at anything else. */
function wholeNumber(cell: string): number | undefined {
  if (cell.length > MOST_DIGITS) return undefined;
  const isNegative = cell.charCodeAt(0) === MINUS;
  const from = isNegative ? 1 : 0;
  if (cell.length === from) return undefined;
  let value = 0;
  for (let at = from; at < cell.length; at++) {
    const code = cell.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return undefined;
    value = value * 10 + (code - ZERO);
  }
  return isNegative ? -value : value;
}
