import { excerpt } from '../excerpt.ts';
import { type FieldDefinition, type InputDefinition, MEMBER } from '../partners/definition.ts';
import { nearestName } from '../partners/nearest.ts';
import { HeaderNames, type Title, titleOf } from '../partners/titles.ts';
import { titleInMessages } from './field-readers.ts';
import type { Separator } from './separators.ts';
import { valueFields } from './transaction.ts';
import { UnusableFileError } from './unusable-file.ts';

/** Where the column of each field is, counted from 0, and how many fields a row has. */
export interface Columns {
  /** As it stands in the file. */
  header: readonly string[];
  member: number;
  /** Of each of `valueFields`. */
  values: readonly number[];
  width: number;
  separator: Separator;
}

/** A column that a file must have. */
interface NeededColumn {
  /** What messages call it. */
  title: string;
  written: readonly string[];
  titles: readonly Title[];
}

/** The columns that a file must have, the member's first, then one for each of `valueFields`. */
export class NeededColumns {
  readonly #columns: readonly NeededColumn[];

  constructor(input: InputDefinition) {
    this.#columns = [MEMBER, ...valueFields(input)].flatMap((name) => neededColumn(input.fields[name]));
  }

  /** How many of them are among these names. */
  namedAmong(names: readonly string[]): number {
    return this.#columns.length - this.#missing(new HeaderNames(names)).length;
  }

  /**
   * Finds them in a header row.
   * @param mostColumns how many columns a header may have
   * @throws UnusableFileError when the row is no header, has too many columns, or a needed one is missing or there twice
   */
  find(header: readonly string[], separator: Separator, mostColumns: number): Columns {
    if (header.length > mostColumns) {
      throw new UnusableFileError(
        `too many columns: the header has ${header.length}, and ${mostColumns} are the most that is read`,
      );
    }
    const headerNames = new HeaderNames(header);
    const missing = this.#missing(headerNames);
    const names = missing.map(({ title }) => title).join(', ');
    if (missing.length === this.#columns.length) {
      throw new UnusableFileError(
        `no header: the first line must name the columns ${names}, but it is ${quoted(header.join(separator))}`,
      );
    }
    if (missing.length > 0) {
      const hints = missing.map((column) => this.#hint(column, header)).join('');
      throw new UnusableFileError(
        `${names} missing from the header, which is ${quoted(header.join(separator))}${hints}`,
      );
    }
    const [member = 0, ...values] = this.#columns.map((column) => placeOf(column, headerNames));
    return { header, member, values, width: header.length, separator };
  }

  #missing(names: HeaderNames): NeededColumn[] {
    return this.#columns.filter(({ titles }) => !names.has(titles));
  }

  /** What a missing column was looked for as, where that is more than its title, and which column may be meant. */
  #hint({ title, written }: NeededColumn, header: readonly string[]): string {
    const used = new Set(this.#columns.flatMap(({ titles }) => new HeaderNames(header).placesOf(titles)));
    const others = header.filter((_, place) => !used.has(place));
    const nearest = written.map((one) => nearestName(one, others)).find((name) => name !== undefined);
    const or = new Intl.ListFormat('en-GB', { type: 'disjunction' });
    const lookedFor = written.length > 1 ? ` was looked for as ${or.format(written)}` : '';
    if (nearest === undefined) return lookedFor && `; ${title}${lookedFor}`;
    return `; ${title}${lookedFor}${lookedFor && ', and'} may be ${quoted(nearest)}`;
  }
}

function neededColumn(field: FieldDefinition | undefined): NeededColumn[] {
  if (field === undefined) return [];
  return [{ title: titleInMessages(field), written: field.titles, titles: field.titles.map(titleOf) }];
}

function placeOf({ title, titles }: NeededColumn, names: HeaderNames): number {
  const [place = 0, another] = names.placesOf(titles);
  if (another === undefined) return place;
  throw new UnusableFileError(`${title} is in the header more than once: it is not clear which one counts`);
}

const MAX_QUOTE_LENGTH = 200;

/** A text of the file as it can be shown in a message: printable and not endless. */
function quoted(text: string): string {
  return JSON.stringify(excerpt(text.replace(/\p{C}/gu, '\uFFFD'), MAX_QUOTE_LENGTH));
}
