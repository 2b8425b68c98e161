import type { Writable } from 'node:stream';
import type ExcelJS from 'exceljs';
import WorkbookWriter from 'exceljs/lib/stream/xlsx/workbook-writer.js';
import WorkbookXform from 'exceljs/lib/xlsx/xform/book/workbook-xform.js';

/** Dark blue, for headings. */
export const ACCENT = 'FF1F3864';

/** The font of every style. Without a name in the style, each program would show another font. */
export const FONT = { name: 'Calibri', family: 2, size: 11 };

/** Grey, for explanations. */
export const QUIET_COLOUR = 'FF595959';

export type CellValue = string | number | undefined;
export type Sheet = ExcelJS.Worksheet;
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

/** Excel's number of the paper size. */
const A4 = 9;

/** Sheets are printed in landscape, as wide as the paper, on as many pages as they need. */
export const LANDSCAPE = {
  orientation: 'landscape',
  paperSize: A4,
  fitToPage: true,
  fitToWidth: 1,
  fitToHeight: 0,
} as const;

/** Excel's defined name for the filtered range of a sheet. Without it LibreOffice shows no filter buttons. */
const FILTERED = '_xlnm._FilterDatabase';

/** The end of the names of a table's second and further sheets. */
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
   * Orders the tabs when all sheets are written: by the names of their tables, each followed by its further sheets. The
   * sheets are written in another order, because some need figures that are known only after others.
   */
  arrangeTabs(tables: readonly string[]): void {
    const position = ({ name }: Sheet) => tables.indexOf(name.replace(FURTHER_SHEET, ''));
    this._worksheets = this._worksheets.filter(Boolean).toSorted((a, b) => position(a) - position(b));
  }

  /** Writes the list of sheets and defined names; exceljs calls this at the end. Its own version lacks filter names. */
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

/** A range as a defined name refers to it. @param range such as `A1:C7` */
function absolute(sheet: string, range: string): string {
  return `'${sheet}'!${range.replace(/([A-Z]+)(\d+)/g, '$$$1$$$2')}`;
}
