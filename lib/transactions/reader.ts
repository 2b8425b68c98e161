import { excerpt } from '../excerpt.ts';
import { type InputDefinition, MEMBER } from '../partners/definition.ts';
import { type Columns, NeededColumns } from './columns.ts';
import { readCsv } from './csv.ts';
import { rowReaders } from './field-readers.ts';
import { assertMembers, assertRejected, DEFAULT_LIMITS, type FileLimits, type Found } from './limits.ts';
import type { RejectedRow, RowCounts } from './row-account.ts';
import { RowInterpreter } from './row-interpreter.ts';
import type { Rows } from './rows.ts';
import { separatorName } from './separators.ts';
import { type Transaction, valueFields } from './transaction.ts';
import { nothingUnderstood, type Understood } from './understood.ts';
import { UnusableFileError } from './unusable-file.ts';

/** Takes accepted rows, in the order of the file; where a row came from can be asked while it is added. */
export interface TransactionSink {
  /** Members so far; a sink that does not tell may be given any number. */
  readonly size?: number;
  /** Memory that they take. */
  readonly bytes?: number;
  /** The transaction is another row's as soon as this returns. */
  add(transaction: Transaction, rows: Rows, row: number): void;
}

/** Takes rejected rows, in the order of the file; reading waits for it. */
export type RejectedRowSink = (rows: readonly RejectedRow[]) => Promise<void>;

/** How a file is read. */
export interface Reading {
  input: InputDefinition;
  /** Days since the epoch, UTC. */
  asOfDay: number;
  reject: RejectedRowSink;
  limits?: FileLimits;
}

/** A name that is longer has what no name needs. */
const MAX_HEADER_LENGTH = 60;

/** Reads a file's transactions and accounts for every row. */
export class TransactionReader {
  readonly #transactions: TransactionSink;
  readonly #reject: RejectedRowSink;
  readonly #input: InputDefinition;
  readonly #needed: NeededColumns;
  readonly #asOfDay: number;
  readonly #limits: FileLimits;
  #interpreter: RowInterpreter | undefined;
  #firstRejected: RejectedRow | undefined;
  #columns: Columns | undefined;
  /** What has been found out about the file so far. */
  readonly understood: Understood = nothingUnderstood();
  readonly counts: RowCounts = { read: 0, accepted: 0, rejected: 0, imputed: 0 };

  constructor(transactions: TransactionSink, { input, asOfDay, reject, limits = DEFAULT_LIMITS }: Reading) {
    this.#transactions = transactions;
    this.#input = input;
    this.#needed = new NeededColumns(input);
    this.#asOfDay = asOfDay;
    this.#reject = reject;
    this.#limits = limits;
  }

  /** Where the needed columns are; undefined until the header has been read. */
  get columns(): Columns | undefined {
    return this.#columns;
  }

  /**
   * @throws UnusableFileError when the file cannot be read as such a CSV, names more members than it may, or no row
   *   of it was accepted or too many were rejected
   */
  async read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { understood } = this;
    for await (const rows of readCsv(chunks, { limits: this.#limits, columns: this.#needed, understood })) {
      const rejected = this.#readRows(rows);
      if (rejected.length > 0) await this.#reject(rejected);
      assertRejected(this.counts, this.#example, this.#limits);
      assertMembers(this.#found, this.#limits);
    }
    if (this.#interpreter === undefined) throw new UnusableFileError('empty: the file holds no header and no rows');
    if (this.counts.read === 0) throw new UnusableFileError('no rows: the file holds nothing but a header');
    if (this.counts.accepted === 0) {
      throw new UnusableFileError(`no row was accepted, all ${this.counts.rejected} were rejected${this.#example}`);
    }
  }

  get #found(): Found {
    const { size = 0, bytes = 0 } = this.#transactions;
    return { rows: this.counts.read, members: size, memberBytes: bytes };
  }

  #readRows(rows: Rows): RejectedRow[] {
    const rejected = [...rows.malformed];
    const first = this.#interpreter === undefined ? this.#readHeader(rows) : 0;
    for (let row = first; row < rows.fields.length; row++) {
      const cells = rows.fields[row];
      if (cells === undefined || isBlankLine(cells)) continue;
      const transaction = this.#interpreter?.interpret(cells, rows.problemOf(row));
      if (transaction === undefined) continue;
      if ('problem' in transaction) {
        rejected.push({ line: rows.lineOf(row), ...transaction, raw: rows.rawOf(row) });
        continue;
      }
      this.counts.accepted += 1;
      this.counts.imputed += transaction.imputedValues;
      this.#transactions.add(transaction, rows, row);
    }
    return this.#account(rejected);
  }

  /** Finds the header, the first line that is not blank, and returns the row after it. */
  #readHeader(rows: Rows): number {
    const row = rows.fields.findIndex((cells) => !isBlankLine(cells));
    const line = row < 0 ? Number.POSITIVE_INFINITY : rows.lineOf(row);
    const malformed = rows.malformed.find((candidate) => candidate.line < line);
    if (malformed !== undefined)
      throw new UnusableFileError(`no header: in line ${malformed.line} ${malformed.reason}`);
    if (row < 0) return rows.fields.length;
    this.#columns = this.#needed.find(rows.fields[row] ?? [], rows.separator, this.#limits.columns);
    this.#understood(this.#columns, line);
    this.#interpreter = new RowInterpreter(rowReaders(this.#input), this.#columns, this.#asOfDay);
    return row + 1;
  }

  #understood({ header, separator, member, values }: Columns, line: number): void {
    const places = [member, ...values];
    const columns = [MEMBER, ...valueFields(this.#input)].map((field, place) => {
      return { field, header: excerpt((header[places[place] ?? 0] ?? '').trim(), MAX_HEADER_LENGTH) };
    });
    Object.assign(this.understood, { separator: separatorName(separator), headerLine: line, columns });
  }

  #account(rejected: RejectedRow[]): RejectedRow[] {
    const inOrder = rejected.toSorted((a, b) => a.line - b.line);
    this.counts.rejected += inOrder.length;
    this.counts.read = this.counts.accepted + this.counts.rejected;
    this.#firstRejected ??= inOrder[0];
    return inOrder;
  }

  get #example(): string {
    const first = this.#firstRejected;
    return first === undefined ? '' : `; the first, in line ${first.line}: ${first.reason}`;
  }
}

/** A line with nothing on it is no row; a line of separators is. */
function isBlankLine(cells: readonly string[]): boolean {
  return cells.length === 1 && (cells[0] ?? '').trim() === '';
}
