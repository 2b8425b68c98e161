import { counted, formatCount } from '../../counted.ts';
import type { Summary } from '../../run/summary.ts';
import { folded } from './folding.ts';

/** A member all of whose rows were rejected. */
export interface MissingRow {
  /** Undefined in the row of all for whom there is no room. */
  memberId: string | undefined;
  rows: number;
  rowsText: string;
  line: number | undefined;
  /** Why the first of the rows was rejected. */
  reason: string;
}

/** What members lack because rows were rejected. */
export interface LossesView {
  /** In a few words, such as `14 members lack rows, 2 of them all`. */
  text: string;
  incomplete: number;
  missing: number;
  /** The members without a row. */
  missingRows: MissingRow[];
}

/** Undefined when nobody lacks a row, as far as that is known. @param most members that there is room for */
export function lossesView({ losses }: Pick<Summary, 'losses'>, most: number): LossesView | undefined {
  if (losses === undefined) return undefined;
  const { incomplete, missing, isLowerBound = false } = losses;
  const members = incomplete.members + missing.members;
  if (members === 0) return undefined;
  const all = missing.members === 0 ? '' : `, ${formatCount(missing.members)} of them all`;
  const text = `${isLowerBound ? 'at least ' : ''}${counted(members, 'member')} ${members === 1 ? 'lacks' : 'lack'} rows${all}`;
  return { text, incomplete: incomplete.members, missing: missing.members, missingRows: missingRows(missing, most) };
}

type Missing = NonNullable<Summary['losses']>['missing'];

function missingRows({ members, rows, first }: Missing, most: number): MissingRow[] {
  const { shown } = folded(first, most);
  const listed = shown.map((member): MissingRow => ({ ...member, rowsText: formatCount(member.rows) }));
  const others = members - listed.length;
  if (others <= 0) return listed;
  const rest = rows - listed.reduce((sum, row) => sum + row.rows, 0);
  const reason = counted(others, 'other member');
  return [...listed, { memberId: undefined, rows: rest, rowsText: formatCount(rest), line: undefined, reason }];
}
