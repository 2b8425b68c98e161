import type { FileLimits } from '../limits.ts';
import { TextCollector, unescapedText } from './cell-text.ts';
import { damagedWorkbook } from './damaged-workbook.ts';
import { type Attributes, isTrue, type XmlSink } from './xml-reader.ts';

/** Numbers, also those that are shown as dates; the number of a shared text; yes or no; errors; ISO dates; texts. */
const CELL_TYPES = ['n', 's', 'b', 'e', 'd', 'str', 'inlineStr'] as const;
type CellType = (typeof CELL_TYPES)[number];

/** A cell as a sheet has it (ECMA-376, part 1, 18.3.1.4). */
export interface StoredCell {
  /** Counted from 0. */
  column: number;
  type: CellType;
  style: number;
  /** What is stored: undefined for a cell that only has a style. */
  value: string | undefined;
  isFormula: boolean;
}

export interface StoredRow {
  /** Its number in the sheet, from 1. */
  line: number;
  isHidden: boolean;
  cells: StoredCell[];
  /** Whether it holds more than a row may, so that cells are missing here. */
  isTooLong: boolean;
}

/** Of more it is not told. */
const MAX_MERGES = 10_000;
/** As many as Excel has. */
const MAX_COLUMNS = 16_384;
const MAX_LINES = 1_048_576;

/** Takes the rows of a sheet, `xl/worksheets/sheet1.xml`, as they are stored. Rows without values are left out. */
export class SheetReader implements XmlSink {
  readonly #part: string;
  readonly #mostCharacters: number;
  readonly #mostColumns: number;
  readonly #collector = new TextCollector();
  #rows: StoredRow[] = [];
  #row: StoredRow = emptyRow();
  #cell: StoredCell | undefined;
  #value: string | undefined;
  #isInValue = false;
  #isInData = false;
  #merges: string[] = [];
  #characters = 0;
  /** That of the last cell, whether it holds anything or not. */
  #column = -1;

  /** @param mostColumns those further to the right are left out */
  constructor(part: string, { lineBytes }: FileLimits, mostColumns = MAX_COLUMNS) {
    this.#part = part;
    this.#mostCharacters = lineBytes;
    this.#mostColumns = mostColumns;
  }

  /** The rows that have been read since the last time. */
  take(): StoredRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Which cells are shown as one, such as `A2:A5`, as far as has been read. */
  get merges(): readonly string[] {
    return this.#merges;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'mergeCell' && this.#merges.length < MAX_MERGES)
      this.#merges.push((attributes.ref ?? '').slice(0, 30));
    if (name === 'sheetData') this.#isInData = true;
    if (!this.#isInData) return;
    switch (name) {
      case 'row':
        this.#openRow(attributes);
        break;
      case 'c':
        this.#cell = this.#storedCell(attributes);
        break;
      case 'v':
        this.#value = '';
        this.#isInValue = true;
        break;
      case 'f':
        if (this.#cell !== undefined) this.#cell.isFormula = true;
        break;
      default:
        this.#collector.open(name);
    }
  }

  /** Of what a cell holds, not of its formula. */
  text(text: string): void {
    if (this.#cell === undefined || !(this.#isInValue || this.#collector.isTaking)) return;
    this.#characters += text.length;
    if (this.#characters > this.#mostCharacters) this.#row.isTooLong = true;
    else if (this.#isInValue) this.#value += text;
    else this.#collector.add(text);
  }

  close(name: string): void {
    switch (name) {
      case 'v':
        this.#isInValue = false;
        break;
      case 'c':
        this.#closeCell();
        break;
      case 'sheetData':
        this.#isInData = false;
        break;
      case 'row':
        if (this.#isInData && (this.#row.cells.length > 0 || this.#row.isTooLong)) this.#rows.push(this.#row);
        break;
      default:
        this.#collector.close(name);
    }
  }

  /** A row and a cell need not say where they are: then they are behind the last one. */
  #openRow({ r, hidden }: Attributes): void {
    const line = r === undefined ? this.#row.line + 1 : Number(r);
    if (!Number.isInteger(line) || line < 1 || line > MAX_LINES) throw damagedWorkbook(this.#part);
    this.#row = { line, isHidden: isTrue(hidden), cells: [], isTooLong: false };
    this.#characters = 0;
    this.#column = -1;
  }

  #storedCell({ r, t = 'n', s = '0' }: Attributes): StoredCell | undefined {
    const column = r === undefined ? this.#column + 1 : columnOf(r);
    if (column === undefined || column >= MAX_COLUMNS || this.#row.cells.length >= MAX_COLUMNS) {
      throw damagedWorkbook(this.#part);
    }
    this.#column = column;
    if (column >= this.#mostColumns) return undefined;
    return {
      column,
      type: CELL_TYPES.find((type) => type === t) ?? 'str',
      style: Number(s),
      value: undefined,
      isFormula: false,
    };
  }

  #closeCell(): void {
    const cell = this.#cell;
    const text = this.#collector.take();
    const value = this.#value;
    this.#value = undefined;
    if (cell === undefined) return;
    this.#cell = undefined;
    const isText = cell.type === 'str' || cell.type === 'inlineStr';
    cell.value = text !== '' ? text : value !== undefined && isText ? unescapedText(value) : value;
    if (cell.value !== undefined || cell.isFormula) this.#row.cells.push(cell);
  }
}

function emptyRow(): StoredRow {
  return { line: 0, isHidden: false, cells: [], isTooLong: false };
}

const LETTER_A = 65;
const LETTER_Z = 90;

/** The column in a reference such as `C12`, from 0; undefined when there is none. */
function columnOf(reference: string): number | undefined {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const code = reference.charCodeAt(at);
    if (code < LETTER_A || code > LETTER_Z) break;
    column = column * 26 + (code - LETTER_A + 1);
    if (column > MAX_COLUMNS) return undefined;
  }
  return column === 0 ? undefined : column - 1;
}

/** Where a cell is, by a reference such as `C12`; undefined when it is none. */
export function placeOf(reference: string): { column: number; line: number } | undefined {
  const column = columnOf(reference);
  const line = Number(/\d+$/.exec(reference)?.[0]);
  return column === undefined || Number.isNaN(line) ? undefined : { column, line };
}
