import { pointsOf } from './endpoints.ts';

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

/** Day of every transaction. */
export const TRANSACTION_DAY = '2024-01-10';

/** A file of so many members from `M<first>` on, one transaction each, and one row that is rejected. */
export function fileOf(members: number, first = 1): string {
  const rows = memberIds(members, first).map((id) => `${id},${TRANSACTION_DAY},buy,${pointsOf(id)},3`);
  return [HEADER, ...rows, `BAD,${TRANSACTION_DAY},sell,1,1`, ''].join('\n');
}

export function memberIds(members: number, first = 1): string[] {
  return Array.from({ length: members }, (_, index) => `M${first + index}`);
}

/** Data rows of a file. */
export function rowsIn(file: string): string[] {
  return file.split('\n').slice(1).filter(Boolean);
}

/** Whom a file of `fileOf` is about. */
export function memberIdsIn(file: string): string[] {
  return rowsIn(file).flatMap((row) => /^M\d+/.exec(row)?.[0] ?? []);
}
