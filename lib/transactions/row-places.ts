import { LINE_FEED } from './fields.ts';

/** Rows that stand one after the other. */
interface Run {
  /** The number of the first of them, and its line. */
  row: number;
  line: number;
  from: number;
  to: number;
  /** Whether each is one line; else it is one row. */
  areLines: boolean;
  /** Where each begins, once it was looked for. */
  starts: readonly number[] | undefined;
}

/** Where the rows of a block stand. Hardly any row is asked for, so that lines are not looked for before one is. */
export class RowPlaces {
  readonly #block: Buffer;
  readonly #runs: Run[] = [];

  constructor(block: Buffer) {
    this.#block = block;
  }

  /** Adds a row that may have several lines. */
  addRow(row: number, line: number, { from, to }: Pick<Run, 'from' | 'to'>): void {
    this.#runs.push({ row, line, from, to, areLines: false, starts: undefined });
  }

  /** Adds lines, each of which is a row. */
  addLines(row: number, line: number, { from, to }: Pick<Run, 'from' | 'to'>): void {
    this.#runs.push({ row, line, from, to, areLines: true, starts: undefined });
  }

  lineOf(row: number): number {
    const run = this.#runOf(row);
    return run.line + row - run.row;
  }

  bytesOf(row: number): Buffer {
    const run = this.#runOf(row);
    if (!run.areLines) return this.#block.subarray(run.from, run.to);
    run.starts ??= startsOfLines(this.#block, run);
    const place = row - run.row;
    return this.#block.subarray(run.starts[place], run.starts[place + 1] ?? run.to);
  }

  #runOf(row: number): Run {
    let first = 0;
    let last = this.#runs.length - 1;
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if ((this.#runs[middle]?.row ?? 0) <= row) first = middle;
      else last = middle - 1;
    }
    return this.#runs[first] ?? NONE;
  }
}

const NONE: Run = { row: 0, line: 0, from: 0, to: 0, areLines: false, starts: undefined };

function startsOfLines(block: Buffer, { from, to }: Run): number[] {
  const starts = [];
  for (let at = from; at < to; at = block.indexOf(LINE_FEED, at) + 1) starts.push(at);
  return starts;
}
