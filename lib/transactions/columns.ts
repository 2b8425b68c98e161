import { excerpt, shownText } from '../excerpt.ts';
import { type FieldDefinition, type InputDefinition, MEMBER } from '../partners/definition.ts';
import { nearestName } from '../partners/nearest.ts';
import { HeaderNames, type Title, titleOf } from '../partners/titles.ts';
import type { Separator } from './separators.ts';
import { titleInMessages, valueFields } from './transaction.ts';
import { UnusableFileError } from './unusable-file.ts';

/** The header is looked for among so many lines, from the first on that is not blank. */
export const HEADER_WITHIN_LINES = 50;

/** Where the column of each field is, counted from 0, and how many fields a row has. */
export interface Columns {
  /** As it stands in the file. */
  header: readonly string[];
  member: number;
  /** Of each of `valueFields`. */
  values: readonly number[];
  width: number;
  /** How many there are up to the last that has a name. */
  titled: number;
  separator: Separator;
}

/** What tells a header from other rows: how many columns that are looked for it names, and where. */
export type NamedColumns = Pick<NeededColumns, 'count' | 'namedAmong' | 'placesIn'>;

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

  get count(): number {
    return this.#columns.length;
  }

  /** The places of those that are among these names. */
  placesIn(names: readonly string[]): number[] {
    const headerNames = new HeaderNames(names);
    return this.#columns.flatMap(({ titles }) => headerNames.placesOf(titles));
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
    if (isInSingleQuotes(header)) throw new UnusableFileError(IN_SINGLE_QUOTES);
    const headerNames = new HeaderNames(header);
    const missing = this.#missing(headerNames);
    const names = missing.map(({ title }) => title).join(', ');
    if (missing.length === this.#columns.length) {
      throw new UnusableFileError(
        this.#inQuotes(header, separator) ?? this.#otherSeparator(header) ?? noHeader(names, header, separator),
      );
    }
    if (missing.length > 0) {
      const hints = missing.map((column) => this.#hint(column, header)).join('') + encodingHint(header);
      throw new UnusableFileError(
        `${names} missing from the header, which is ${quoted(header.join(separator))}${hints}`,
      );
    }
    const [member = 0, ...values] = this.#columns.map((column) => placeOf(column, headerNames));
    return { header, member, values, width: header.length, titled: titledAmong(header), separator };
  }

  /** Says which separator a header has that is none of those that are tried. */
  #otherSeparator(header: readonly string[]): string | undefined {
    const [line = ''] = header;
    if (header.length > 1) return undefined;
    const separator = [...new Set(line)].find(
      (character) => MAY_SEPARATE.test(character) && this.namedAmong(line.split(character)) === this.count,
    );
    if (separator === undefined) return undefined;
    const shown = JSON.stringify(separator);
    return `the fields are separated by ${shown}, which is not tried by itself: set delimiter: ${shown} in the partner file, under input`;
  }

  #inQuotes([line = '', ...others]: readonly string[], separator: Separator): string | undefined {
    if (others.length > 0 || this.namedAmong(line.split(separator)) < this.count) return undefined;
    return `${EVERY_LINE_IN_QUOTES}, as the header is: ${quoted(line)}`;
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

/** How many columns a header has up to the last that has a name. */
export function titledAmong(header: readonly string[]): number {
  return header.findLastIndex((name) => name.trim() !== '') + 1;
}

function neededColumn(field: FieldDefinition | undefined): NeededColumn[] {
  if (field === undefined) return [];
  return [{ title: titleInMessages(field), written: field.titles, titles: field.titles.map(titleOf) }];
}

function placeOf({ title, titles }: NeededColumn, names: HeaderNames): number {
  const places = names.placesOf(titles);
  const [place = 0] = places;
  if (places.length === 1) return place;
  const columns = new Intl.ListFormat('en-GB').format(places.map((one) => String(one + 1)));
  throw new UnusableFileError(
    `${title} is in the header more than once, as columns ${columns}: it is not clear which one counts; rename the others`,
  );
}

/** What messages say of such a file. */
export const EVERY_LINE_IN_QUOTES =
  'every line is in one pair of quotes, which makes it one field; save the file without these quotes';

/** What may stand between fields and is not tried by itself. */
const MAY_SEPARATE = /[^\p{L}\p{N}\p{Z}"']/u;

const IN_SINGLE_QUOTES =
  "the fields are in single quotes, as in 'A','B', which are none in a CSV; save the file with double quotes, or without";

/** Bytes that are not UTF-8 in a name may be why it is not found. */
function encodingHint(header: readonly string[]): string {
  if (!header.some((name) => name.includes('\uFFFD'))) return '';
  return '; the header holds bytes that are not UTF-8: name the encoding in the partner file, such as encoding: Windows-1252';
}

function isInSingleQuotes(header: readonly string[]): boolean {
  const names = header.map((name) => name.trim()).filter((name) => name !== '');
  return names.length > 0 && names.every((name) => /^'.*'$/.test(name));
}

function noHeader(names: string, header: readonly string[], separator: Separator): string {
  return `no header: one of the first ${HEADER_WITHIN_LINES} lines must name the columns ${names}, but the first is ${quoted(header.join(separator))}`;
}

const MAX_QUOTE_LENGTH = 200;

/** A text of the file as it can be shown in a message: printable and not endless. */
function quoted(text: string): string {
  return JSON.stringify(excerpt(shownText(text), MAX_QUOTE_LENGTH));
}
