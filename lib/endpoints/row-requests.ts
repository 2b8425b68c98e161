import { type Protocol, type Row, UnsendableRowsError } from '../protocols/protocol.ts';
import type { RowsRequest } from './call.ts';
import type { RequestLimits } from './callable.ts';

/** Makes requests of rows. */
export class RowRequests {
  readonly #protocol: Protocol;
  readonly #limits: RequestLimits;

  constructor(protocol: Protocol, limits: RequestLimits) {
    this.#protocol = protocol;
    this.#limits = limits;
  }

  /** A request with as many of the rows, from the first on, as it may have; one of them at least. */
  fit(rows: readonly Row[]): RowsRequest {
    let fitting = rows.length > this.#limits.rows ? rows.slice(0, this.#limits.rows) : rows;
    for (;;) {
      const request = this.of(fitting);
      const bytes = Buffer.byteLength(request.body);
      if (fitting.length === 1 || bytes <= this.#limits.bytes) return request;
      const share = Math.floor((fitting.length * this.#limits.bytes) / bytes);
      fitting = fitting.slice(0, Math.max(1, Math.min(fitting.length - 1, share)));
    }
  }

  /** A request with all of the rows. */
  of(rows: readonly Row[]): RowsRequest {
    try {
      return { rows, body: this.#protocol.encode(rows) };
    } catch (error) {
      if (!(error instanceof UnsendableRowsError)) throw error;
      return { rows, body: '', problem: error.message };
    }
  }
}
