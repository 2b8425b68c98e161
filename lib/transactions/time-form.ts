import { type DateOrder, dateOrderOf } from '../partners/date-format.ts';
import type { FieldDefinition } from '../partners/definition.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { placeInWords } from './cell-place.ts';
import { MS_PER_DAY, parseTime } from './cells.ts';
import {
  BLANK,
  type CellReader,
  type ColumnForm,
  type DecidingCell,
  type FormInWords,
  type TypedCellReader,
} from './column-form.ts';
import { dayInOrder, type NumberedDate, ORDER_FORMS, orderOfForm, PossibleOrders } from './date-orders.ts';
import { DatesRead, EARLY } from './dates-read.ts';
import { type CellOfLine, type FormCensus, type Forms, isContradicted } from './form-census.ts';
import { isOfNoDay, saysNoDate } from './no-date.ts';
import { hintOf } from './time-hints.ts';
import { titleInMessages } from './transaction.ts';
import { typedTimeReader } from './typed-times.ts';
import type { InputCheck } from './understood.ts';
import { writtenTime } from './written-time.ts';

/** Says its order itself: the year comes first, in full, or the month is a name. */
const PLAIN: Forms = 8;

const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const AND = new Intl.ListFormat('en-GB');

const NOT_A_TIME = 'is not a date or time';
const WANTED = 'wanted is a date such as 2024-01-31 or 31 Jan 2024, with a clock such as 10:15 or none';

/** How the times of a column are written, where the partner's file says no more than their order. */
export class TimeForm implements ColumnForm {
  readonly read: CellReader;
  readonly readTyped: TypedCellReader;
  readonly #title: string;
  readonly #calendar: Calendar;
  readonly #orders: PossibleOrders;
  #isOpen: boolean;
  #order: DateOrder | undefined;
  /** Undefined where the partner's file says the order. */
  #decidedBy: DecidingCell | undefined;
  /** Where no order was decided, and cells that say their own are read: what the column has. */
  #undecided = '';
  readonly #isOfTransactions: boolean;
  readonly #read = new DatesRead();

