import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { Columns } from '../../lib/transactions/columns.ts';
import { readableId } from '../../lib/transactions/member-ids.ts';
import type { RejectedRow } from '../../lib/transactions/row-account.ts';
import { SEPARATORS, type Separator } from '../../lib/transactions/separators.ts';

const recordsSchema = z.array(z.array(z.string()));

/**
 * Whether a rejected row is a member's: its member cell holds the id. In a row with too few or too many fields the id
 * may stand anywhere.
 */
export function namesMember({ raw }: RejectedRow, memberId: string, columns: Columns | undefined): boolean {
  // Most rows are somebody else's; an id with a quote in it is written in another way than it reads.
  if (!memberId.includes('"') && !raw.includes(memberId)) return false;
  const cells = cellsOf(raw, columns?.separator).map((cell) => cell.trim());
  if (columns === undefined || cells.length !== columns.width) return cells.includes(memberId);
  return readableId(cells[columns.member] ?? '') === memberId;
}

/** A row whose quotes do not match is cut at its separators, as they are all that is known of it. */
function cellsOf(raw: string, separator?: Separator): string[] {
  const delimiter = separator ?? SEPARATORS;
  try {
    const [cells] = recordsSchema.parse(parse(raw, { delimiter: [...delimiter], relax_column_count: true }));
    return cells ?? [];
  } catch {
    return [...delimiter].reduce((cells, cut) => cells.flatMap((cell) => cell.split(cut)), [raw.replaceAll('"', '')]);
  }
}
