import { counted, formatCount } from '../../counted.ts';
import type { NamedColumns } from '../columns.ts';
import type { FileLimits } from '../limits.ts';
import type { Rows } from '../rows.ts';
import type { InputCheck, Understood } from '../understood.ts';
import { contentsOf, partName, type WorkbookPart } from './contents.ts';
import { damagedWorkbook } from './damaged-workbook.ts';
import type { CellContext } from './sheet-cells.ts';
import { placeOf, SheetReader } from './sheet-reader.ts';
import { isBlankRow, rowsAbove, rowsOf, type SheetRow, sheetRow, type TableExtent } from './sheet-rows.ts';
import { type TableSheet, tableSheet } from './table-sheet.ts';
import { XmlReader } from './xml-reader.ts';

/** How a workbook is read. */
export interface WorkbookReading {
  limits: FileLimits;
  columns: NamedColumns;
}

/** The table in a workbook. */
export interface WorkbookTable {
  /** The name of its sheet. */
  sheet: string;
  /**
   * Its rows, as those of a CSV are handed on: the first stretch begins with the header.
   * @param parts what is in the workbook, once more
   * @param understood in which is noted what was understood of the sheet
   */
  rows(parts: AsyncIterable<WorkbookPart>, understood: Understood): AsyncGenerator<Rows>;
}

/**
 * Finds the table in a workbook. A workbook has to be read twice, because what cells refer to may come after them.
 * @returns undefined when what is there is no workbook of the usual kind
 * @throws UnusableFileError when the workbook cannot be read, or holds no table
 */
export async function tableIn(
  parts: AsyncIterable<WorkbookPart>,
  { limits, columns }: WorkbookReading,
): Promise<WorkbookTable | undefined> {
  const contents = await contentsOf(parts, limits);
  if (contents === undefined) return undefined;
  const found = tableSheet(contents, columns);
  const table = { header: found.header, needed: columns.placesIn(found.header), limits };
  return {
    sheet: found.sheet.name,
    rows: (again, understood) => tableRows(again, found, { ...contents, table, understood }),
  };
}

/** What rows are read with. */
interface TableContext extends CellContext {
  table: TableExtent;
  understood: Understood;
}

async function* tableRows(
  parts: AsyncIterable<WorkbookPart>,
  found: TableSheet,
  context: TableContext,
): AsyncGenerator<Rows> {
  for await (const { name, chunks } of parts) {
    if (partName(name) !== found.sheet.part) {
      for await (const _ of chunks);
      continue;
    }
    const stretches = new Stretches(found, context);
    yield* stretches.of(name, chunks);
    stretches.finish();
    return;
  }
  throw damagedWorkbook(found.sheet.part);
}

/** Rows in a stretch: enough of them that the first ones tell how columns are written; and cells, which take memory. */
const STRETCH_ROWS = 1_000;
const STRETCH_CELLS = 50_000;

/** The rows of a table in stretches, and what is to be told of them. */
class Stretches {
  readonly #found: TableSheet;
  readonly #context: TableContext;
  #isFirst = true;
  #hidden = 0;
  #dates = 0;
  #exampleDate = '';
  #merged: readonly string[] = [];

  constructor(found: TableSheet, context: TableContext) {
    this.#found = found;
    this.#context = context;
  }

