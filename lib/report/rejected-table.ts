import type { RejectedRow } from '../contracts.ts';
import { cellText } from './text.ts';
import type { CellValue, Column } from './workbook.ts';

export const REJECTED_COLUMNS: readonly Column[] = [
  { header: 'LINE', width: 10, format: '0' },
  { header: 'REASON', width: 70 },
  { header: 'RAW', width: 100 },
];

export function rejectedRow({ line, reason, raw }: RejectedRow): CellValue[] {
  return [line, cellText(reason), cellText(raw)];
}
