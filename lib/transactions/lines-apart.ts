import { counted } from '../counted.ts';
import { excerpt, shownText } from '../excerpt.ts';
import type { Columns, NeededColumns } from './columns.ts';
import type { RejectedRow } from './row-account.ts';
import type { Rows } from './rows.ts';
import { isDrawn, isToolText } from './tool-lines.ts';
import { totalWordIn } from './total-words.ts';
import { TIME_VALUE } from './transaction.ts';
import { BLANK_LINES, type InputCheck, skipLines, type Understood } from './understood.ts';

const ABOVE = 'lines above the header';
const COMMENTS = 'comment lines';
const HEADER_AGAIN = 'the header again';
const TOTALS = 'lines of totals';
const TOOL_LINES = 'lines of the tool that wrote the file';

/** More lines than these are counted and not quoted. */
const QUOTED_LINES = 5;
const MAX_QUOTE_LENGTH = 80;

/** A line as it stands in the file. */
type Line = Pick<RejectedRow, 'line' | 'raw'>;

/**
 * Tells lines that are no rows from rows: of those above the header, and of those that cannot be read as a row. What may
 * be a member's row is never among them.
 */
export class LinesApart {
  readonly #columns: Columns;
  readonly #needed: NeededColumns;
  readonly #understood: Understood;
  readonly #names: ReadonlySet<string>;
  readonly #quoted = new Map<string, Line[]>();
  #hasHashIds = false;
  #withoutEnd = 0;
  #withSeparators = 0;
  #withSplitDate = 0;
  #inQuotes = 0;
  #firstQuote = 0;

  constructor(columns: Columns, needed: NeededColumns, understood: Understood) {
    this.#columns = columns;
    this.#needed = needed;
    this.#understood = understood;
    this.#names = new Set(columns.header.map((name) => name.trim()));
  }

