import { excerpt } from '../excerpt.ts';
import { isBlank, MS_PER_DAY, parseKind, parseNumber, parseTime } from './cells.ts';
import type { ColumnName, Columns } from './columns.ts';
import type { RejectedRow } from './row-account.ts';
import type { Transaction } from './transaction.ts';

/** What a blank time is read as: 1990-01-01T00:00:00Z. */
const TIME_WHEN_BLANK = Date.UTC(1990, 0, 1);

const CONTROL_CHARACTER = /\p{Cc}/u;

/** A longer id is none, and batches and reports of such would take any amount of memory. */
const MAX_ID_LENGTH = 1024;
const TOO_LONG = `is longer than ${MAX_ID_LENGTH.toLocaleString('en-US')} characters`;
const MAX_QUOTE_LENGTH = 60;

/** Why a row is rejected, see `RejectedRow`. */
type Rejection = Pick<RejectedRow, 'problem' | 'reason'>;

/** Interprets rows of one file: each becomes a transaction, or is rejected. */
export class RowInterpreter {
  readonly #columns: Columns;
  readonly #end: number;

  /** @param asOfDay days since the epoch; what is dated after this UTC day is rejected */
  constructor(columns: Columns, asOfDay: number) {
    this.#columns = columns;
    this.#end = (asOfDay + 1) * MS_PER_DAY;
  }

  /**
   * @param byteProblem why the cells do not say what the file does, if they do not
   */
  interpret(cells: readonly string[], byteProblem: string | undefined): Transaction | Rejection {
    const { member, time, kind, points, revenue, width } = this.#columns;
    if (cells.length !== width) {
      const reason = `${cells.length} fields, but the header has ${width}`;
      return { problem: cells.length < width ? 'fewer fields than the header' : 'more fields than the header', reason };
    }
    if (byteProblem !== undefined) return rejection(byteProblem);
    const memberId = (cells[member] ?? '').trim();
    if (memberId === '') return rejection('MEMBER_ID is blank');
    if (memberId.length > MAX_ID_LENGTH) return unreadable('MEMBER_ID', memberId, TOO_LONG);
    if (CONTROL_CHARACTER.test(memberId)) return unreadable('MEMBER_ID', memberId, 'holds control characters');
    const transaction: Transaction = {
      memberId,
      time: TIME_WHEN_BLANK,
      kind: undefined,
      points: 0,
      revenueUsd: 0,
      imputedValues: 0,
    };
    return (
      this.#readTime(transaction, cells[time] ?? '') ??
      readKind(transaction, cells[kind] ?? '') ??
      readNumber(transaction, 'points', cells[points] ?? '', 'LAST_TRANSACTION_POINTS_BOUGHT') ??
      readNumber(transaction, 'revenueUsd', cells[revenue] ?? '', 'LAST_TRANSACTION_REVENUE_USD') ??
      transaction
    );
  }

  #readTime(transaction: Transaction, raw: string): Rejection | undefined {
    const cell = raw.trim();
    if (isBlank(cell)) return impute(transaction);
    const time = parseTime(cell);
    if (time === undefined) return unreadable('LAST_TRANSACTION_TS', cell, 'is not a date or time');
    if (time >= this.#end) return unreadable('LAST_TRANSACTION_TS', cell, 'is after the as-of day');
    transaction.time = time;
    return undefined;
  }
}

function readKind(transaction: Transaction, raw: string): Rejection | undefined {
  const cell = raw.trim();
  if (isBlank(cell)) return impute(transaction);
  transaction.kind = parseKind(cell);
  return transaction.kind === undefined
    ? unreadable('LAST_TRANSACTION_TYPE', cell, 'is not buy, gift or redeem')
    : undefined;
}

function readNumber(
  transaction: Transaction,
  field: 'points' | 'revenueUsd',
  raw: string,
  column: ColumnName,
): Rejection | undefined {
  const cell = raw.trim();
  if (isBlank(cell)) return impute(transaction);
  const number = parseNumber(cell);
  if (number === undefined) return unreadable(column, cell, 'is not a number up to 1e15');
  transaction[field] = number;
  return undefined;
}

/** A blank cell keeps the default and is counted. */
function impute(transaction: Transaction): undefined {
  transaction.imputedValues += 1;
}

function rejection(problem: string): Rejection {
  return { problem, reason: problem };
}

/** @param problem of the cell, as the end of a sentence that begins with its column */
function unreadable(column: ColumnName, cell: string, problem: string): Rejection {
  return {
    problem: `${column} ${problem}`,
    reason: `${column} ${JSON.stringify(excerpt(cell, MAX_QUOTE_LENGTH))} ${problem}`,
  };
}
