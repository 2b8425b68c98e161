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

/** Characters, of which wrapping at words leaves some unused. */
const VALUE_WIDTH = 64;
const WRAPPING_LOSS = 14;

/** Points; the second is Excel's limit. */
const LINE_HEIGHT = 15;
const TALLEST_ROW = 409;

/** Writes what was asked and what came of it. */
export function writeSummarySheet(workbook: ReportWorkbook, summary: Summary): void {
  const sheet = workbook.addWorksheet('Summary', {
    views: [{ showGridLines: false }],
    pageSetup: { fitToPage: true, fitToWidth: 1, fitToHeight: 1 },
  });
  sheet.columns = [{ width: 24 }, { width: VALUE_WIDTH }];
  const title = sheet.addRow(['Member offers']);
  title.font = { ...FONT, bold: true, size: 18, color: { argb: ACCENT } };
  title.height = 30;
  title.commit();
  for (const [label, value] of summaryRows(summary)) {
    const row = sheet.addRow([label, value]);
    if (value === undefined) styleHeading(row);
    else if (label === 'Status')
      styleFact(row, { ...FONT, bold: true, size: 14, color: { argb: STATUS_COLOURS[summary.status] } });
    else styleFact(row, FONT, heightOf(value));
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

function styleFact(row: Row, font: Row['font'], height?: number): void {
  row.getCell(1).font = { ...FONT, color: { argb: 'FF595959' } };
  row.getCell(1).alignment = { vertical: 'top' };
  const value = row.getCell(2);
  value.numFmt = WHOLE;
  value.alignment = { horizontal: 'left', vertical: 'top', wrapText: true };
  value.font = font;
  if (height !== undefined) row.height = height;
}

/** Points that a value takes when it is wrapped: programs do not work that out for a file that they have not written. */
function heightOf(value: string | number): number {
  const lines = Math.ceil(String(value).length / (VALUE_WIDTH - WRAPPING_LOSS));
  return Math.min(TALLEST_ROW, Math.max(1, lines) * LINE_HEIGHT);
}

function heading(label: string): [string, CellValue] {
  return [label, undefined];
}

/** Labels with their values; a label without a value is a heading. */
function summaryRows(summary: Summary): [string, CellValue][] {
  const { source, rows, members, offers } = summary;
  const perOffer = Object.entries(offers).map(([offer, count]): [string, CellValue] => [cellText(offer), count]);
  const reason: [string, CellValue][] = summary.reason === undefined ? [] : [['Reason', cellText(summary.reason)]];
  return [
    ['Status', summary.status],
    ...reason,
    heading('Run'),
    ['Run id', summary.runId],
    ['Partner', cellText(summary.partner)],
    ['File', cellText(`s3://${source.bucket}/${source.key}`)],
    ['As-of day (UTC)', summary.asOf ?? 'unknown'],
    ['Started (UTC)', summary.startedAt],
    ['Ended (UTC)', summary.finishedAt],
    heading('Rows'),
    ['Rows read', rows.read],
    ['Rows accepted', rows.accepted],
    ['Rows rejected', rows.rejected],
    ['Blank values imputed', rows.imputed],
    heading('Members'),
    ['Members in the file', members.total],
    ['Members scored', members.scored],
    ['Members failed', members.failed],
    ...(perOffer.length > 0 ? [heading('Members per offer'), ...perOffer] : []),
  ];
}