  /** Skips the lines above the header. @returns those that may be rows all the same, to be rejected */
  readAbove(above: Rows | undefined): RejectedRow[] {
    if (above === undefined) return [];
    const rejected: RejectedRow[] = [];
    const lines = [
      ...above.malformed.map(({ line, raw }) => ({ line, raw, cells: [raw] })),
      ...above.fields.map((cells, row) => ({ line: above.lineOf(row), raw: above.rawOf(row), cells })),
    ];
    for (const { line, raw, cells } of lines.toSorted((one, other) => one.line - other.line)) {
      if (isBlank(cells)) this.#skip(BLANK_LINES, cells);
      else if (isComment(cells)) this.#skip(COMMENTS, cells);
      else if (this.#mayBeRow(cells)) rejected.push({ line, problem: STANDS_ABOVE, reason: STANDS_ABOVE, raw });
      else this.#skip(ABOVE, cells, { line, raw });
    }
    return rejected;
  }

  /** Skips a line that cannot be read as a row, when it is none. @returns whether it is none */
  skips(cells: readonly string[], rows: Rows, row: number): boolean {
    if (isBlank(cells)) return this.#skip(BLANK_LINES, cells);
    if (this.#isCommentBelow(cells) && (cells.length < this.#columns.width || isBlank(cells.slice(1))))
      return this.#skip(COMMENTS, cells, lineOf(rows, row));
    if (this.#isHeaderAgain(cells)) return this.#skip(HEADER_AGAIN, cells);
    const isToolLine = cells.length < this.#columns.width && isToolText(rows.rawOf(row));
    if (isToolLine || isDrawn(cells)) return this.#skip(TOOL_LINES, cells, lineOf(rows, row));
    return false;
  }

  /** Skips a line whose quotes break the rules, when it is a comment. @returns whether it is one */
  skipsBroken({ line, raw }: RejectedRow): boolean {
    const { separator, width } = this.#columns;
    if (!this.#isCommentBelow([raw]) || raw.split(separator).length >= width) return false;
    return this.#skip(COMMENTS, [raw], { line, raw });
  }

  /** Skips a line with a word such as Total for its member, and no time. @returns whether it is one */
  skipsTotals(cells: readonly string[], rows: Rows, row: number): boolean {
    const { member, values } = this.#columns;
    if ((cells[values[TIME_VALUE] ?? 0] ?? '').trim() !== '') return false;
    const word = totalWordIn(cells[member] ?? '');
    if (word === undefined || (word === 'figure' && this.#hasNoValue(cells))) return false;
    return this.#skip(TOTALS, cells, lineOf(rows, row));
  }

  /** Takes note of a member whose id begins as comments do. */
  acceptHashId(): void {
    this.#hasHashIds = true;
  }

  /** Counts an accepted row that has another number of fields than the header. */
  countOtherWidth(fields: number): void {
    if (fields > this.#columns.width) this.#withSeparators += 1;
    else if (fields < this.#columns.titled) this.#withoutEnd += 1;
  }

  /** Counts a row whose date holds the separator. */
  countSplitDate(): void {
    this.#withSplitDate += 1;
  }

  /** Counts lines in quotes that look like rows. @param line at which the row begins that they are in */
  countInQuotes(lines: number, line: number): void {
    if (this.#inQuotes === 0) this.#firstQuote = line;
    this.#inQuotes += lines;
  }

  /** Notes what was found once the file has been read. */
  finish(): void {
    const { notes, checks } = this.#understood;
    if (this.#inQuotes > 0) checks.push(quotesCheck(this.#inQuotes, this.#firstQuote));
    for (const [what, quotes] of this.#quoted) notes.push(`Skipped as ${what}: ${listed(quotes)}.`);
    if (this.#withoutEnd > 0)
      notes.push(`Of ${counted(this.#withoutEnd, 'row')}, the last cells are left out: they are read as blank.`);
    if (this.#withSeparators > 0)
      notes.push(
        `At the end of ${counted(this.#withSeparators, 'row')} stand separators that the header does not have.`,
      );
    if (this.#withSplitDate > 0)
      notes.push(
        `In ${counted(this.#withSplitDate, 'row')}, the comma of a date without quotes was not taken for a separator.`,
      );
  }

  #skip(what: string, cells: readonly string[], quote?: Line): true {
    skipLines(this.#understood, what, linesOf(cells));
    if (quote === undefined) return true;
    const quotes = this.#quoted.get(what) ?? [];
    this.#quoted.set(what, quotes);
    if (quotes.length <= QUOTED_LINES) quotes.push(quote);
    return true;
  }

  /** Where ids begin with # as well, only a blank behind it tells a comment. */
  #isCommentBelow(cells: readonly string[]): boolean {
    return isComment(cells) && (!this.#hasHashIds || /^\s*#\s/.test(cells[0] ?? ''));
  }

  /** As in the row of a member without transactions. */
  #hasNoValue(cells: readonly string[]): boolean {
    return this.#columns.values.every((place) => (cells[place] ?? '').trim() === '');
  }

  #mayBeRow(cells: readonly string[]): boolean {
    const { member, values, width } = this.#columns;
    const needed = [member, values[TIME_VALUE] ?? 0];
    return width > 1 && cells.length === width && needed.every((place) => cells[place]?.trim() !== '');
  }

  /** By one of its cells first, because hardly any row that is rejected is the header. */
  #isHeaderAgain(cells: readonly string[]): boolean {
    const { member, values } = this.#columns;
    if (!this.#names.has((cells[member] ?? '').trim())) return false;
    const places = this.#needed.placesIn(cells);
    return [member, ...values].every((place, index) => places[index] === place);
  }
}

const STANDS_ABOVE = 'stands above the header';

/** A line with nothing on it, or nothing but separators. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function isComment([first = '']: readonly string[]): boolean {
  return first.trimStart().startsWith('#');
}

/** How many lines a row takes. */
function linesOf(cells: readonly string[]): number {
  return cells.reduce((lines, cell) => lines + cell.split('\n').length - 1, 1);
}

function quotesCheck(lines: number, line: number): InputCheck {
  return {
    about: 'quotes',
    count: `${counted(lines, 'line')} in quotes ${lines === 1 ? 'looks like a row' : 'look like rows'}`,
    advice: `Line ${line} opens a quote that a later line closes, and what is in between is part of one cell. Where it is rows, mend the quotes.`,
  };
}

export function lineOf(rows: Rows, row: number): Line {
  return { line: rows.lineOf(row), raw: rows.rawOf(row) };
}

/** A line as people are shown it. */
export function quotedLine({ line, raw }: Line): string {
  return `line ${line}: ${JSON.stringify(excerpt(shownText(raw), MAX_QUOTE_LENGTH))}`;
}

/** Lines that are no CSV come before the others of their stretch. */
function listed(lines: readonly Line[]): string {
  const inOrder = lines.toSorted((one, other) => one.line - other.line).map(quotedLine);
  const shown = inOrder.slice(0, QUOTED_LINES).join(', ');
  return lines.length > QUOTED_LINES ? `${shown}, and others` : shown;
}
