import { once } from 'node:events';
import type { Writable } from 'node:stream';
import ExcelJS from 'exceljs';

/** Excel's own limit, the header row included. */
const ROWS_PER_SHEET = 1_048_576;

/** How many rows are written before the writer looks whether the stream keeps up. */
const ROWS_PER_PAUSE = 500;

/** Characters beside a header that the button of its filter covers. */
const FILTER_BUTTON_WIDTH = 6;

/** Dark blue, for headings. */
export const ACCENT = 'FF1F3864';

/** Named in every style: a style without a name is shown in whatever the reader's program likes. */
export const FONT = { name: 'Calibri', family: 2, size: 11 };

const HEADER_TEXT = 'FFFFFFFF';

/** Keeps a text apart from the number to its left. */
const TEXT_STYLE: Partial<ExcelJS.Style> = { alignment: { horizontal: 'left', indent: 1 } };

export type CellValue = string | number | undefined;

export interface Column {
  header: string;
  /** Characters; a header that is longer makes the column wider. */
  width: number;
  /** Excel number format; the cell keeps the full precision. */
  format?: string;
}

type Sheet = ExcelJS.Worksheet;

/** An Excel workbook that is written to a stream row by row. Sheets are written one after the other. */
export class ReportWorkbook extends ExcelJS.stream.xlsx.WorkbookWriter {
  // exceljs lists the tabs in the order of this array.
  declare protected _worksheets: Sheet[];

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
}

/** What the name of a table's second sheet, and of those after it, ends in. */
const FURTHER_SHEET = / \(\d+\)$/;

/** A table that continues on further sheets, `Name (2)` and so on, when it outgrows one. */
export class Table {
  readonly #workbook: ReportWorkbook;
  readonly #name: string;
  readonly #columns: readonly Column[];
  readonly #rowsPerSheet: number;
  /** A style object for each column, the same for all its cells: exceljs looks up every new one at length. */
  readonly #styles: readonly Partial<ExcelJS.Style>[];
  #sheet: Sheet;
  #sheets = 1;
  /** Rows of the current sheet, the header included. */
  #rows = 1;

  /** @param rowsPerSheet the header row included */
  constructor(workbook: ReportWorkbook, name: string, columns: readonly Column[], rowsPerSheet = ROWS_PER_SHEET) {
    this.#workbook = workbook;
    this.#name = name;
    this.#columns = columns;
    this.#rowsPerSheet = rowsPerSheet;
    this.#styles = columns.map(({ format }) => (format === undefined ? TEXT_STYLE : { numFmt: format }));
    this.#sheet = this.#addSheet(name);
  }

  /** Waits when rows come faster than the workbook's stream takes them. */
  async add(values: readonly CellValue[]): Promise<void> {
    if (this.#rows === this.#rowsPerSheet) this.#continue();
    const row = this.#sheet.addRow(values);
    this.#styles.forEach((style, column) => {
      row.getCell(column + 1).style = style;
    });
    row.commit();
    this.#rows += 1;
    if (this.#rows % ROWS_PER_PAUSE === 0) await drained(this.#sheet);
  }

  /** Ends the table; the next sheet can be written. */
  close(): void {
    const lastCell = { row: this.#rows, column: this.#columns.length };
    this.#sheet.autoFilter = { from: { row: 1, column: 1 }, to: lastCell };
    this.#sheet.commit();
  }

  #continue(): void {
    this.close();
    this.#sheets += 1;
    this.#rows = 1;
    this.#sheet = this.#addSheet(`${this.#name} (${this.#sheets})`);
  }

  #addSheet(name: string): Sheet {
    const sheet = this.#workbook.addWorksheet(name, {
      views: [{ state: 'frozen', xSplit: 1, ySplit: 1 }],
      pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    });
    sheet.columns = this.#columns.map(({ header, width }) => ({
      header,
      width: Math.max(width, header.length + FILTER_BUTTON_WIDTH),
    }));
    const header = sheet.getRow(1);
    header.font = { ...FONT, bold: true, color: { argb: HEADER_TEXT } };
    header.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: ACCENT } };
    header.alignment = { horizontal: 'left', vertical: 'middle', indent: 1 };
    header.height = 24;
    header.commit();
    return sheet;
  }
}

/**
 * Waits until a sheet's part of the archive has taken what was written. exceljs writes on regardless, and what the
 * compression has not taken yet stays in memory; so the stream between the two, which exceljs keeps in
 * `sheet.stream.pipes`, is asked.
 */
async function drained(sheet: Sheet): Promise<void> {
  const pipes: unknown = property(property(sheet, 'stream'), 'pipes');
  for (const pipe of Array.isArray(pipes) ? pipes : []) {
    if (property(property(pipe, '_writableState'), 'needDrain') === true) await once(pipe, 'drain');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
