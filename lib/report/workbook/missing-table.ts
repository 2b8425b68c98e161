import type { MissingRow } from '../view/losses.ts';
import type { TableOptions } from './table.ts';
import { cellText } from './text.ts';

/** One row per member all of whose rows were rejected. The last row may stand for all others. */
export const MISSING_TABLE: TableOptions<MissingRow> = {
  name: 'Missing members',
  columns: [
    {
      header: 'MEMBER_ID',
      width: 16,
      value: ({ memberId }) => (memberId === undefined ? undefined : cellText(memberId)),
    },
    { header: 'REJECTED_ROWS', width: 10, format: '#,##0', value: ({ rows }) => rows },
    { header: 'FIRST_LINE', width: 10, format: '0', value: ({ line }) => line },
    { header: 'FIRST_REASON', width: 90, value: ({ reason }) => cellText(reason) },
  ],
};
