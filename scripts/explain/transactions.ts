import { excerpt } from '../../lib/excerpt.ts';
import { MemberAggregates } from '../../lib/members/aggregates.ts';
import { compileFeatures } from '../../lib/members/compiled-features.ts';
import type { Definition } from '../../lib/partners/definition.ts';
import { BLANK } from '../../lib/transactions/column-form.ts';
import type { Columns } from '../../lib/transactions/columns.ts';
import { rowReaders } from '../../lib/transactions/field-readers.ts';
import type { InputFile } from '../../lib/transactions/parts.ts';
import { TransactionReader } from '../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../lib/transactions/row-account.ts';
import type { Rows } from '../../lib/transactions/rows.ts';
import { type Transaction, valueFields } from '../../lib/transactions/transaction.ts';
import { namesMember } from './rejected.ts';

/** One accepted row of a member, and where it comes from. */
export interface TransactionOfLine extends Transaction {
  /** Line of the file, or of its part, the header being line 1. */
  line: number;
  /** Name of the part, where a file has any. */
  part?: string;
  /** Fields that were blank, so that the value is the default, or there is none. */
  blank: string[];
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

/** Which member is looked for, and how its file is read. */
export interface WantedMember {
  memberId: string;
  definition: Definition;
  /** Days since the epoch, UTC. */
  asOfDay: number;
}

/** What is known of a member before its file is read. */
export function nothingOf({ definition, asOfDay }: WantedMember): MemberInFile {
  const aggregates = new MemberAggregates(compileFeatures(definition), asOfDay);
  return { transactions: [], aggregates, rejected: [], memberIds: new Set() };
}

/**
 * Reads a file, or several as one, for what it says about one member. Memory is bounded by the number of members and by this member's rows.
 *
 * @throws UnusableFileError when the file cannot be read as such a CSV, or no row of it was accepted
 */
export async function readMember(files: readonly InputFile[], wanted: WantedMember): Promise<MemberInFile> {
  const { memberId, definition, asOfDay } = wanted;
  const { input } = definition;
  const memberIds = new Set<string>();
  const found: MemberInFile = { ...nothingOf(wanted), memberIds };
  const blankFields = blankFieldsOf(definition);
  const add = (transaction: Transaction, rows: Rows, row: number) => {
    memberIds.add(transaction.memberId);
    if (transaction.memberId !== memberId) return;
    found.aggregates.add(transaction);
    const blank = blankFields(rows.fields[row] ?? [], reader.columns);
    const values = transaction.values.slice();
    const { partName: part } = reader;
    found.transactions.push({ ...transaction, values, ...(part && { part }), line: rows.lineOf(row), blank });
  };
  const reject = async (rows: readonly RejectedRow[]) => {
    for (const row of rows) {
      if (!namesMember(row, memberId, reader.columns)) continue;
      found.rejected.push({ ...row, raw: excerpt(row.raw, KEPT_OF_REJECTED_ROW) });
    }
  };
  const reader: TransactionReader = new TransactionReader({ add }, { input, asOfDay, reject });
  await reader.read(files);
  return found;
}

/** Tells which fields of a row are blank. */
export function blankFieldsOf({
  input,
}: Definition): (cells: readonly string[], columns: Columns | undefined) => string[] {
  const { values: readers } = rowReaders(input);
  const names = valueFields(input);
  return (cells, columns) => {
    const isBlank = (place: number) => {
      const cell = (cells[columns?.values[place] ?? -1] ?? '').trim();
      return readers[place]?.blanks.has(cell) === true || readers[place]?.read(cell) === BLANK;
    };
    return names.filter((_, place) => isBlank(place));
  };
}
