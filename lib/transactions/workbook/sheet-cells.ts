import { MS_PER_DAY, parseTime } from '../cells.ts';
import { DAYS_TO_1904, type TypedCell } from '../typed-cell.ts';
import { damagedWorkbook } from './damaged-workbook.ts';
import { filledTemplate, type NumberFormat } from './number-format.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { StoredCell } from './sheet-reader.ts';
import type { Styles } from './styles.ts';
import { isTrue } from './xml-reader.ts';

/** A cell as people see it. */
export interface SheetCell {
  text: string;
  typed?: TypedCell;
  /** Why it says nothing, as the end of a sentence. */
  problem?: string;
}

/** What cells refer to. */
export interface CellContext {
  strings: SharedStrings;
  styles: Styles;
  /** Whether days are counted since 1904, as on old Macintosh computers. */
  isSince1904: boolean;
}

/** @throws UnusableFileError when the cell refers to a text that is not there */
export function sheetCell(cell: StoredCell, context: CellContext): SheetCell {
  const { type, value = '', isFormula } = cell;
  if (value.trim() === '') return isFormula && type !== 'str' ? { text: '', problem: NO_RESULT } : { text: '' };
  switch (type) {
    case 's': {
      const text = context.strings.at(Number(value));
      if (text === undefined) throw damagedWorkbook('a cell with a text that is not there');
      return { text };
    }
    case 'b':
      return { text: isTrue(value) ? 'TRUE' : 'FALSE' };
    case 'e':
      // What a spreadsheet shows for a value that is not there is blank, here as in a CSV.
      return value === '#N/A' ? { text: value } : { text: value, problem: `is the error ${value}` };
    case 'd':
      return isoDate(value);
    case 'n':
      return numberCell(value, cell, context);
    case 'str':
    case 'inlineStr':
      return { text: value };
  }
}

const NO_RESULT = 'is a formula without a stored result: open the workbook in Excel, save it, and upload that';

/** With an offset it is an instant, which is read as in a CSV. */
const OFFSET = /T.*(?:z|[+-]\d\d:?\d\d)$/i;

function isoDate(value: string): SheetCell {
  const clocks = OFFSET.test(value) ? undefined : parseTime(value);
  return clocks === undefined ? { text: value } : { text: dateText(clocks), typed: { kind: 'date', clocks } };
}

function numberCell(stored: string, { style }: StoredCell, context: CellContext): SheetCell {
  const value = Number(stored);
  if (Number.isNaN(value)) return { text: stored };
  const format = context.styles.formatOf(style);
  if (format.kind === 'number') return shownNumber(value, format, context);
  const clocks = clocksOf(value, context);
  if (clocks === undefined) return shownNumber(value, NO_FORMAT, context);
  // A time of a day alone is no date, and neither a number that people see.
  if (format.kind === 'time' && value < 1) return { text: timeText(clocks) };
  return { text: dateText(clocks), typed: { kind: 'date', clocks } };
}

type NumberShown = NumberFormat & { kind: 'number' };

const NO_FORMAT: NumberShown = { kind: 'number', sign: '' };

/** From here on, spreadsheets have rounded numbers: they keep 15 digits. */
const ROUNDED_FROM = 1e15;

function shownNumber(stored: number, { sign, template }: NumberShown, { isSince1904 }: CellContext): SheetCell {
  // 0.07 * 100 is 7.000000000000001.
  const value = sign === '%' ? Number((stored * 100).toPrecision(15)) : stored;
  const bare = Math.abs(value) < ROUNDED_FROM ? String(value) : value.toExponential().toUpperCase();
  const text = template !== undefined && /^\d+$/.test(bare) ? filledTemplate(template, bare) : bare;
  const shown = sign === '' ? text : sign === '%' ? `${text}%` : `${text} ${sign}`;
  return { text: shown, typed: { kind: 'number', value, sign, ...(isSince1904 && { isSince1904 }) } };
}

/** The number that a workbook has for 1970-01-01. */
const DAY_OF_EPOCH = 25_569;
/** That of 1900-03-01: Excel counts a 1900-02-29 that there never was. */
const DAY_AFTER_LEAP_DAY = 61;
/** That of 10000-01-01, which is shown as no date. */
const DAY_OF_YEAR_10000 = 2_958_466;

/** What clocks show at a time that is counted in days; undefined for what is shown as no date. */
function clocksOf(value: number, { isSince1904 }: CellContext): number | undefined {
  const day = isSince1904 ? value + DAYS_TO_1904 : value;
  if (value < 0 || day >= DAY_OF_YEAR_10000) return undefined;
  const counted = day >= 1 && day < DAY_AFTER_LEAP_DAY ? day + 1 : day;
  return Math.round((counted - DAY_OF_EPOCH) * MS_PER_DAY);
}

const MIDNIGHT = ' 00:00:00';

/** Such as `2024-01-31`, `2024-01-31 10:15:00` or `2024-01-31 10:15:00.250`. */
function dateText(clocks: number): string {
  const text = new Date(clocks).toISOString().replace('T', ' ').replace('Z', '').replace('.000', '');
  return text.endsWith(MIDNIGHT) ? text.slice(0, -MIDNIGHT.length) : text;
}

function timeText(clocks: number): string {
  return new Date(clocks).toISOString().slice('YYYY-MM-DDT'.length, -'Z'.length).replace('.000', '');
}
