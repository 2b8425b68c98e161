import type { Row } from '../protocols/protocol.ts';
import type { Caller } from './circuit.ts';
import type { EndpointError } from './errors.ts';
import type { RequestStatistics } from './request-statistics.ts';

/** Rows as a request has them. */
export interface RowsRequest {
  rows: readonly Row[];
  body: string;
  /** Why they cannot be sent together; one of them may be the reason. */
  problem?: string;
}

/** What a call for one row came to. */
export interface Answer<T> {
  value: T;
  attempts: number;
}

/** A row's part of an answer: its value, or why that cannot be used. */
export type RowAnswer<T> = { value: T } | { problem: EndpointError };

/** What a call for several rows came to: a usable value for one of them at least. */
export interface Answers<T> {
  /** In the order of the request. */
  rows: readonly RowAnswer<T>[];
  attempts: number;
}

/** What has come of rows before: it is handed on when they are sent again in another request. */
export interface CallHistory extends Caller {
  /** Those that count against `Resilience.attempts`. */
  failures: number;
}

export interface CallOptions {
  /**
   * Milliseconds as `now` gives them: from then on nothing is sent or waited for; what is under way has its time-out,
   * so that the call ends by `deadline` + `timeoutMs`.
   */
  deadline?: number;
  /** What the call's requests belong to, and are counted in. */
  statistics?: RequestStatistics;
  /** Waits so many milliseconds until another attempt, for whoever has something else to do meanwhile. */
  rest?: (milliseconds: number) => Promise<unknown>;
  /** Of the same rows; the call adds to it. */
  history?: CallHistory;
}

/** One call under way. */
export interface CallState extends Required<CallOptions> {
  /** Sent with each of its requests, so that a server may tell that it has had one before. */
  token: string;
  /** Requests sent. */
  attempts: number;
}
