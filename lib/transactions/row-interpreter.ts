import { counted, formatCount } from '../counted.ts';
import { excerpt } from '../excerpt.ts';
import { BLANK } from './column-form.ts';
import type { Columns } from './columns.ts';
import type { FieldReader, RowReaders } from './field-readers.ts';
import { type IdChanges, readableId } from './member-ids.ts';
import type { RejectedRow } from './row-account.ts';
import { HOLDS_NUL } from './rows.ts';
import { seenText, withoutFormula } from './seen-text.ts';
import { SEPARATORS, separatorName } from './separators.ts';
import { TIME_VALUE, type Transaction } from './transaction.ts';
import type { TypedCell } from './typed-cell.ts';

const CONTROL_CHARACTER = /\p{Cc}/u;

/** A longer id is none, and batches and reports of such would take any amount of memory. */
const MAX_ID_LENGTH = 1024;
const TOO_LONG = `is longer than ${formatCount(MAX_ID_LENGTH)} characters`;
/** What bytes that are no UTF-8 become. */
const UNDECODABLE = '\uFFFD';
const MAX_QUOTE_LENGTH = 60;

/** Such a line is one field. */
export const LINE_IN_QUOTES = 'the whole line is in one pair of quotes';

/** What cells of a row are, by their places. */
type TypedCells = readonly (TypedCell | undefined)[];

/** Why a row is rejected, see `RejectedRow`. */
type Rejection = Pick<RejectedRow, 'problem' | 'reason'>;

/** A cell of the row can be read in several ways, and nothing has decided yet how its column is read. */
export const UNDECIDED: Rejection = { problem: 'undecided', reason: 'undecided' };

/** Interprets rows of one file: each becomes a transaction, or is rejected. */
export class RowInterpreter {
  readonly #readers: RowReaders;
  readonly #columns: Columns;
  readonly #end: number;
  readonly #values: Float64Array;
  readonly #transaction: Transaction;
  readonly #idChanges: IdChanges;
  /** How many fields the file's first row has: its rows may all end with separators that the header does not have. */
  #firstWidth: number | undefined;

  /**
   * @param asOfDay days since the epoch; what is dated after this day, by the calendar of the file, is rejected
   * @param idChanges in which is counted how often ids are not read as they stand
   */
  constructor(
    readers: RowReaders,
    columns: Columns,
    asOfDay: number,
    idChanges: IdChanges = { invisible: 0, decomposed: 0 },
  ) {
    this.#readers = readers;
    this.#idChanges = idChanges;
    this.#columns = columns;
    this.#end = readers.calendar.beginningOf(asOfDay + 1);
    this.#values = new Float64Array(readers.values.length);
    this.#transaction = { memberId: '', values: this.#values, imputedValues: 0 };
  }

  /**
   * @param byteProblem why the cells do not say what the file does, if they do not
   * @param isAscii whether the cells are known to hold ASCII characters alone
   * @param typed what those of the cells are that are no texts
   * @returns `UNDECIDED`, or a transaction that is the same object for all rows: it is that row's until the next one is interpreted
   */
  interpret(
    cells: readonly string[],
    byteProblem: string | undefined,
    isAscii = false,
    typed?: TypedCells,
  ): Transaction | Rejection {
    const { member, width, titled } = this.#columns;
    this.#firstWidth ??= cells.length;
    if (cells.length !== width && !this.#isWidthOfRow(cells)) {
      return byteProblem === HOLDS_NUL ? rejection(byteProblem) : this.#otherWidth(cells);
    }
    if (byteProblem !== undefined) return rejection(byteProblem);
    if (width > titled) {
      const amount = cells.find((one, place) => place >= titled && AMOUNT.test(one.trim()));
      if (amount !== undefined) return besideTable(amount.trim());
    }
    const cell = withoutFormula((cells[member] ?? '').trim());
    const memberId = isAscii ? cell : readableId(cell, this.#idChanges);
    const problem = this.#problemOf(memberId);
    if (problem !== undefined) return problem;
    this.#transaction.memberId = memberId;
    this.#transaction.imputedValues = 0;
    return this.#readValues(cells, typed) ?? this.#transaction;
  }

  /** The member of a row that was rejected; undefined when its id cannot be read, or may be another column's cell. */
  memberOf(cells: readonly string[]): string | undefined {
    const { member, width } = this.#columns;
    // Where fields are missing or too many, only the first one is certain to be what the header says.
    if (cells.length !== width && (member > 0 || cells.length === 1)) return undefined;
    const memberId = readableId(withoutFormula((cells[member] ?? '').trim()));
    return memberId.includes(UNDECODABLE) || this.#problemOf(memberId) !== undefined ? undefined : memberId;
  }

  /** Whether a line has the fields of a row, a member and a time among them. */
  isLikeRow(cells: readonly string[]): boolean {
    const { member, width, values } = this.#columns;
    // The end of a cell that began on the line before.
    if ((cells[member] ?? '').includes('"')) return false;
    const time = (cells[values[TIME_VALUE] ?? 0] ?? '').trim();
    const value = this.#readers.values[TIME_VALUE]?.read(time) ?? Number.NaN;
    return cells.length === width && this.memberOf(cells) !== undefined && Number.isFinite(value);
  }

  #problemOf(memberId: string): Rejection | undefined {
    const { title, blanks } = this.#readers.member;
    if (blanks.has(memberId)) return rejection(`${title} is blank`);
    if (memberId.length > MAX_ID_LENGTH) return unreadable(title, memberId, TOO_LONG);
    if (CONTROL_CHARACTER.test(memberId)) return unreadable(title, memberId, 'holds control characters');
    return undefined;
  }

