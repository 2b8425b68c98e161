import type { CallFailedError } from '../../endpoints/errors.ts';
import type { Row } from '../../protocols/protocol.ts';
import { now, type Span } from '../../timing/clock.ts';

/** What a row's requests came to: a value, or the failure that lost it. */
export type Settled<T> = Requests & ({ value: T } | { failure: CallFailedError });

/** The requests that had the row. */
interface Requests {
  attempts: number;
  /** From the start of the first to the end of the last. */
  span: Span;
}

/** A row that is to be answered. */
export class WaitingRow<T> {
  readonly row: Row;
  readonly settled: Promise<Settled<T>>;
  readonly fail: (error: unknown) => void;
  readonly #resolve: (settled: Settled<T>) => void;
  #attempts = 0;
  #from: number | undefined;

  constructor(row: Row) {
    const { promise, resolve, reject } = Promise.withResolvers<Settled<T>>();
    this.row = row;
    this.settled = promise;
    this.fail = reject;
    this.#resolve = resolve;
  }

  /** To be called when a request has ended. @param from when it began, see `now` */
  count(attempts: number, from: number): void {
    this.#attempts += attempts;
    this.#from ??= from;
  }

  answer(value: T): void {
    this.#resolve({ value, ...this.#requests() });
  }

  lose(failure: CallFailedError): void {
    this.#resolve({ failure, ...this.#requests() });
  }

  #requests(): Requests {
    const to = now();
    return { attempts: this.#attempts, span: { from: this.#from ?? to, to } };
  }
}
