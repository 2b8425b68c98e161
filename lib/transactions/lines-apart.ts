import { counted } from '../counted.ts';
import { excerpt } from '../excerpt.ts';
import type { Columns, NeededColumns } from './columns.ts';
import type { RejectedRow } from './row-account.ts';
import type { Rows } from './rows.ts';
import { TIME_VALUE } from './transaction.ts';
import { BLANK_LINES, type InputCheck, skipLines, type Understood } from './understood.ts';

const ABOVE = 'lines above the header';
const COMMENTS = 'comment lines';
const HEADER_AGAIN = 'the header again';
const TOTALS = 'lines of totals';

/** What stands in place of a member in a line of totals, without case and punctuation. */
const TOTAL_WORDS: ReadonlySet<string> = new Set(
  [
    ['total', 'totals', 'grand total', 'subtotal', 'sub total', 'overall total', 'sum', 'overall'],
    ['summe', 'gesamt', 'gesamtsumme', 'zwischensumme', 'insgesamt'],
    ['somme', 'total général', 'total general', 'sous total', 'totale', 'totale complessivo', 'somma'],
    [
      'suma',
      'suma total',
      'gran total',
      'total geral',
      'soma',
      'totaal',
      'eindtotaal',
      'łącznie',
      'итого',
      '合計',
      '总计',
    ],
  ].flat(),
);

/** More lines than these are counted and not quoted. */
const QUOTED_LINES = 5;
const MAX_QUOTE_LENGTH = 80;

/**
 * Tells lines that are no rows from rows: of those above the header, and of those that cannot be read as a row. What may
 * be a member's row is never among them.
 */
export class LinesApart {
  readonly #columns: Columns;
  readonly #needed: NeededColumns;
  readonly #understood: Understood;
  readonly #names: ReadonlySet<string>;
  readonly #quoted = new Map<string, string[]>();
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
      else this.#skip(ABOVE, cells, `line ${line}: ${quoted(raw)}`);
    }
    return rejected;
  }

  /** Skips a line that cannot be read as a row, when it is none. @returns whether it is none */
  skips(cells: readonly string[]): boolean {
    if (isBlank(cells)) return this.#skip(BLANK_LINES, cells);
    if (isComment(cells) && (cells.length < this.#columns.width || isBlank(cells.slice(1))))
      return this.#skip(COMMENTS, cells);
    if (this.#isHeaderAgain(cells)) return this.#skip(HEADER_AGAIN, cells);
    return false;
  }

  /** Skips a line whose quotes break the rules, when it is a comment. @returns whether it is one */
  skipsBroken({ raw }: RejectedRow): boolean {
    const { separator, width } = this.#columns;
    return isComment([raw]) && raw.split(separator).length < width && this.#skip(COMMENTS, [raw]);
  }

  /** Skips a line with a word such as Total for its member, and no time. @returns whether it is one */
  skipsTotals(cells: readonly string[], rows: Rows, row: number): boolean {
    const { member, values } = this.#columns;
    if ((cells[values[TIME_VALUE] ?? 0] ?? '').trim() !== '' || !isTotalWord(cells[member] ?? '')) return false;
    return this.#skip(TOTALS, cells, `line ${rows.lineOf(row)}: ${quoted(rows.rawOf(row))}`);
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

  #skip(what: string, cells: readonly string[], quote?: string): true {
    skipLines(this.#understood, what, linesOf(cells));
    if (quote === undefined) return true;
    const quotes = this.#quoted.get(what) ?? [];
    this.#quoted.set(what, quotes);
    if (quotes.length <= QUOTED_LINES) quotes.push(quote);
    return true;
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

function isTotalWord(cell: string): boolean {
  const words = cell.toLowerCase().replaceAll(/[^\p{L}\p{M}]+/gu, ' ');
  return TOTAL_WORDS.has(words.trim());
}

function quoted(raw: string): string {
  return JSON.stringify(excerpt(raw.replace(/\p{C}/gu, '\uFFFD'), MAX_QUOTE_LENGTH));
}

function listed(quotes: readonly string[]): string {
  const shown = quotes.slice(0, QUOTED_LINES).join(', ');
  return quotes.length > QUOTED_LINES ? `${shown}, and others` : shown;
}
