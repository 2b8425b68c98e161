import type { CallFailedError } from '../../endpoints/errors.ts';
import type { Row } from '../../protocols/protocol.ts';
import { now, type Span } from '../../timing/clock.ts';

/** What a row's requests came to: a value, or the failure that lost it. */
export type Settled<T> = RowAttempts & ({ value: T } | { failure: CallFailedError });

/** The requests that had the row. */
export interface RowAttempts {
  attempts: number;
  /** From the start of the first to the end of the last. */
  span: Span;
}

/** Rows that are to be answered, and what has come of those that are. */
export class AskedRows<T> {
  readonly waiting: readonly WaitingRow<T>[];
  /** In the order of the rows, once each of them is. */
  readonly settled: Promise<Settled<T>[]>;
  readonly fail: (error: unknown) => void;
  readonly #resolve: (settled: Settled<T>[]) => void;
  readonly #known: Settled<T>[];
  #left: number;

  constructor(rows: readonly Row[]) {
    const { promise, resolve, reject } = Promise.withResolvers<Settled<T>[]>();
    this.waiting = rows.map((row, place) => new WaitingRow(row, place, this));
    this.settled = promise;
    this.fail = reject;
    this.#resolve = resolve;
    this.#known = [];
    this.#left = rows.length;
    if (rows.length === 0) resolve([]);
  }

  settle(place: number, settled: Settled<T>): void {
    this.#known[place] = settled;
    this.#left -= 1;
    if (this.#left === 0) this.#resolve(this.#known);
  }
}

/** One of them. There are thousands under way, so that it has no promise of its own. */
export class WaitingRow<T> {
  readonly row: Row;
  readonly #place: number;
  readonly #rows: AskedRows<T>;
  #attempts = 0;
  #from: number | undefined;

  constructor(row: Row, place: number, rows: AskedRows<T>) {
    this.row = row;
    this.#place = place;
    this.#rows = rows;
  }

  /** To be called when a request has ended that did not answer it. @param from when it began, see `now` */
  count(attempts: number, from: number): void {
    this.#attempts += attempts;
    this.#from ??= from;
  }

  /** @param requests the last of its own, which it shares with others */
  answer(value: T, { attempts, span }: RowAttempts): void {
    const isFirst = this.#from === undefined;
    this.#rows.settle(this.#place, {
      value,
      attempts: this.#attempts + attempts,
      span: isFirst ? span : { from: this.#from ?? span.from, to: span.to },
    });
  }

  lose(failure: CallFailedError, to = now()): void {
    this.#rows.settle(this.#place, { failure, attempts: this.#attempts, span: { from: this.#from ?? to, to } });
  }

  /** For what no endpoint does. */
  fail(error: unknown): void {
    this.#rows.fail(error);
  }
}
