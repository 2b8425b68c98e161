import { stringify } from 'csv-stringify/sync';
import { titledAmong } from '../columns.ts';
import { type FileLimits, sizeText } from '../limits.ts';
import type { RejectedRow } from '../row-account.ts';
import type { Rows } from '../rows.ts';
import type { TypedCell } from '../typed-cell.ts';
import { damagedWorkbook } from './damaged-workbook.ts';
import { type CellContext, type SheetCell, sheetCell } from './sheet-cells.ts';
import type { StoredRow } from './sheet-reader.ts';

/** A row of a sheet as people see it. */
export interface SheetRow {
  line: number;
  isHidden: boolean;
  isTooLong: boolean;
  cells: SheetCell[];
}

const NOTHING: SheetCell = { text: '' };

/**
 * A row with all its cells, those that are not stored as blank ones.
 * @throws UnusableFileError when a place has two cells, or one refers to a text that is not there
 */
export function sheetRow({ line, isHidden, isTooLong, cells }: StoredRow, context: CellContext): SheetRow {
  const row: SheetRow = { line, isHidden, isTooLong, cells: [] };
  for (const cell of cells) {
    while (row.cells.length < cell.column) row.cells.push(NOTHING);
    if ((row.cells[cell.column] ?? NOTHING) !== NOTHING) throw damagedWorkbook(`row ${line}, which has a cell twice,`);
    row.cells[cell.column] = sheetCell(cell, context);
  }
  return row;
}

export function textsOf({ cells }: SheetRow): string[] {
  return cells.map(({ text }) => text);
}

export function isBlankRow({ cells, isTooLong }: SheetRow): boolean {
  return !isTooLong && cells.every(({ text, problem }) => text.trim() === '' && problem === undefined);
}

/** The lines above a table. They are as long as what is in them. */
export function rowsAbove(sheetRows: readonly SheetRow[], extent: TableExtent): Rows {
  const rows = rowsOf(sheetRows, extent);
  return { ...rows, fields: rows.fields.map((texts) => texts.slice(0, titledAmong(texts))) };
}

/** Which part of a sheet is the table. */
export interface TableExtent {
  /** The names of its columns: what is to the right of the last one is none of it. */
  header: readonly string[];
  /** The places of the columns that are needed. */
  needed: readonly number[];
  limits: FileLimits;
}

/** Rows as those of a CSV are handed on. Their lines are the numbers of the sheet's rows. */
export function rowsOf(sheetRows: readonly SheetRow[], { header, needed, limits }: TableExtent): Rows {
  const malformed: RejectedRow[] = [];
  const rows = sheetRows.filter((row) => {
    const isWhole = !row.isTooLong && characters(row) <= limits.lineBytes;
    if (!isWhole) malformed.push(tooLong(row, limits));
    return isWhole;
  });
  const cells = rows.map((row) => cellsWithin(row, header.length));
  const fields = cells.map((ofRow) => ofRow.map(({ text }) => text));
  const typed: (TypedCell | undefined)[][] = cells.map((ofRow) => ofRow.map((cell) => cell.typed));
  const problems = cells.map((ofRow) => problemIn(ofRow, header, needed));
  const rawOf = (row: number) => csvLine(fields[row] ?? []);
  return {
    fields,
    typed,
    separator: ',',
    lineOf: (row) => rows[row]?.line ?? 1,
    rawOf,
    bytesOf: (row) => Buffer.from(rawOf(row)),
    isAscii: false,
    holdsUtf8: false,
    problemOf: (row) => problems[row],
    malformed,
    bytes: 0,
    lines: sheetRows.length,
    isCutInLine: false,
  };
}

/** Why a row's cells do not say what its columns hold. One that has nothing but `# …` for the member is a comment. */
function problemIn(
  cells: readonly SheetCell[],
  header: readonly string[],
  needed: readonly number[],
): string | undefined {
  const nameOf = (place: number) => header[place]?.trim();
  const place = needed.find((column) => cells[column]?.problem !== undefined);
  if (place !== undefined) return `${nameOf(place)} ${cells[place]?.problem}`;
  const [member = 0, ...others] = needed;
  const isComment = cells[member]?.text.trimStart().startsWith('#') && others.every((one) => isBlankCell(cells[one]));
  return isComment ? `nothing but ${nameOf(member)} is filled in` : undefined;
}

function isBlankCell(cell: SheetCell = NOTHING): boolean {
  return cell.text.trim() === '';
}

/** Cells that are not stored at its end are blank: a sheet has no short rows. */
function cellsWithin({ cells }: SheetRow, width: number): SheetCell[] {
  return Array.from({ length: width }, (_, place) => cells[place] ?? NOTHING);
}

function characters({ cells }: SheetRow): number {
  return cells.reduce((sum, { text }) => sum + text.length, 0);
}

const KEPT_OF_LONG_ROW = 1024;

function tooLong({ line, cells }: SheetRow, { lineBytes }: FileLimits): RejectedRow {
  const problem = `the row is longer than ${sizeText(lineBytes)}`;
  const texts: string[] = [];
  let length = 0;
  for (const { text } of cells) {
    if (length >= KEPT_OF_LONG_ROW) break;
    texts.push(text.slice(0, KEPT_OF_LONG_ROW - length));
    length += text.length + 1;
  }
  return { line, problem, reason: problem, raw: `${csvLine(texts)}… (cut)` };
}

/** As a line of a CSV, without the blank cells at its end. */
function csvLine(texts: readonly string[]): string {
  return stringify([texts.slice(0, titledAmong(texts))], { eof: false });
}
