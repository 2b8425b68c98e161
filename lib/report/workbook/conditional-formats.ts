import { type ConditionalFormatting, columnName } from './workbook.ts';

const NO_COLOUR = 'FFFFFFFF';
const ALERT_FILL = 'FFFDE7E9';
const ALERT_TEXT = 'FF9C0006';

/** Some cells of a column. Columns and rows are counted from 1. */
export interface Cells {
  column: number;
  firstRow: number;
  lastRow: number;
}

/** Colours the background of cells, from white for the smallest value to `colour` (ARGB) for the largest. */
export function colourScale({ column, firstRow, lastRow }: Cells, colour: string): ConditionalFormatting {
  return {
    ref: `${columnName(column)}${firstRow}:${columnName(column)}${lastRow}`,
    rules: [
      {
        type: 'colorScale',
        priority: 2,
        cfvo: [{ type: 'min' }, { type: 'max' }],
        color: [{ argb: NO_COLOUR }, { argb: colour }],
      },
    ],
  };
}

/** Makes rows stand out that have the given text in a column. @param columns how many columns of a row are coloured */
export function highlight({ column, firstRow, lastRow }: Cells, columns: number, text: string): ConditionalFormatting {
  return {
    ref: `A${firstRow}:${columnName(columns)}${lastRow}`,
    rules: [
      {
        type: 'expression',
        priority: 1,
        formulae: [`$${columnName(column)}${firstRow}="${text}"`],
        style: {
          font: { color: { argb: ALERT_TEXT } },
          fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: ALERT_FILL } },
        },
      },
    ],
  };
}
