import type { Span } from '../timing/clock.ts';
import { now } from '../timing/clock.ts';
import { type EndpointError, TOO_MANY_REQUESTS } from './errors.ts';

/** Failures in a row, and what the latest of them was. */
export interface Failing {
  requests: number;
  latest: EndpointError;
}

/** Counts what one batch sends to one endpoint, and what comes back. Several batches may call the endpoint at a time. */
export class RequestStatistics {
  /** Headers that each of these requests has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Requests sent. */
  requests = 0;
  /** Requests that were not the first one of their call. */
  retries = 0;
  /** Rows in all requests together. A row that is sent again counts again. */
  rows = 0;
  /** Requests that were answered with 429. */
  throttled = 0;
  /** Requests that were answered with another 4xx or a redirect. */
  refused = 0;
  /** Requests without a usable answer: time-outs, connection errors, 5xx, answers of another shape. */
  faults = 0;
  /** Requests that failed since the last usable answer; undefined when none did. */
  failing: Failing | undefined;
  /** How long each request that has ended took, its failure included; milliseconds. */
  readonly latenciesMs: number[] = [];
  #span: Span | undefined;

  constructor(headers: Readonly<Record<string, string>> = {}) {
    this.headers = headers;
  }

  /** Requests that failed, for whatever reason. */
  get errors(): number {
    return this.throttled + this.refused + this.faults;
  }

  /** From the first request to the last one that has ended; undefined when none has ended. */
  get span(): Span | undefined {
    return this.#span;
  }

  /**
   * To be called when a request is sent.
   *
   * @param isRetry whether it is not the first one of its call
   * @param rows how many rows it has, each of which is one member's
   */
  send(isRetry: boolean, rows = 1): void {
    this.requests += 1;
    this.rows += rows;
    if (isRetry) this.retries += 1;
  }

  /** To be called when a request has its answer, or none will come. @param from when it was sent, see `now` */
  end(from: number): void {
    const to = now();
    this.latenciesMs.push(to - from);
    this.#span = { from: Math.min(this.#span?.from ?? from, from), to };
  }

  /** To be called when a request got a usable answer. */
  answer(): void {
    this.failing = undefined;
  }

  /** To be called when a request has failed. */
  fail(error: EndpointError): void {
    const { status, isTransient, concern } = error;
    // A service that refuses an input answers: the endpoint does not fail.
    this.failing = concern === 'input' ? undefined : { requests: (this.failing?.requests ?? 0) + 1, latest: error };
    if (status === TOO_MANY_REQUESTS) this.throttled += 1;
    else if (isTransient) this.faults += 1;
    else this.refused += 1;
  }
}
