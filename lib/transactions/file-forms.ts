import type { FieldDefinition, InputDefinition } from '../partners/definition.ts';
import { placeInWords } from './cell-place.ts';
import type { ColumnForm, DecidingCell } from './column-form.ts';
import type { Columns } from './columns.ts';
import type { FieldReader, RowReaders } from './field-readers.ts';
import { FormCensus } from './form-census.ts';
import { numberFormInWords } from './number-cells.ts';
import type { Rows } from './rows.ts';
import { seenText } from './seen-text.ts';
import type { InputCheck, Understood } from './understood.ts';
import { UnusableFileError } from './unusable-file.ts';

/** Rows with the columns of their file, from one of them on. */
export interface FoundRows {
  rows: Rows;
  columns: Columns;
  from: number;
  /** The name of their file, where there are several. */
  part?: string | undefined;
}

/** A column whose cells tell how it is written. */
interface FoundColumn {
  /** Which one of `valueFields` it is. */
  value: number;
  reader: FieldReader;
  form: ColumnForm;
}

/** What people are told of a column's form. */
type FormInWords = Pick<Understood['columns'][number], 'form' | 'decidedBy'>;

/** What is known of the cells of each such column. */
type Censuses = ReadonlyMap<FoundColumn, FormCensus>;

/** How the columns of one file are written: by its first rows where these decide, else by the whole file. */
export class FileForms {
  readonly #columns: Columns;
  readonly #found: readonly FoundColumn[];
  readonly #part: string | undefined;

  /** @param part the name of the file, where there are several */
  constructor({ values }: RowReaders, columns: Columns, part?: string) {
    this.#columns = columns;
    this.#part = part;
    this.#found = values.flatMap((reader, value) => {
      return reader.form === undefined ? [] : [{ value, reader, form: reader.form }];
    });
  }

  /** Decides what the rows from one of them on decide. */
  sample(rows: Rows, from: number): void {
    const censuses = this.#newCensuses();
    count(censuses, { rows, columns: this.#columns, from, part: this.#part });
    settle(censuses, this.#found);
  }

  /**
   * Decides how the columns are written that a row waits for.
   * @param again reads the file once more, or all of several
   * @throws UnusableFileError when nothing in the file decides
   */
  async decide(rows: Rows, row: number, again: () => AsyncIterable<FoundRows>): Promise<void> {
    const cells = rows.fields[row] ?? [];
    const texts = this.#found.filter(({ value }) => rows.typed?.[row]?.[placeIn(this.#columns, value)] === undefined);
    const waiting = () =>
      texts.filter(({ value, form }) => form.waitsFor(textIn(cells, placeIn(this.#columns, value))));
    this.sample(rows, row);
    if (waiting().length === 0) return;
    const censuses = await this.#readAll(again(), () => waiting().length === 0);
    for (const column of waiting()) {
      const problem = column.form.close(censuses.get(column) ?? new FormCensus());
      if (problem !== undefined) throw new UnusableFileError(`${column.reader.title} cannot be read: ${problem}`);
    }
  }

  /** Finds the lines of the cells that decided while these rows were read. */
  locate({ fields, typed, lineOf }: Rows): void {
    for (const { value, form } of this.#found) {
      const place = placeIn(this.#columns, value);
      const by = form.inWords?.decidedBy;
      if (by === undefined || by.line !== undefined || by.column !== undefined) continue;
      const row = fields.findIndex(
        (cells, index) => typed?.[index]?.[place] === undefined && textIn(cells, place) === by.cell,
      );
      if (row >= 0) Object.assign(by, { line: lineOf(row), part: this.#part });
    }
  }

  /** How each of the fields is written, as far as that is known. @param names those of `valueFields` */
  inWords({ fields }: InputDefinition, names: readonly string[]): FormInWords[] {
    return names.map((field, value) => {
      const told = toldForm(fields[field]);
      const found = this.#found.find((column) => column.value === value)?.form.inWords;
      const { form, decidedBy } = told ?? (found && { form: found.form, decidedBy: wordsOf(found.decidedBy) }) ?? {};
      return { ...(form && { form }), ...(decidedBy && { decidedBy }) };
    });
  }

  /** What somebody should look at once the columns have been read. */
  get checks(): InputCheck[] {
    return this.#found.flatMap(({ form }) => form.checks);
  }

  #newCensuses(): Censuses {
    return new Map(this.#found.filter(({ form }) => form.isOpen).map((column) => [column, new FormCensus()]));
  }

  /** Reads a file until it has decided, or ends. */
  async #readAll(stretches: AsyncIterable<FoundRows>, isDecided: () => boolean): Promise<Censuses> {
    const censuses = this.#newCensuses();
    for await (const stretch of stretches) {
      count(censuses, stretch);
      settle(censuses, this.#found);
      if (isDecided()) break;
    }
    return censuses;
  }
}

function count(censuses: Censuses, { rows, columns, from, part }: FoundRows): void {
  for (const [{ value, reader, form }, census] of censuses) {
    const place = placeIn(columns, value);
    for (let row = from; row < rows.fields.length; row++) {
      const cells = rows.fields[row] ?? [];
      const cell = textIn(cells, place);
      if (cells.length !== columns.width || rows.typed?.[row]?.[place] !== undefined || reader.blanks.has(cell))
        continue;
      const forms = form.formsOf(cell);
      if (forms !== 0) census.add(forms, cell, () => ({ line: rows.lineOf(row), part }));
    }
  }
}

function placeIn({ values }: Columns, value: number): number {
  return values[value] ?? 0;
}

/** The text of a cell as it is read. */
function textIn(cells: readonly string[], place: number): string {
  return seenText((cells[place] ?? '').trim());
}

function settle(censuses: Censuses, found: readonly FoundColumn[]): void {
  const forms = found.map(({ form }) => form);
  for (const [{ form }, census] of censuses) form.settle(census, forms);
}

function wordsOf(by: DecidingCell | undefined): string | undefined {
  if (by === undefined) return undefined;
  const cell = by.column === undefined ? by.cell : `${by.cell} in ${by.column}`;
  return by.line === undefined ? cell : `${placeInWords({ line: by.line, part: by.part })}: ${cell}`;
}

/** How the partner's file says that a column is written. */
function toldForm(field: FieldDefinition | undefined): { form: string; decidedBy: string } | undefined {
  const form = field && (field.format ?? numberFormInWords(field));
  return form === undefined ? undefined : { form, decidedBy: THE_PARTNER_FILE };
}

const THE_PARTNER_FILE = 'the partner file';
