import { DATE_ORDERS } from '../../lib/partners/date-format.ts';
import { type FieldDefinition, MEMBER, TIME } from '../../lib/partners/definition.ts';
import { Blanks } from '../../lib/transactions/blanks.ts';
import type { CellReader, ColumnForm } from '../../lib/transactions/column-form.ts';
import { FormCensus } from '../../lib/transactions/form-census.ts';
import { NumberForm } from '../../lib/transactions/number-form.ts';
import { TimeForm } from '../../lib/transactions/time-form.ts';
import { USUAL_BLANKS } from './usual-blanks.ts';

/** A column of a file: its name in the header, and its cells in the first rows. */
export interface SampleColumn {
  title: string;
  cells: readonly string[];
}

/** A field that a column may be, and the name for it. */
export interface GuessedField {
  name: string;
  field: FieldDefinition;
}

/** What the columns of a file may be. */
export interface Guess {
  /** The member and the time first. */
  fields: readonly GuessedField[];
  /** Columns that no field was made of. */
  unused: readonly string[];
}

/** What cannot be guessed: the message says what there would have to be. */
export class GuessError extends Error {
  override name = 'GuessError';
}

const MEMBER_NAME =
  /member|customer|client|kunde|user|account|guest|hu[eé]sped|socio|gast|mitglied|abonn|(^|[^a-z])id($|[^a-z])/i;
const TIME_NAME = /time|date|datum|fecha|ts$/i;

/** Real files have some cells that cannot be read. */
const LEAST_READ = 0.95;

/** A column with more values is not made an enum of. */
const MAX_VALUES = 12;

const blanks = new Blanks(USUAL_BLANKS);

/**
 * @param memberTitle of the column that tells members apart, where that is known
 * @throws GuessError when no column may be the member or the time
 */
export function guessFields(columns: readonly SampleColumn[], memberTitle?: string): Guess {
  const kinds = columns.map((column) => ({ column, field: fieldOf(column) }));
  const times = kinds.filter(({ field }) => field?.type === 'datetime');
  const time = times.find(({ column }) => TIME_NAME.test(column.title)) ?? times[0];
  const member =
    memberTitle === undefined
      ? (kinds.find((one) => one !== time && MEMBER_NAME.test(one.column.title)) ??
        kinds.find(({ field }) => field === undefined))
      : kinds.find(({ column }) => column.title === memberTitle);
  if (member === undefined) {
    throw new GuessError(
      memberTitle === undefined
        ? 'no column looks as if it told members apart: name it with --member TITLE'
        : `there is no column ${memberTitle}`,
    );
  }
  if (time?.field === undefined) throw new GuessError('no column looks like a date or time');
  const names = new Set([MEMBER, TIME, 'transactions']);
  const others = kinds.filter((one) => one !== member && one !== time);
  return {
    fields: [
      { name: MEMBER, field: { titles: [member.column.title], type: 'string', required: true } },
      { name: TIME, field: { ...time.field, required: true } },
      ...others.flatMap(({ column, field }) =>
        field === undefined ? [] : [{ name: nameFor(column.title, names), field }],
      ),
    ],
    unused: others.flatMap(({ column, field }) => (field === undefined ? [column.title] : [])),
  };
}

/** What a column may be; undefined for a text that may be anything. */
function fieldOf({ title, cells }: SampleColumn): FieldDefinition | undefined {
  const values = cells.map((cell) => cell.trim()).filter((cell) => !blanks.has(cell));
  if (values.length === 0) return undefined;
  const titles = [title];
  const number = numberField({ titles, type: 'number' }, values);
  if (number !== undefined) return number;
  const time = timeField({ titles, type: 'datetime' }, values);
  if (time !== undefined) return time;
  const distinct = new Map(values.map((value) => [value.toLowerCase(), value]));
  const isEnum = distinct.size <= MAX_VALUES && distinct.size <= values.length / 2;
  return isEnum
    ? { titles, type: 'string', enum: Object.fromEntries([...distinct.values()].map((value) => [value, []])) }
    : undefined;
}

/** A field, and how its cells are read. */
interface Candidate {
  field: FieldDefinition;
  read: CellReader;
}

/** What the column of another file may not decide is written down, where the cells of this one decide it. */
function numberField(field: FieldDefinition, cells: readonly string[]): FieldDefinition | undefined {
  const form = new NumberForm(field);
  const { decimalChar } = isDecided(form, cells) ? form : {};
  const told = decimalChar === undefined ? field : { ...field, decimalChar };
  return bestOf([{ field: told, read: undecidedAsRead(form) }], cells);
}

function timeField(field: FieldDefinition, cells: readonly string[]): FieldDefinition | undefined {
  const form = new TimeForm(field);
  const told = isDecided(form, cells) && form.inWords !== undefined ? DATE_ORDERS : [];
  const candidates = told.map((format): Candidate => {
    const candidate = { ...field, format };
    return { field: candidate, read: new TimeForm(candidate).read };
  });
  return bestOf([...candidates, { field, read: undecidedAsRead(form) }], cells);
}

/** Whether cells decide how their column is written, as far as there is something to decide. */
function isDecided(form: ColumnForm, cells: readonly string[]): boolean {
  const census = new FormCensus();
  for (const [row, cell] of cells.entries()) {
    const forms = form.formsOf(cell);
    if (forms !== 0) census.add(forms, cell, () => ({ line: row }));
  }
  form.settle(census, []);
  return !cells.some((cell) => form.waitsFor(cell));
}

/** A column that is not decided is one of its kind all the same: whoever drops a file is told what to write. */
function undecidedAsRead(form: ColumnForm): CellReader {
  return (cell) => (form.waitsFor(cell) ? 0 : form.read(cell));
}

/** Of the fields that read nearly all cells the first that reads most of them. */
function bestOf(candidates: readonly Candidate[], cells: readonly string[]): FieldDefinition | undefined {
  const shares = candidates.map(({ read }) => cells.filter((cell) => !Number.isNaN(read(cell))).length / cells.length);
  const most = Math.max(...shares);
  return most < LEAST_READ ? undefined : candidates[shares.indexOf(most)]?.field;
}

/** A short name that is not taken: `lastTransactionType` for LAST_TRANSACTION_TYPE. */
function nameFor(title: string, taken: Set<string>): string {
  const words = title.match(/\p{L}+|\p{N}+/gu) ?? ['field'];
  const base = words
    .map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
    .map((word, place) => (place === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('');
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
  taken.add(name);
  return name;
}
