import type { Member } from '../../lib/run/contracts.ts';
import { printable } from '../../local/terminal/printable.ts';
import { textTable } from '../shared/text-table.ts';

const MAX_ID_LENGTH = 14;
/** As many as fit beside each other. */
const MEMBERS_PER_TABLE = 5;
/** Enough to see whether a number is what was meant; what is sent is not rounded. */
const DIGITS = 6;

/** What is shown of each member in one line. */
export interface MemberLine<T> {
  name: string;
  cell: (member: T) => string;
}

/** Tables with a column for each member, five to a table. */
export function memberTables<T extends Pick<Member, 'memberId'>>(
  members: readonly T[],
  lines: readonly MemberLine<T>[],
): string[][] {
  const tables: string[][] = [];
  for (let from = 0; from < members.length; from += MEMBERS_PER_TABLE) {
    const those = members.slice(from, from + MEMBERS_PER_TABLE);
    const header = ['', ...those.map(({ memberId }) => printable(memberId, MAX_ID_LENGTH))];
    tables.push(textTable([header, ...lines.map(({ name, cell }) => [`  ${printable(name)}`, ...those.map(cell)])]));
  }
  return tables;
}

/** A number to look at: with as many digits as tell what it is. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
