import type { Caller } from './circuit.ts';
import type { RequestStatistics } from './request-statistics.ts';

/** What a call came to. */
export interface Answer<T> {
  value: T;
  attempts: number;
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
}

/** One call under way. */
export interface CallState extends Required<CallOptions>, Caller {
  /** Requests sent. */
  attempts: number;
  /** Those that count against `Resilience.attempts`. */
  failures: number;
}