  /** @param asOfDay after which no time of the column may be, because they are those of transactions: days since the epoch */
  constructor(field: FieldDefinition, asOfDay?: number) {
    this.#title = titleInMessages(field);
    this.#isOfTransactions = asOfDay !== undefined;
    this.#orders = new PossibleOrders(asOfDay);
    this.#order = dateOrderOf(field.format);
    this.#isOpen = this.#order === undefined;
    this.#calendar = calendarOf(field);
    const isUtc = (field.timezone ?? 'UTC') === 'UTC';
    this.read = (cell) => {
      // Most cells of most files: nothing is to be looked at besides the time itself.
      const time = parseTime(cell);
      if (time === undefined) return this.#readWritten(cell);
      if (time < EARLY && this.#isNoDate(time, cell)) return BLANK;
      return isUtc || hasOffset(cell) ? time : this.#calendar.instantOf(time);
    };
    const readTyped = typedTimeReader(this.read, this.#calendar);
    this.readTyped = (cell, text) => {
      if (cell.kind === 'date') {
        this.#read.addTyped();
        if (cell.clocks < EARLY) this.#isNoDate(cell.clocks, text);
      }
      return readTyped(cell, text);
    };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  waitsFor(cell: string): boolean {
    if (!this.#isOpen) return false;
    const forms = this.formsOf(cell);
    return forms !== 0 && forms !== PLAIN;
  }

  formsOf(cell: string): Forms {
    const date = writtenTime(cell)?.date;
    if (date === undefined) return 0;
    return typeof date === 'number' ? PLAIN : this.#orders.formsOf(date);
  }

  settle(census: FormCensus): void {
    if (!this.#isOpen) return;
    const winner = census.winner(ORDER_FORMS);
    if (winner === undefined || isContradicted(census.verdictOn(winner.form, ORDER_FORMS))) return;
    this.#order = orderOfForm(winner.form);
    this.#decidedBy = winner.by;
    this.#isOpen = false;
  }

  close(census: FormCensus): string | undefined {
    this.#isOpen = false;
    const plain = census.firstOf(PLAIN)?.cell;
    const conflict = census.conflictIn(ORDER_FORMS);
    if (plain !== undefined) {
      this.#undecided = undecidedColumn(plain, conflict);
      return undefined;
    }
    if (conflict !== undefined) {
      const cells = conflict.map((one) => `${JSON.stringify(one.cell)} in ${placeInWords(one)}`);
      return `${AND.format(cells)} are in different orders; ${this.#adviceOf(...conflict.map(({ cell }) => cell))}`;
    }
    const undecided = census.first;
    return (
      undecided &&
      `${JSON.stringify(undecided.cell)} in ${placeInWords(undecided)} ${this.#looksLike(undecided.cell)}, and no cell of the column decides it; ${this.#adviceOf(undecided.cell)}`
    );
  }

  problemOf(cell: string): string {
    const hint = hintOf(cell);
    if (hint !== undefined) return `${NOT_A_TIME}: it ${hint}`;
    if (this.#ordersOf(cell).length === 0) return `${NOT_A_TIME}; ${WANTED}`;
    const problem = `${NOT_A_TIME}: it ${this.#looksLike(cell)}`;
    if (this.#order !== undefined) {
      const by = this.#decidedBy;
      return `${problem}, and ${by === undefined ? `format is ${this.#order}` : `the column is ${this.#order}, as in ${by.cell}`}`;
    }
    return `${problem}${this.#undecided}; ${this.#adviceOf(cell)}`;
  }

  get inWords(): FormInWords | undefined {
    const by = this.#decidedBy;
    if (by === undefined) return this.#read.typed === 0 ? undefined : { form: 'dates of the workbook' };
    return { form: `${this.#order}, as in ${by.cell}`, decidedBy: by };
  }

  get checks(): readonly InputCheck[] {
    return this.#read.checks({
      title: this.#title,
      isOfTransactions: this.#isOfTransactions,
      order: this.#order,
      decidedBy: this.#decidedBy,
    });
  }

  /** Whether an early date stands for none; else it is counted. @param clocks what they show, milliseconds since the epoch */
  #isNoDate(clocks: number, cell: string): boolean {
    if (isOfNoDay(clocks)) return true;
    this.#read.addEarly(cell);
    return false;
  }

  #ordersOf(cell: string): DateOrder[] {
    const date = writtenTime(cell)?.date;
    return date === undefined || typeof date === 'number' ? [] : this.#orders.of(date);
  }

  #looksLike(cell: string): string {
    return `looks like ${OR.format(this.#ordersOf(cell))}`;
  }

  /** What to write into the partner's file. */
  #adviceOf(...cells: string[]): string {
    return `set format: ${OR.format(new Set(cells.flatMap((cell) => this.#ordersOf(cell))))}`;
  }

  #readWritten(cell: string): number {
    const written = writtenTime(cell);
    const day = written && this.#dayOf(written.date, cell);
    if (written === undefined || day === undefined) return saysNoDate(cell) ? BLANK : Number.NaN;
    const clocks = day * MS_PER_DAY + written.clock;
    if (clocks < EARLY && this.#isNoDate(clocks, cell)) return BLANK;
    return written.offset === undefined ? this.#calendar.instantOf(clocks) : clocks - written.offset;
  }

  /** The day of a date in the column's order; undefined as long as there is none, where it matters. */
  #dayOf(date: number | NumberedDate, cell: string): number | undefined {
    if (typeof date === 'number') return date;
    if (this.#order === undefined) return this.#orders.dayInAny(date);
    this.#read.addNumbered(this.#orders.formsOf(date), cell);
    return dayInOrder(date, this.#order);
  }
}

/** @param plain a cell that says its order @param conflict two cells in different orders */
function undecidedColumn(plain: string, conflict: readonly CellOfLine[] | undefined): string {
  if (conflict === undefined) return `, and the column has its order in each cell, as in ${plain}`;
  return `, and the column has different orders, as in ${AND.format(conflict.map(({ cell }) => cell))}`;
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;

function hasOffset(cell: string): boolean {
  return /[z+-]/i.test(cell.slice(DATE_LENGTH));
}
