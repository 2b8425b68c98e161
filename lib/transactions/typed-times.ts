import type { Calendar } from './calendar.ts';
import { BLANK, type CellReader, type TypedCellReader } from './column-form.ts';
import { isOfNoDay } from './no-date.ts';
import { DAYS_TO_1904 } from './typed-cell.ts';

/**
 * How dates of a workbook are read: as clocks show them. Numbers are read as a text of them is.
 * @param format that of the field, when the partner's file has one
 */
export function typedTimeReader(readText: CellReader, calendar: Calendar, format?: string): TypedCellReader {
  return (cell, text) => {
    if (cell.kind === 'number') {
      const isCounted = format === 'excel' && cell.isSince1904 === true;
      return readText(isCounted ? String(cell.value + DAYS_TO_1904) : text);
    }
    return isOfNoDay(cell.clocks) ? BLANK : calendar.instantOf(cell.clocks);
  };
}
