import { excerpt } from '../../lib/excerpt.ts';
import { MemberAggregates } from '../../lib/members/aggregates.ts';
import { isBlank } from '../../lib/transactions/cells.ts';
import type { Columns } from '../../lib/transactions/columns.ts';
import { TransactionReader } from '../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../lib/transactions/row-account.ts';
import type { Rows } from '../../lib/transactions/rows.ts';
import type { Transaction } from '../../lib/transactions/transaction.ts';
import { namesMember } from './rejected.ts';

const CELLS = ['time', 'kind', 'points', 'revenue'] as const;
export type CellName = (typeof CELLS)[number];

/** One accepted row of a member, and where it comes from. */
export interface TransactionOfLine extends Transaction {
  /** Line of the file, the header being line 1. */
  line: number;
  /** Cells that were blank, so that the value is the default. */
  blank: CellName[];
}

/** What a file says about one member. */
export interface MemberInFile {
  /** In order of lines. */
  transactions: TransactionOfLine[];
  /** The same transactions, summed as the features stage does it; empty when there are none. */
  aggregates: MemberAggregates;
  /** Rejected rows that name the member; long ones are cut. */
  rejected: RejectedRow[];
  /** All members of the file. */
  memberIds: ReadonlySet<string>;
}

const KEPT_OF_REJECTED_ROW = 500;

/**
 * Reads a file for what it says about one member. Memory is bounded by the number of members and by this member's rows.
 *
 * @param asOfDay days since the epoch, UTC
 * @throws UnusableFileError when the file cannot be read as such a CSV, or no row of it was accepted
 */
export async function readMember(
  chunks: AsyncIterable<Uint8Array>,
  memberId: string,
  asOfDay: number,
): Promise<MemberInFile> {
  const memberIds = new Set<string>();
  const found: MemberInFile = { transactions: [], aggregates: new MemberAggregates(), rejected: [], memberIds };
  const add = (transaction: Transaction, rows: Rows, row: number) => {
    memberIds.add(transaction.memberId);
    if (transaction.memberId !== memberId) return;
    found.aggregates.add(transaction);
    const blank = blankCells(rows.fields[row] ?? [], reader.columns);
    found.transactions.push({ ...transaction, line: rows.lineOf(row), blank });
  };
  const reader: TransactionReader = new TransactionReader({ add }, asOfDay, async (rows) => {
    for (const row of rows) {
      if (!namesMember(row, memberId, reader.columns)) continue;
      found.rejected.push({ ...row, raw: excerpt(row.raw, KEPT_OF_REJECTED_ROW) });
    }
  });
  await reader.read(chunks);
  return found;
}

function blankCells(cells: readonly string[], columns: Columns | undefined): CellName[] {
  return columns === undefined ? [] : CELLS.filter((cell) => isBlank((cells[columns[cell]] ?? '').trim()));
}
