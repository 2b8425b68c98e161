import type { Writable } from 'node:stream';
import type ExcelJS from 'exceljs';
import WorkbookWriter from 'exceljs/lib/stream/xlsx/workbook-writer.js';
import WorkbookXform from 'exceljs/lib/xlsx/xform/book/workbook-xform.js';

/** Dark blue, for headings. */
export const ACCENT = 'FF1F3864';

/** Named in every style: a style without a name is shown in whatever the reader's program likes. */
export const FONT = { name: 'Calibri', family: 2, size: 11 };

/** Grey, for what explains. */
export const QUIET_COLOUR = 'FF595959';

export type CellValue = string | number | undefined;
export type Sheet = ExcelJS.Worksheet;
export type Row = ExcelJS.Row;
export type Style = Partial<ExcelJS.Style>;
export type ConditionalFormatting = Parameters<Sheet['addConditionalFormatting']>[0];

/** A column's letters, the first being A. */
export function columnName(column: number): string {
  const beforeLast = Math.floor((column - 1) / 26);
  const last = String.fromCharCode(65 + ((column - 1) % 26));
  return beforeLast === 0 ? last : `${columnName(beforeLast)}${last}`;
}

/** White on dark blue. */
export const HEADER_STYLE: Style = {
  font: { ...FONT, bold: true, color: { argb: 'FFFFFFFF' } },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: ACCENT } },
  alignment: { horizontal: 'left', vertical: 'middle', indent: 1 },
};

/** Points. */
export const HEADER_HEIGHT = 24;

/** Excel's number for the paper. */
const A4 = 9;

/** Sheets are printed across, as wide as the paper, on as many pages as that takes. */
export const LANDSCAPE = {
  orientation: 'landscape',
  paperSize: A4,
  fitToPage: true,
  fitToWidth: 1,
  fitToHeight: 0,
} as const;

/** Excel's own name for what a sheet's filters are over. LibreOffice has no buttons for filters without it. */
const FILTERED = '_xlnm._FilterDatabase';

/** What the name of a table's second sheet, and of those after it, ends in. */
const FURTHER_SHEET = / \(\d+\)$/;

/** An Excel workbook that is written to a stream row by row. Sheets are written one after the other. */
export class ReportWorkbook extends WorkbookWriter {
  // exceljs lists the tabs in the order of this array.
  declare protected _worksheets: Sheet[];
  declare protected readonly zip: { append(content: string, entry: { name: string }): void };

  constructor(stream: Writable) {
    super({ stream, useStyles: true, useSharedStrings: false, zip: { zlib: { level: 1 } } });
  }

  /**
   * Orders the tabs, once all sheets are there: by the names of their tables, each with its further sheets. They are
   * written in another order, because some say what has become of the others.
   */
  arrangeTabs(tables: readonly string[]): void {
    const position = ({ name }: Sheet) => tables.indexOf(name.replace(FURTHER_SHEET, ''));
    this._worksheets = this._worksheets.filter(Boolean).toSorted((a, b) => position(a) - position(b));
  }

  /** The list of sheets and of names, which exceljs calls for at the end; its own knows no names of filters. */
  override async addWorkbook(): Promise<void> {
    const worksheets = this._worksheets.filter(Boolean);
    const definedNames = worksheets.flatMap(({ name, autoFilter }, localSheetId) =>
      typeof autoFilter === 'string' ? [{ name: FILTERED, ranges: [absolute(name, autoFilter)], localSheetId }] : [],
    );
    const model = { worksheets, definedNames, views: this.views, properties: {}, calcProperties: {} };
    const xform = new WorkbookXform();
    xform.prepare(model);
    const xml = xform.toXml(model).replaceAll(`name="${FILTERED}"`, `$& hidden="1"`);
    this.zip.append(xml, { name: '/xl/workbook.xml' });
  }
}

/** A range of a sheet as a name stands for it. @param range such as `A1:C7` */
function absolute(sheet: string, range: string): string {
  return `'${sheet}'!${range.replace(/([A-Z]+)(\d+)/g, '$$$1$$$2')}`;
}
