import type { InputView } from '../view/input.ts';
import { type Cell, header, heading, heightOf, type Line, label, text, writeLines } from './cells.ts';
import { LANDSCAPE, type ReportWorkbook } from './workbook.ts';

export const INPUT_SHEET = 'Input';

/** Characters: the field or the name of a fact, the column, how it is read, and what decided that. */
const WIDTHS = [20, 34, 50, 44];

/** How many characters fit on a line of the columns after the first; less than their width. */
const TEXT_WIDTH = 110;
const NOTE_WIDTH = 126;

/** Writes the sheet that says how the file was read; none when that is not known. */
export function writeInputSheet(workbook: ReportWorkbook, input: InputView | undefined): void {
  if (input === undefined) return;
  const sheet = workbook.addWorksheet(INPUT_SHEET, { views: [{ showGridLines: false }], pageSetup: LANDSCAPE });
  sheet.columns = WIDTHS.map((width) => ({ width }));
  writeLines(sheet, 1, [...factLines(input), ...columnLines(input), ...noteLines(input)]);
  sheet.commit();
}

function factLines({ facts }: InputView): Line[] {
  return [
    { cells: [heading('How the file was read', WIDTHS.length)] },
    ...facts.map(({ name, text: value }): Line => {
      return { cells: [label(name), text(value, WIDTHS.length - 1)], height: heightOf(value, TEXT_WIDTH) };
    }),
  ];
}

function columnLines({ columns }: InputView): Line[] {
  if (columns.length === 0) return [];
  return [
    { cells: [] },
    { cells: ['Field', 'Column', 'Read as', 'Decided by'].map(header) },
    ...columns.map(({ field, header: name, form, decidedBy }): Line => {
      const texts = [name, form, decidedBy];
      const height = Math.max(...texts.map((value, place) => heightOf(value, WIDTHS[place + 1] ?? 0)));
      return { cells: [label(field), ...texts.map(filled)], height };
    }),
  ];
}

/** A cell without a text is left out. */
function filled(value: string): Cell | undefined {
  return value === '' ? undefined : text(value);
}

function noteLines({ notes }: InputView): Line[] {
  if (notes.length === 0) return [];
  return [
    { cells: [] },
    { cells: [heading('What else was assumed', WIDTHS.length)] },
    ...notes.map((note): Line => ({ cells: [text(note, WIDTHS.length)], height: heightOf(note, NOTE_WIDTH) })),
  ];
}
