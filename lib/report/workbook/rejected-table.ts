import type { RejectedRow } from '../../run/contracts.ts';
import type { TableOptions } from './table.ts';
import { cellText } from './text.ts';
import type { CellValue } from './workbook.ts';

/** One row per row of the file that was not accepted. */
export const REJECTED_TABLE: TableOptions = {
  name: 'Rejected rows',
  columns: [
    { header: 'LINE', width: 10, format: '0' },
    { header: 'REASON', width: 70 },
    { header: 'RAW', width: 100 },
  ],
};

export function rejectedRow({ line, reason, raw }: RejectedRow): CellValue[] {
  return [line, cellText(reason), cellText(raw)];
}