  /** Blank cells at the end may be left out where some value is there, or be more than those of the header. */
  #isWidthOfRow(cells: readonly string[]): boolean {
    const { width, values } = this.#columns;
    if (cells.length < width) return values.some((place) => (cells[place] ?? '').trim() !== '');
    return cells.length === this.#firstWidth && cells.every((cell, place) => place < width || cell.trim() === '');
  }

  #otherWidth(cells: readonly string[]): Rejection {
    const { width, separator } = this.#columns;
    const [first = ''] = cells;
    if (cells.length === 1 && first.split(separator).length === width) return rejection(LINE_IN_QUOTES);
    const reason = `${counted(cells.length, 'field')}, but the header has ${width}${widthHint(cells, this.#columns)}`;
    return { problem: cells.length < width ? 'fewer fields than the header' : 'more fields than the header', reason };
  }

  #readValues(cells: readonly string[], typed: TypedCells | undefined): Rejection | undefined {
    const { values: readers } = this.#readers;
    const { values: columns } = this.#columns;
    for (let place = 0; place < readers.length; place++) {
      const reader = readers[place];
      if (reader === undefined) continue;
      const column = columns[place] ?? 0;
      const cell = (cells[column] ?? '').trim();
      const problem = reader.blanks.has(cell)
        ? this.#impute(place, reader)
        : this.#read(place, reader, cell, typed?.[column]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** A blank cell is read as what it stands for, and is counted. */
  #impute(place: number, { isRequired, title, whenBlank }: FieldReader): Rejection | undefined {
    if (isRequired) return rejection(`${title} is blank`);
    this.#values[place] = whenBlank;
    this.#transaction.imputedValues += 1;
    return undefined;
  }

  #read(place: number, reader: FieldReader, cell: string, typed?: TypedCell): Rejection | undefined {
    const value = typed === undefined ? reader.read(cell) : reader.readTyped(typed, cell);
    if (Number.isNaN(value))
      return typed === undefined ? this.#readFormula(place, reader, cell) : refused(reader, cell);
    if (value === BLANK) return this.#impute(place, reader);
    if (place === TIME_VALUE && value >= this.#end) return unreadable(reader.title, cell, 'is after the as-of day');
    this.#values[place] = value;
    return undefined;
  }

  /** Hardly any cell is `="100"`, or holds what nobody sees, so that only those that cannot be read are looked at. */
  #readFormula(place: number, reader: FieldReader, cell: string): Rejection | undefined {
    const text = seenText(cell);
    if (text === cell) {
      return reader.form?.waitsFor(cell) ? UNDECIDED : refused(reader, cell);
    }
    return reader.blanks.has(text) ? this.#impute(place, reader) : this.#read(place, reader, text);
  }
}

/** What may be an amount, or the rest of one. */
const AMOUNT = /^[-+]?\d[\d.,]*$/;

function besideTable(cell: string): Rejection {
  const problem = 'a number stands in a column without a name; an amount with a comma must be in quotes';
  return { problem, reason: `${problem}: ${JSON.stringify(excerpt(cell, MAX_QUOTE_LENGTH))}` };
}

/** What stands before a comma in 1,500.25 or 12,50, and after it. */
const WHOLE_PART = /^\s*[-+]?\d{1,3}$/;
const REST_OF_AMOUNT = /^(?:\d{3}(?:\.\d+)?|\d\d)\s*$/;

/** What may be why a row has another number of fields, as the end of a sentence. */
function widthHint(cells: readonly string[], { width, separator }: Columns): string {
  const [first = ''] = cells;
  const other = SEPARATORS.find((one) => one !== separator && first.split(one).length === width);
  if (cells.length === 1 && other !== undefined && width > 1) {
    return `: they are separated by ${separatorName(other)}, those of the header by ${separatorName(separator)}`;
  }
  if (cells.length <= width) return '';
  if (cells.some((cell) => cell.endsWith('\\')))
    return ': a backslash before a separator does nothing; put the field in quotes';
  const isCut = cells.some((cell, place) => WHOLE_PART.test(cell) && REST_OF_AMOUNT.test(cells[place + 1] ?? ''));
  return separator === ',' && isCut ? ': an amount with a comma may lack its quotes' : '';
}

function rejection(problem: string): Rejection {
  return { problem, reason: problem };
}

function refused(reader: FieldReader, cell: string): Rejection {
  return unreadable(reader.title, cell, reader.problemOf(cell));
}

/** @param problem of the cell, as the end of a sentence that begins with its column */
function unreadable(title: string, cell: string, problem: string): Rejection {
  return {
    problem: `${title} ${problem}`,
    reason: `${title} ${JSON.stringify(excerpt(cell, MAX_QUOTE_LENGTH))} ${problem}`,
  };
}
