import { once } from 'node:events';
import { colourScale, highlight } from './conditional-formats.ts';
import { RowXml } from './row-xml.ts';
import {
  type CellValue,
  columnName,
  HEADER_HEIGHT,
  HEADER_STYLE,
  LANDSCAPE,
  type ReportWorkbook,
  type Sheet,
  type Style,
} from './workbook.ts';

/** Excel's own limit, the header row included. */
const ROWS_PER_SHEET = 1_048_576;

/** How much of a sheet is written at once. After that, the writer waits until the stream can take more. */
const CHUNK_CHARACTERS = 128 * 1024;

/** Width of the filter's button beside a header, in characters. */
const FILTER_BUTTON_WIDTH = 6;

/** Keeps a text apart from the number to its left. */
const TEXT_STYLE: Style = { alignment: { horizontal: 'left', indent: 1 } };

/** A column of a table. */
export interface Column<Row> {
  header: string;
  /** Width in characters; a longer header makes the column wider. */
  width: number;
  /** Excel number format; the cell keeps the full precision. */
  format?: string;
  /** ARGB of the largest value's background. Smaller values are paler, so that large values are easy to find. */
  colour?: string;
  /** The row's value in this column; undefined leaves the cell out. A text has to come from `cellText`. */
  value: (row: Row) => CellValue;
}

export interface TableOptions<Row> {
  name: string;
  columns: readonly Column<Row>[];
  /** Rows that have this text in this column stand out. */
  alert?: { header: string; text: string };
  /** Rows per sheet, the header row included; by default Excel's limit. */
  rowsPerSheet?: number | undefined;
}

/** A table that continues on further sheets, `Name (2)` and so on, when a sheet is full. */
export class Table<Row> {
  readonly #workbook: ReportWorkbook;
  readonly #options: TableOptions<Row>;
  readonly #rowsPerSheet: number;
  readonly #rowXml: RowXml;
  #sheet: Sheet;
  #sheets = 1;
  /** Rows of the current sheet, the header included. */
  #rows = 1;

  constructor(workbook: ReportWorkbook, options: TableOptions<Row>) {
    this.#workbook = workbook;
    this.#options = options;
    this.#rowsPerSheet = options.rowsPerSheet ?? ROWS_PER_SHEET;
    this.#rowXml = new RowXml(options.columns.map(({ format }) => workbook.styles.addStyleModel(styleOf(format))));
    this.#sheet = this.#addSheet(options.name);
  }

  /** Adds rows. Waits when the workbook's stream is slower than the caller. */
  async add(rows: Iterable<Row>): Promise<void> {
    const { columns } = this.#options;
    let xml = '';
    for (const row of rows) {
      if (this.#rows === this.#rowsPerSheet) {
        await this.#write(xml);
        xml = '';
        this.#continue();
      }
      this.#rows += 1;
      xml += this.#rowXml.of(
        this.#rows,
        columns.map(({ value }) => value(row)),
      );
      if (xml.length < CHUNK_CHARACTERS) continue;
      await this.#write(xml);
      xml = '';
    }
    await this.#write(xml);
  }

  /** Ends the table; the next sheet can be written. */
  close(): void {
    const { columns } = this.#options;
    this.#sheet.autoFilter = `A1:${columnName(columns.length)}${this.#rows}`;
    if (this.#rows > 1) this.#addFormats();
    this.#sheet.commit();
  }

  /** Writes past exceljs's own stream, which copies its input and does not wait for the archive. */
  async #write(xml: string): Promise<void> {
    for (const archive of this.#sheet.stream.pipes) if (!archive.write(xml)) await once(archive, 'drain');
  }

  #addFormats(): void {
    const { columns, alert } = this.#options;
    for (const [index, { colour }] of columns.entries()) {
      if (colour === undefined) continue;
      this.#sheet.addConditionalFormatting(
        colourScale({ column: index + 1, firstRow: 2, lastRow: this.#rows }, colour),
      );
    }
    if (alert === undefined) return;
    const column = columns.findIndex(({ header }) => header === alert.header) + 1;
    const cells = { column, firstRow: 2, lastRow: this.#rows };
    this.#sheet.addConditionalFormatting(highlight(cells, columns.length, alert.text));
  }

  #continue(): void {
    this.close();
    this.#sheets += 1;
    this.#rows = 1;
    this.#sheet = this.#addSheet(`${this.#options.name} (${this.#sheets})`);
  }

  #addSheet(name: string): Sheet {
    const sheet = this.#workbook.addWorksheet(name, {
      views: [{ state: 'frozen', xSplit: 1, ySplit: 1 }],
      pageSetup: { ...LANDSCAPE, printTitlesRow: '1:1' },
    });
    sheet.columns = this.#options.columns.map(({ header, width }) => ({
      header,
      width: Math.max(width, header.length + FILTER_BUTTON_WIDTH),
    }));
    const header = sheet.getRow(1);
    Object.assign(header, HEADER_STYLE);
    header.height = HEADER_HEIGHT;
    header.commit();
    // Writes the header row now, so that the rows come after it.
    sheet.stream.uncork();
    return sheet;
  }
}

function styleOf(format: string | undefined): Style {
  return format === undefined ? TEXT_STYLE : { numFmt: format };
}
