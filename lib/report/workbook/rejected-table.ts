import type { RejectedRow } from '../../transactions/row-account.ts';
import type { TableOptions } from './table.ts';
import { cellText } from './text.ts';

/** One row per row of the file that was not accepted. */
export const REJECTED_TABLE: TableOptions<RejectedRow> = {
  name: 'Rejected rows',
  columns: [
    { header: 'LINE', width: 10, format: '0', value: ({ line }) => line },
    { header: 'REASON', width: 70, value: ({ reason }) => cellText(reason) },
    { header: 'RAW', width: 100, value: ({ raw }) => cellText(raw) },
  ],
};
