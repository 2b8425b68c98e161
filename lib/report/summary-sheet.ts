import type { Summary } from '../contracts.ts';
import { cellText } from './text.ts';
import { ACCENT, type CellValue, FONT, type ReportWorkbook } from './workbook.ts';

type Row = ReturnType<ReturnType<ReportWorkbook['addWorksheet']>['addRow']>;

const STATUS_COLOURS: Record<Summary['status'], string> = {
  COMPLETE: 'FF2E7D32',
  PARTIAL: 'FFB26A00',
  FAILED: 'FFC62828',
};

const WHOLE = '#,##0';

/** Writes what was asked and what came of it. */
export function writeSummarySheet(workbook: ReportWorkbook, summary: Summary): void {
  const sheet = workbook.addWorksheet('Summary', {
    views: [{ showGridLines: false }],
    pageSetup: { fitToPage: true, fitToWidth: 1, fitToHeight: 1 },
  });
  sheet.columns = [{ width: 24 }, { width: 64 }];
  const title = sheet.addRow(['Member offers']);
  title.font = { ...FONT, bold: true, size: 18, color: { argb: ACCENT } };
  title.height = 30;
  title.commit();
  for (const [label, value] of summaryRows(summary)) {
    const row = sheet.addRow([label, value]);
    if (value === undefined) styleHeading(row);
    else styleFact(row, label === 'Status' ? STATUS_COLOURS[summary.status] : undefined);
    row.commit();
  }
  sheet.commit();
}

function styleHeading(row: Row): void {
  row.height = 24;
  row.alignment = { vertical: 'bottom' };
  for (const column of [1, 2]) {
    const cell = row.getCell(column);
    cell.font = { ...FONT, bold: true, size: 12, color: { argb: ACCENT } };
    cell.border = { bottom: { style: 'thin', color: { argb: ACCENT } } };
  }
}

function styleFact(row: Row, colour: string | undefined): void {
  row.getCell(1).font = { ...FONT, color: { argb: 'FF595959' } };
  row.getCell(1).alignment = { vertical: 'top' };
  const value = row.getCell(2);
  value.numFmt = WHOLE;
  value.alignment = { horizontal: 'left', vertical: 'top', wrapText: true };
  value.font = colour === undefined ? FONT : { ...FONT, bold: true, size: 14, color: { argb: colour } };
}

/** Labels with their values; a label without a value is a heading. */
export function summaryRows(summary: Summary): [string, CellValue][] {
  const { source, rows, members, offers } = summary;
  const reason: [string, CellValue][] = summary.reason === undefined ? [] : [['Reason', cellText(summary.reason)]];
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
    ...Object.entries(offers).map(([offer, count]): [string, CellValue] => [cellText(offer), count]),
  ];
}
