import type { Span } from '../timing/clock.ts';
import { now } from '../timing/clock.ts';
import { type EndpointError, TOO_MANY_REQUESTS } from './errors.ts';

/** Failures in a row, and what the latest of them was. */
export interface Failing {
  requests: number;
  latest: EndpointError;
}

/** What is sent to one endpoint for one purpose, a batch, and what comes back; batches may share an endpoint. */
export class RequestStatistics {
  /** Sent along with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Requests sent. */
  requests = 0;
  /** Those that were not the first one of their call. */
  retries = 0;
  /** Requests that were answered with 429. */
  throttled = 0;
  /** Requests that were answered with another 4xx or a redirect. */
  refused = 0;
  /** Requests without a usable answer: time-outs, connection errors, 5xx, answers of another shape. */
  faults = 0;
  /** Requests that failed since the last one that was answered as it should be; undefined when none did. */
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

  /** From the first request sent to the last one that has ended; undefined when none has. */
  get span(): Span | undefined {
    return this.#span;
  }

  /** A request is sent. @param isRetry whether it is not the first one of its call */
  send(isRetry: boolean): void {
    this.requests += 1;
    if (isRetry) this.retries += 1;
  }

  /** A request has its answer, or none will come. @param from when it was sent, see `now` */
  end(from: number): void {
    const to = now();
    this.latenciesMs.push(to - from);
    this.#span = { from: Math.min(this.#span?.from ?? from, from), to };
  }

  /** A request got a usable answer. */
  answer(): void {
    this.failing = undefined;
  }

  /** What a request came to is of no use. */
  fail(error: EndpointError): void {
    const { status, isTransient, concern } = error;
    // Whatever the service thinks of this input, it answers.
    this.failing = concern === 'input' ? undefined : { requests: (this.failing?.requests ?? 0) + 1, latest: error };
    if (status === TOO_MANY_REQUESTS) this.throttled += 1;
    else if (isTransient) this.faults += 1;
    else this.refused += 1;
  }
}
