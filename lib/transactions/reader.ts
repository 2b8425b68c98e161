import { excerpt } from '../excerpt.ts';
import { type InputDefinition, MEMBER } from '../partners/definition.ts';
import { type Columns, EVERY_LINE_IN_QUOTES, NeededColumns } from './columns.ts';
import { readCsv } from './csv.ts';
import { type FieldReader, type RowReaders, rowReaders } from './field-readers.ts';
import { FileForms, type FoundRows } from './file-forms.ts';
import { assertMembers, assertRejected, DEFAULT_LIMITS, type FileLimits, type Found } from './limits.ts';
import { isBlank, LinesApart } from './lines-apart.ts';
import { type IdChanges, idNotes } from './member-ids.ts';
import { OtherEncoding } from './other-encoding.ts';
import { PartFacts } from './part-facts.ts';
import { assertRows, type FilePart, type InputFile, inPart, type PartsOptions, partsOfAll } from './parts.ts';
import { RejectedMembers } from './rejected-members.ts';
import type { RejectedRow, RowCounts } from './row-account.ts';
import { LINE_IN_QUOTES, RowInterpreter, UNDECIDED } from './row-interpreter.ts';
import { NOT_UTF8, type Rows } from './rows.ts';
import { separatorName } from './separators.ts';
import { withWholeDate } from './split-dates.ts';
import { TIME_VALUE, type Transaction, titleInMessages, valueFields } from './transaction.ts';
import { BLANK_LINES, nothingUnderstood, skipLines, type Understood } from './understood.ts';
import { UntimedEnd } from './untimed-end.ts';
import { UnusableFileError } from './unusable-file.ts';

/** Takes accepted rows, in the order of the file; where a row came from can be asked while it is added. */
export interface TransactionSink {
  /** Members so far; a sink that does not tell may be given any number. */
  readonly size?: number;
  /** Memory that they take. */
  readonly bytes?: number;
  /** The transaction is another row's as soon as this returns. */
  add(transaction: Transaction, rows: Rows, row: number): void;
}

/** Takes rejected rows, in the order of the file; reading waits for it. */
export type RejectedRowSink = (rows: readonly RejectedRow[]) => Promise<void>;

/** How a file is read. */
export interface Reading {
  input: InputDefinition;
  /** Days since the epoch, UTC. */
  asOfDay: number;
  reject: RejectedRowSink;
  limits?: FileLimits;
}

/** With what a comment begins. */
const HASH = 35;

/** A name that is longer has what no name needs. */
const MAX_HEADER_LENGTH = 60;

/** Reads a file's transactions and accounts for every row. */
export class TransactionReader {
  readonly #transactions: TransactionSink;
  readonly #reject: RejectedRowSink;
  readonly #input: InputDefinition;
  readonly #needed: NeededColumns;
  readonly #readers: RowReaders;
  readonly #asOfDay: number;
  readonly #limits: FileLimits;
  #interpreter: RowInterpreter | undefined;
  #forms: FileForms | undefined;
  readonly #idChanges: IdChanges = { invisible: 0, decomposed: 0 };
  #lines: LinesApart | undefined;
  readonly #encoding = new OtherEncoding();
  readonly #untimedEnd = new UntimedEnd();
  /** How many rows were accepted of the parts before the one at hand. */
  #acceptedBefore = 0;
  /** Rows that are in one pair of quotes. */
  #inQuotes = 0;
  #firstRejected: RejectedRow | undefined;
  #columns: Columns | undefined;
  #part: FilePart | undefined;
  /** What has been found out about the file so far. */
  readonly understood: Understood = nothingUnderstood();
  /** Whose rows were rejected. */
  readonly rejectedMembers = new RejectedMembers();
  readonly counts: RowCounts = { read: 0, accepted: 0, rejected: 0, imputed: 0 };

  constructor(transactions: TransactionSink, { input, asOfDay, reject, limits = DEFAULT_LIMITS }: Reading) {
    this.#transactions = transactions;
    this.#input = input;
    this.#needed = new NeededColumns(input);
    this.#readers = rowReaders(input, asOfDay);
    this.#asOfDay = asOfDay;
    this.#reject = reject;
    this.#limits = limits;
  }

