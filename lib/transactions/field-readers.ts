import { dateOrderOf } from '../partners/date-format.ts';
import { type FieldDefinition, type InputDefinition, MEMBER, TIME } from '../partners/definition.ts';
import { Blanks } from './blanks.ts';
import { type Calendar, calendarOf, calendarOfFile } from './calendar.ts';
import { parseTime } from './cells.ts';
import type { CellReader, ColumnForm, TypedCellReader } from './column-form.ts';
import { numberFormInWords, numberProblem, numberReader, typedNumberReader } from './number-cells.ts';
import { NumberForm, saysDecimalSignAlone } from './number-form.ts';
import { formattedTimeReader } from './time-cells.ts';
import { TimeForm } from './time-form.ts';
import { codeOf, NO_CODE, titleInMessages, valueFields } from './transaction.ts';
import { typedTimeReader } from './typed-times.ts';

/** How the cells of one field are read. */
export interface FieldReader {
  /** What messages call it. */
  title: string;
  blanks: Blanks;
  isRequired: boolean;
  /** What a blank cell is read as. */
  whenBlank: number;
  read: CellReader;
  /** The same of a cell of a workbook that is no text. @param text that people see */
  readTyped: TypedCellReader;
  /** What is wrong with a cell that cannot be read, as the end of a sentence. */
  problemOf(cell: string): string;
  /** Where the whole column tells how its cells are written. */
  form?: ColumnForm;
}

/** How rows are read: a reader for each of `valueFields`, and what is known of the member. */
export interface RowReaders {
  member: Pick<FieldReader, 'title' | 'blanks'>;
  values: readonly FieldReader[];
  /** Tells on which day a row's time is. */
  calendar: Calendar;
}

/**
 * Makes the readers of a file's rows, once for all of them.
 * @param asOfDay after which no transaction may be, days since the epoch; undefined where they may be of any day
 */
export function rowReaders(input: InputDefinition, asOfDay?: number): RowReaders {
  const { fields, missingValues } = input;
  const blanks = new Blanks(missingValues);
  const blanksOf = (field: FieldDefinition | undefined) =>
    field?.missingValues === undefined ? blanks : new Blanks(field.missingValues);
  const values = valueFields(input).flatMap((name): FieldReader[] => {
    const field = fields[name];
    return field === undefined
      ? []
      : [{ ...fieldReader(field, name === TIME ? asOfDay : undefined), blanks: blanksOf(field) }];
  });
  const member = { title: titleInMessages(fields[MEMBER]), blanks: blanksOf(fields[MEMBER]) };
  return { member, values, calendar: calendarOfFile(input) };
}

function fieldReader(field: FieldDefinition, asOfDay: number | undefined): Omit<FieldReader, 'blanks'> {
  const common = { title: titleInMessages(field), isRequired: field.required === true };
  switch (field.type) {
    case 'number':
      return {
        ...common,
        whenBlank: Number(field.default ?? Number.NaN),
        ...numberCells(field),
      };
    case 'datetime':
      return { ...common, whenBlank: timeWhenBlank(field), ...timeCells(field, asOfDay) };
    case 'string': {
      const problem = enumProblem(field);
      const read = enumReader(field);
      const readTyped: TypedCellReader = (_, text) => read(text);
      return { ...common, whenBlank: codeWhenBlank(field), read, readTyped, problemOf: () => problem };
    }
  }
}

function timeWhenBlank(field: FieldDefinition): number {
  const clocks = parseTime(String(field.default ?? ''));
  return clocks === undefined ? Number.NaN : calendarOf(field).instantOf(clocks);
}

type ReaderOfCells = Pick<FieldReader, 'read' | 'readTyped' | 'problemOf' | 'form'>;

function timeCells(field: FieldDefinition, asOfDay: number | undefined): ReaderOfCells {
  const { format } = field;
  if (format === undefined || dateOrderOf(format) !== undefined) return formReader(new TimeForm(field, asOfDay));
  const read = formattedTimeReader(format, calendarOf(field));
  const problem = `is not a date or time as ${format} reads it`;
  return { read, readTyped: typedTimeReader(read, calendarOf(field), format), problemOf: () => problem };
}

function numberCells(field: FieldDefinition): ReaderOfCells {
  if (numberFormInWords(field) === undefined || saysDecimalSignAlone(field)) return formReader(new NumberForm(field));
  return { read: numberReader(field), readTyped: typedNumberReader(field), problemOf: numberProblem(field) };
}

function formReader(form: ColumnForm): ReaderOfCells {
  return { read: form.read, readTyped: form.readTyped, problemOf: (cell) => form.problemOf(cell), form };
}

function codeWhenBlank(field: FieldDefinition): number {
  return field.default === undefined ? NO_CODE : codeOf(field, String(field.default));
}

function enumReader(field: FieldDefinition): CellReader {
  const codes = new Map<string, number>();
  for (const [value, spellings] of Object.entries(field.enum ?? {})) {
    for (const spelling of [value, ...spellings]) codes.set(spelling.trim().toLowerCase(), codeOf(field, value));
  }
  return (cell) => codes.get(cell) ?? codes.get(cell.toLowerCase()) ?? Number.NaN;
}

/** More would not be read. */
const VALUES_SHOWN = 10;

function enumProblem({ enum: values = {} }: FieldDefinition): string {
  const names = Object.keys(values);
  const shown = names.length > VALUES_SHOWN ? [...names.slice(0, VALUES_SHOWN), 'another of its values'] : names;
  return `is not ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(shown)}`;
}