  async *of(name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Rows> {
    const { limits, header } = this.#context.table;
    const sheet = new SheetReader(name, limits, header.length);
    const most = Math.min(STRETCH_ROWS, STRETCH_CELLS / header.length);
    const xml = new XmlReader(name, sheet);
    let pending: SheetRow[] = [];
    for await (const chunk of chunks) {
      xml.write(chunk);
      pending.push(...this.#rows(sheet));
      if (pending.length < most || !this.#isHeaderIn(pending)) continue;
      yield this.#stretch(pending);
      pending = [];
    }
    xml.end();
    pending.push(...this.#rows(sheet));
    if (pending.length > 0) yield this.#stretch(pending);
    this.#merged = sheet.merges.filter((cells) => this.#isMergedInTable(cells));
  }

  /** Whether cells over several rows are shown as one, of a column that is needed. */
  #isMergedInTable(cells: string): boolean {
    const [from, to] = cells.split(':').map(placeOf);
    if (from === undefined || to === undefined || from.line === to.line || to.line <= this.#found.headerLine)
      return false;
    return this.#context.table.needed.some((place) => place >= from.column && place <= to.column);
  }

  /** The first stretch begins with the header and has what is above it. */
  #isHeaderIn(rows: readonly SheetRow[]): boolean {
    return !this.#isFirst || rows.some(({ line }) => line === this.#found.headerLine);
  }

  #rows(sheet: SheetReader): SheetRow[] {
    return sheet.take().flatMap((stored) => {
      const row = sheetRow(stored, this.#context);
      return isBlankRow(row) ? [] : [row];
    });
  }

  #stretch(rows: readonly SheetRow[]): Rows {
    for (const row of rows) this.#look(row);
    const { table } = this.#context;
    if (!this.#isFirst) return rowsOf(rows, table);
    this.#isFirst = false;
    const { headerLine } = this.#found;
    const above = rows.filter(({ line }) => line < headerLine);
    const stretch = rowsOf(
      rows.filter(({ line }) => line >= headerLine),
      table,
    );
    return above.length === 0 ? stretch : { ...stretch, above: rowsAbove(above, table) };
  }

  #look({ line, isHidden, cells }: SheetRow): void {
    if (line <= this.#found.headerLine) return;
    if (isHidden) this.#hidden += 1;
    const [member = 0] = this.#context.table.needed;
    const { typed, text = '' } = cells[member] ?? {};
    if (typed?.kind !== 'date') return;
    if (this.#dates === 0) this.#exampleDate = text;
    this.#dates += 1;
  }

  /** Notes what was found once the table has been read. */
  finish(): void {
    const { notes, checks } = this.#context.understood;
    const { alike } = this.#found;
    if (alike.length > 0) checks.push(alikeCheck(alike));
    if (this.#dates > 0) checks.push(dateCheck(this.#dates, this.#exampleDate));
    if (this.#merged.length > 0) checks.push(mergeCheck(this.#merged));
    if (this.#hidden > 0)
      notes.push(
        `Rows that Excel does not show, as by a filter, were read like the others: ${formatCount(this.#hidden)}.`,
      );
  }
}

const MAX_NAMES = 5;

function alikeCheck(names: readonly string[]): InputCheck {
  const quoted = names.slice(0, MAX_NAMES).map((name) => JSON.stringify(name));
  const shown = new Intl.ListFormat('en-GB').format(names.length > MAX_NAMES ? [...quoted, 'others'] : quoted);
  return {
    about: 'sheets',
    count: `${counted(names.length, 'further sheet')} with the same columns ${names.length === 1 ? 'was' : 'were'} not read`,
    advice: `The first sheet with the columns is read, and not ${shown}. Upload each as a workbook of its own, or put them into one sheet.`,
  };
}

function mergeCheck(merged: readonly string[]): InputCheck {
  const [example] = merged;
  return {
    about: 'merged cells',
    count: `${counted(merged.length, 'group')} of cells over several rows ${merged.length === 1 ? 'is' : 'are'} merged`,
    advice: `Of ${example} only the first row has the value, and the others are read as blank. Unmerge the cells, and fill the value in for each row.`,
  };
}

function dateCheck(rows: number, example: string): InputCheck {
  return {
    about: 'ids',
    count: `${counted(rows, 'row')} ${rows === 1 ? 'has' : 'have'} a date for an id`,
    advice: `"${example}" may be an id that Excel has taken for a date. Format the column as text before ids are written into it.`,
  };
}
