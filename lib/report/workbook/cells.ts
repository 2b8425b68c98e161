import { textBar } from './bar.ts';
import { cellText } from './text.ts';
import {
  ACCENT,
  type CellValue,
  columnName,
  FONT,
  HEADER_STYLE,
  QUIET_COLOUR,
  type Sheet,
  type Style,
} from './workbook.ts';

/** A cell of a sheet that is laid out by hand. It may span several columns. */
export interface Cell {
  value: CellValue;
  style: Style;
  columns?: number;
}

/** A row of cells from the first column on; undefined leaves a column empty. */
export interface Line {
  cells: (Cell | undefined)[];
  /** Points. Needed for wrapped text: programs do not calculate the height for a file that they have not written. */
  height?: number;
}

export const MS_FORMAT = '#,##0.000';
export const WHOLE_FORMAT = '#,##0';
export const SHARE_FORMAT = '0.0%';

const VALUE_ALIGNMENT = { horizontal: 'right', vertical: 'top' } as const;
const TEXT_ALIGNMENT = { horizontal: 'left', vertical: 'top', wrapText: true } as const;

const LABEL_STYLE: Style = { font: { ...FONT, color: { argb: QUIET_COLOUR } }, alignment: TEXT_ALIGNMENT };
const TEXT_STYLE: Style = { font: FONT, alignment: TEXT_ALIGNMENT };
const BAR_STYLE: Style = { font: { ...FONT, size: 10, color: { argb: 'FF2E75B6' } }, alignment: { vertical: 'top' } };
const HEADING_STYLE: Style = {
  font: { ...FONT, bold: true, size: 12, color: { argb: ACCENT } },
  border: { bottom: { style: 'thin', color: { argb: ACCENT } } },
  alignment: { vertical: 'bottom' },
};

export function heading(text: string, columns: number): Cell {
  return { value: text, style: HEADING_STYLE, columns };
}

/** A column's name above its values. */
export function header(text: string): Cell {
  return { value: text, style: HEADER_STYLE };
}

/** A column's name above its values, in an inconspicuous style. */
export function caption(text: string, columns = 1): Cell {
  return { value: text, style: { ...LABEL_STYLE, alignment: { ...VALUE_ALIGNMENT } }, columns };
}

export function label(text: string, columns = 1): Cell {
  return { value: cellText(text), style: LABEL_STYLE, columns };
}

export function text(value: string, columns = 1): Cell {
  return { value: cellText(value), style: TEXT_STYLE, columns };
}

/** A text to the right of a number, with a small gap. */
export function remark(value: string, columns = 1): Cell {
  return { value: cellText(value), style: { ...LABEL_STYLE, alignment: { ...TEXT_ALIGNMENT, indent: 1 } }, columns };
}

export function number(value: number | undefined, format: string): Cell {
  return { value, style: { font: FONT, numFmt: format, alignment: VALUE_ALIGNMENT } };
}

/** @param share 0 to 1. @param length of the whole bar, in characters */
export function bar(share: number, length: number): Cell {
  return { value: textBar(share, length), style: BAR_STYLE };
}

/** Points; the second is Excel's limit. */
const LINE_HEIGHT = 15;
const MAX_ROW_HEIGHT = 409;

/** The height of a wrapped text, in points. @param width of a line, in characters */
export function heightOf(text: string, width: number): number {
  const lines = Math.max(1, Math.ceil(text.length / width));
  return Math.min(MAX_ROW_HEIGHT, lines * LINE_HEIGHT);
}

/** Writes lines below each other, from `firstRow` on. */
export function writeLines(sheet: Sheet, firstRow: number, lines: readonly Line[]): void {
  lines.forEach((line, index) => {
    const number = firstRow + index;
    const row = sheet.getRow(number);
    let column = 1;
    for (const cell of line.cells) {
      if (cell !== undefined) {
        const target = row.getCell(column);
        target.value = cell.value;
        fill(sheet, number, column, cell);
      }
      column += cell?.columns ?? 1;
    }
    if (line.height !== undefined) row.height = line.height;
    row.commit();
  });
}

/** Styles a cell in all its columns, so that borders and colours span them, and merges these. */
function fill(sheet: Sheet, row: number, first: number, { style, columns = 1 }: Cell): void {
  const last = first + columns - 1;
  if (columns > 1) sheet.mergeCells(`${columnName(first)}${row}:${columnName(last)}${row}`);
  for (let column = first; column <= last; column++) sheet.getRow(row).getCell(column).style = style;
}
