import type { Summary } from '../contracts.ts';
import { cellText } from './text.ts';
import type { CellValue, ReportWorkbook } from './workbook.ts';

const STATUS_COLOURS: Record<Summary['status'], string> = {
  COMPLETE: 'FF2E7D32',
  PARTIAL: 'FFB26A00',
  FAILED: 'FFC62828',
};

const WHOLE = '#,##0';

/** Writes the first sheet: what was asked, what came of it. */
export function writeSummarySheet(workbook: ReportWorkbook, summary: Summary): void {
  const sheet = workbook.addWorksheet('Summary', { views: [{ showGridLines: false }] });
  workbook.moveToFront(sheet);
  sheet.columns = [{ width: 26 }, { width: 90, style: { alignment: { horizontal: 'left', wrapText: true } } }];
  const title = sheet.addRow(['Member offers']);
  title.font = { bold: true, size: 16 };
  title.commit();
  for (const [label, value] of summaryRows(summary)) {
    const row = sheet.addRow([label, value]);
    const isHeading = value === undefined;
    row.getCell(1).font = isHeading ? { bold: true, size: 12 } : { color: { argb: 'FF555555' } };
    if (typeof value === 'number') row.getCell(2).numFmt = WHOLE;
    if (label === 'Status') row.getCell(2).font = { bold: true, color: { argb: STATUS_COLOURS[summary.status] } };
    row.commit();
  }
  sheet.commit();
}

/** Labels with their values; a label without a value is a heading. */
export function summaryRows(summary: Summary): [string, CellValue][] {
  const { source, rows, members, offers } = summary;
  const reason: [string, CellValue][] = summary.reason === undefined ? [] : [['Reason', cellText(summary.reason)]];
  const perOffer = Object.entries(offers).toSorted(([a], [b]) => a.localeCompare(b));
  return [
    ['Status', summary.status],
    ...reason,
    ['Run', undefined],
    ['Run id', summary.runId],
    ['Partner', cellText(summary.partner)],
    ['File', cellText(`s3://${source.bucket}/${source.key}`)],
    ['As-of day (UTC)', summary.asOf ?? 'unknown'],
    ['Started (UTC)', summary.startedAt],
    ['Ended (UTC)', summary.finishedAt],
    ['Rows', undefined],
    ['Rows read', rows.read],
    ['Rows accepted', rows.accepted],
    ['Rows rejected', rows.rejected],
    ['Blank values imputed', rows.imputed],
    ['Members', undefined],
    ['Members', members.total],
    ['Members scored', members.scored],
    ['Members failed', members.failed],
    ['Members per offer', undefined],
    ...perOffer.map(([offer, count]): [string, CellValue] => [cellText(offer), count]),
  ];
}
