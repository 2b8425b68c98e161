import { MemberAggregates } from '../../lib/members/aggregates.ts';
import { compileFeatures } from '../../lib/members/compiled-features.ts';
import { FeatureTable } from '../../lib/members/feature-table.ts';
import { suspiciousIds } from '../../lib/members/suspicious-ids.ts';
import type { Definition } from '../../lib/partners/definition.ts';
import type { Member } from '../../lib/run/contracts.ts';
import { calendarOfFile } from '../../lib/transactions/calendar.ts';
import { parseDay } from '../../lib/transactions/cells.ts';
import type { Columns } from '../../lib/transactions/columns.ts';
import { TransactionReader } from '../../lib/transactions/reader.ts';
import type { RejectedRow, RowCounts } from '../../lib/transactions/row-account.ts';
import { type Transaction, valueFields } from '../../lib/transactions/transaction.ts';
import type { Understood } from '../../lib/transactions/understood.ts';
import { UnusableFileError } from '../../lib/transactions/unusable-file.ts';
import { whole } from '../../local/terminal/printable.ts';
import { blankFieldsOf } from '../explain/transactions.ts';
import { CommandError } from '../shared/command.ts';
import { filesAt, type InputPath, inputAt } from '../shared/input-path.ts';
import { SIZES } from './batch-measuring.ts';

/** Members whose features are shown. */
const SHOWN_MEMBERS = 10;
const FIRST_MEMBERS = Math.max(...SIZES);

/** What a partner's file is to the definition that is to read it. */
export interface FileTrial {
  columns: Columns;
  understood: Understood;
  counts: RowCounts;
  /** By problem: how many rows, and the first of them. */
  rejections: ReadonlyMap<string, { rows: number; first: RejectedRow }>;
  /** How many cells of each field were blank in accepted rows. */
  blanks: ReadonlyMap<string, number>;
  members: number;
  /** The first members, in order of first appearance. */
  shown: readonly Member[];
  /** As many as requests of all sizes need, those that are shown among them. */
  first: readonly Member[];
}

/**
 * Reads a file as a run would, and computes the features; nothing is sent anywhere.
 * @param asOf `YYYY-MM-DD`; today, by the file's time zone, when undefined
 * @throws CommandError when the file cannot be used
 */
export async function tryFile(path: string, definition: Definition, asOf: string | undefined): Promise<FileTrial> {
  const file = await inputAt(path);
  const { input } = definition;
  const asOfDay = parseDay(asOf ?? '') ?? calendarOfFile(input).dayOf(Date.now());
  const aggregates = new MemberAggregates(compileFeatures(definition), asOfDay);
  const rejections = new Map<string, { rows: number; first: RejectedRow }>();
  const blanks = new Map(valueFields(input).map((field) => [field, 0]));
  const blankFields = blankFieldsOf(definition);
  const reject = async (rows: readonly RejectedRow[]) => {
    for (const row of rows) {
      const known = rejections.get(row.problem);
      rejections.set(row.problem, { rows: (known?.rows ?? 0) + 1, first: known?.first ?? row });
    }
  };
  const sink = {
    add: (transaction: Transaction, { fields }: { fields: string[][] }, row: number) => {
      aggregates.add(transaction);
      if (transaction.imputedValues === 0) return;
      for (const field of blankFields(fields[row] ?? [], reader.columns))
        blanks.set(field, (blanks.get(field) ?? 0) + 1);
    },
  };
  const reader: TransactionReader = new TransactionReader(sink, { input, asOfDay, reject });
  await read(reader, file);
  const { columns, counts, understood } = reader;
  if (columns === undefined) throw new CommandError(`${path} has no header`);
  understood.checks.push(...suspiciousIds(aggregates));
  const table = new FeatureTable(aggregates);
  const first = aggregates.memberIds.slice(0, FIRST_MEMBERS).map((memberId, member) => ({
    memberId,
    transactions: aggregates.transactions(member),
    imputedValues: aggregates.imputedValues(member),
    features: table.of(member),
  }));
  const shown = first.slice(0, SHOWN_MEMBERS);
  return { columns, understood, counts, rejections, blanks, members: aggregates.size, shown, first };
}

async function read(reader: TransactionReader, input: InputPath): Promise<void> {
  try {
    await reader.read(filesAt(input));
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error;
    throw new CommandError(`${input.path} cannot be used: ${whole(error.message)}`, { cause: error });
  }
}
