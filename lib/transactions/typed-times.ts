import type { Calendar } from './calendar.ts';
import { BLANK, type CellReader, type TypedCellReader } from './column-form.ts';
import { isOfDayZero } from './no-date.ts';

/** How dates of a workbook are read: as clocks show them. Numbers are read as a text of them is. */
export function typedTimeReader(readText: CellReader, calendar: Calendar): TypedCellReader {
  return (cell, text) => {
    if (cell.kind === 'number') return readText(text);
    return isOfDayZero(cell.clocks) ? BLANK : calendar.instantOf(cell.clocks);
  };
}