  /** Where the needed columns are; undefined until the header has been read. */
  get columns(): Columns | undefined {
    return this.#columns;
  }

  /** Which of several files or CSVs is being read; undefined where there is one without a name. */
  get partName(): string | undefined {
    return this.#part?.name;
  }

  /**
   * @param files are read as one, in order
   * @throws UnusableFileError when the file cannot be read as such a CSV, names more members than it may, or no row
   *   of it was accepted or too many were rejected
   */
  async read(files: readonly InputFile[]): Promise<void> {
    const facts = new PartFacts(this.understood);
    try {
      for await (const part of partsOfAll(files, this.#partsOptions)) await this.#readPart(part, files, facts);
    } finally {
      facts.finish();
      this.#understandForms();
    }
    this.understood.checks.push(...(this.#forms?.checks ?? []), ...this.#untimedEnd.checks(this.#time?.title ?? ''));
    const offer = this.understood.encoding === 'UTF-8' ? this.#encoding.offer : undefined;
    if (offer !== undefined) this.understood.notes.push(`The file ${offer}.`);
    this.understood.notes.push(...idNotes(this.#idChanges, titleInMessages(this.#input.fields[MEMBER])));
    assertRows(files, { hasHeader: this.#columns !== undefined, rows: this.counts.read });
    if (this.counts.accepted === 0) {
      if (this.#inQuotes === this.counts.rejected) throw new UnusableFileError(EVERY_LINE_IN_QUOTES);
      throw new UnusableFileError(
        `no row was accepted, all ${this.counts.rejected} were rejected${this.#example}${offer === undefined ? '' : `; the file ${offer}`}`,
      );
    }
  }

  /** Each part has a header of its own; how columns are written, holds for all. */
  async #readPart(part: FilePart, files: readonly InputFile[], facts: PartFacts): Promise<void> {
    const before = this.counts.read;
    this.#interpreter = undefined;
    this.#part = part;
    this.#acceptedBefore = this.counts.accepted;
    facts.begin(part);
    try {
      for await (const rows of this.#rowsOf(part, this.understood)) {
        const rejected = await this.#readStretch(rows, files);
        if (rejected.length > 0) await this.#reject(rejected);
        assertRejected(this.counts, this.#example, this.#limits);
        assertMembers(this.#found, this.#limits);
      }
    } catch (error) {
      throw inPart(part.name, error);
    } finally {
      facts.take();
    }
    if (this.#interpreter !== undefined) this.#lines?.finish();
    this.#untimedEnd.endPart(this.counts.accepted - this.#acceptedBefore);
    facts.end(part, this.counts.read - before);
  }

  get #found(): Found {
    const { size = 0, bytes = 0 } = this.#transactions;
    return { rows: this.counts.read, members: size, memberBytes: bytes };
  }

  get #partsOptions(): PartsOptions {
    return { limits: this.#limits, columns: this.#needed };
  }

  #rowsOf(part: FilePart, understood: Understood): AsyncIterable<Rows> {
    if ('rows' in part) return part.rows(understood);
    const { chunks, archive } = part;
    const { delimiter, encoding } = this.#input;
    return readCsv(chunks, { limits: this.#limits, columns: this.#needed, archive, delimiter, encoding, understood });
  }

  async #readStretch(rows: Rows, files: readonly InputFile[]): Promise<RejectedRow[]> {
    this.#encoding.look(rows);
    const rejected: RejectedRow[] = [];
    let row = this.#interpreter === undefined ? this.#readHeader(rows, rejected) : 0;
    rejected.push(...rows.malformed.filter((line) => this.#lines?.skipsBroken(line) !== true));
    for (const broken of rejected) this.rejectedMembers.add(this.#memberOfMalformed(broken), broken);
    let decided = -1;
    while (row < rows.fields.length) {
      row = this.#readRows(rows, row, rejected);
      // A run that fails is better than one that never ends.
      if (row === decided) throw new Error(`the row in line ${rows.lineOf(row)} waits for what has been decided`);
      decided = row;
      if (row < rows.fields.length) await this.#forms?.decide(rows, row, () => this.#readAgain(files));
    }
    this.#forms?.locate(rows);
    this.#lookIntoQuotes(rows);
    return this.#account(rejected);
  }

  /** The rows of all parts, with the columns of each. */
  async *#readAgain(files: readonly InputFile[]): AsyncGenerator<FoundRows> {
    const only = files.length === 1 ? this.#part : undefined;
    // What is in a workbook is known, and takes memory.
    const isKnown = only !== undefined && 'rows' in only;
    for await (const part of isKnown ? [only] : partsOfAll(files, this.#partsOptions)) yield* this.#rowsAgain(part);
  }

  /** Those of a part whose header cannot be used are left out: they fail the run when it is their turn. */
  async *#rowsAgain(part: FilePart): AsyncGenerator<FoundRows> {
    let columns: Columns | undefined;
    for await (const rows of this.#rowsOf(part, nothingUnderstood())) {
      const header = columns === undefined ? rows.fields.findIndex((cells) => !isBlank(cells)) : -1;
      columns ??= this.#columnsIn(rows, header);
      if (columns === undefined && header >= 0) return;
      if (columns !== undefined) yield { rows, columns, from: header + 1, part: part.name };
    }
  }

  #columnsIn({ fields, separator }: Rows, header: number): Columns | undefined {
    try {
      return header < 0 ? undefined : this.#needed.find(fields[header] ?? [], separator, this.#limits.columns);
    } catch (error) {
      if (error instanceof UnusableFileError) return undefined;
      throw error;
    }
  }

  /** @returns the row that cannot be read before it is decided how a column is written, or the end of the rows */
  #readRows(rows: Rows, first: number, rejected: RejectedRow[]): number {
    const lines = this.#lines;
    const width = this.#columns?.width;
    const { typed } = rows;
    for (let row = first; row < rows.fields.length; row++) {
      const cells = rows.fields[row];
      if (cells === undefined || (cells.length === 1 && this.#skipsEmpty(cells))) continue;
      const transaction = this.#interpreter?.interpret(cells, rows.problemOf(row), rows.isAscii, typed?.[row]);
      if (transaction === undefined) continue;
      if (transaction === UNDECIDED) return row;
      if ('problem' in transaction) {
        if (lines?.skips(cells, rows, row) === true) continue;
        const whole = this.#columns && withWholeDate(cells, this.#columns);
        if (whole !== undefined) {
          rows.fields[row] = whole;
          lines?.countSplitDate();
          row -= 1;
          continue;
        }
        if (transaction.problem === NOT_UTF8) this.#countUndecoded(rows, row);
        const rejectedRow = { line: rows.lineOf(row), ...transaction, raw: rows.rawOf(row) };
        rejected.push(rejectedRow);
        this.rejectedMembers.add(this.#interpreter?.memberOf(cells), rejectedRow);
        continue;
      }
      if (transaction.imputedValues > 0) {
        if (lines?.skipsTotals(cells, rows, row) === true) continue;
        this.#lookForTime(transaction, rows, row);
      }
      if (transaction.memberId.charCodeAt(0) === HASH) lines?.acceptHashId();
      if (cells.length !== width) lines?.countOtherWidth(cells.length);
      this.counts.accepted += 1;
      this.counts.imputed += transaction.imputedValues;
      this.#transactions.add(transaction, rows, row);
    }
    return rows.fields.length;
  }

  /** Rows in whose quotes something looks like rows: a quote may have been opened by mistake, and closed by another one. */
  #lookIntoQuotes(rows: Rows): void {
    for (const row of rows.ofSeveralLines ?? []) {
      const lines = rows.rawOf(row).split('\n').slice(1);
      const inside = lines.filter((line) => this.#interpreter?.isLikeRow(line.split(rows.separator)) === true);
      this.#lines?.countInQuotes(inside.length, rows.lineOf(row));
    }
  }

  #lookForTime({ values }: Transaction, rows: Rows, row: number): void {
    if (!Object.is(values[TIME_VALUE], this.#time?.whenBlank)) return;
    this.#untimedEnd.add(this.counts.accepted - this.#acceptedBefore, rows, row, this.partName);
  }

  get #time(): FieldReader | undefined {
    return this.#readers.values[TIME_VALUE];
  }

  #countUndecoded(rows: Rows, row: number): void {
    this.#encoding.count(rows, row, (cells) => {
      const read = this.#interpreter?.interpret(cells, undefined);
      return read !== undefined && !('problem' in read);
    });
  }

  #skipsEmpty(cells: readonly string[]): boolean {
    const isEmpty = cells.length === 1 && (cells[0] ?? '').trim() === '';
    if (isEmpty) skipLines(this.understood, BLANK_LINES, (cells[0] ?? '').split('\n').length);
    return isEmpty;
  }

  /** Finds the header, the first line that is not blank, and returns the row after it. */
  #readHeader(rows: Rows, rejected: RejectedRow[]): number {
    const row = rows.fields.findIndex((cells) => !this.#skipsEmpty(cells));
    const line = row < 0 ? Number.POSITIVE_INFINITY : rows.lineOf(row);
    const malformed = rows.malformed.find((candidate) => candidate.line < line);
    if (malformed !== undefined)
      throw new UnusableFileError(`no header: in line ${malformed.line} ${malformed.reason}`);
    if (row < 0) return rows.fields.length;
    this.#columns = this.#needed.find(rows.fields[row] ?? [], rows.separator, this.#limits.columns);
    this.#understand(this.#columns, rows, line);
    this.#interpreter = new RowInterpreter(this.#readers, this.#columns, this.#asOfDay, this.#idChanges);
    this.#lines = new LinesApart(this.#columns, this.#needed, this.understood);
    rejected.push(...this.#lines.readAbove(rows.above));
    this.#forms = new FileForms(this.#readers, this.#columns, this.#part?.name);
    this.#forms.sample(rows, row + 1);
    return row + 1;
  }

  /** What stands before the first separator, unless a quote makes it something else. */
  #memberOfMalformed({ raw }: RejectedRow): string | undefined {
    const cells = raw.split(this.#columns?.separator ?? ',', 2);
    return cells[0]?.includes('"') ? undefined : this.#interpreter?.memberOf(cells);
  }

  #understand({ header, separator, member, values }: Columns, { typed }: Rows, line: number): void {
    const places = [member, ...values];
    const columns = [MEMBER, ...valueFields(this.#input)].map((field, place) => {
      return { field, header: excerpt((header[places[place] ?? 0] ?? '').trim(), MAX_HEADER_LENGTH) };
    });
    // In a sheet, nothing separates them.
    if (typed === undefined) this.understood.separator = separatorName(separator);
    Object.assign(this.understood, { headerLine: line, columns });
  }

  /** How the columns are written, once they have been read; the member's, which is the first, is in no form. */
  #understandForms(): void {
    const forms = this.#forms?.inWords(this.#input, valueFields(this.#input)) ?? [];
    this.understood.columns = this.understood.columns.map((column, place) => ({ ...column, ...forms[place - 1] }));
  }

  #account(rejected: RejectedRow[]): RejectedRow[] {
    const inOrder = rejected.toSorted((a, b) => a.line - b.line).map((row) => this.#inPart(row));
    this.counts.rejected += inOrder.length;
    this.counts.read = this.counts.accepted + this.counts.rejected;
    this.#inQuotes += inOrder.filter(({ problem }) => problem === LINE_IN_QUOTES).length;
    this.#firstRejected ??= inOrder[0];
    return inOrder;
  }

  /** A line does not tell which part it is of. */
  #inPart(row: RejectedRow): RejectedRow {
    const name = this.#part?.name;
    return name === undefined ? row : { ...row, reason: `${name}: ${row.reason}` };
  }

  get #example(): string {
    const first = this.#firstRejected;
    return first === undefined ? '' : `; the first, in line ${first.line}: ${first.reason}`;
  }
}
