import { createHistogram, performance } from 'node:perf_hooks';
import type { Span, Step } from './run/contracts.ts';

const NS_PER_MS = 1e6;

/** Node.js takes a longer timer for one of no time at all: https://nodejs.org/api/timers.html */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Now, as milliseconds since the epoch on a monotonic clock with sub-millisecond resolution. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** What work comes to, or undefined when that takes more than so many milliseconds; it is not stopped then. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const timeUp = Promise.withResolvers<undefined>();
  const timer = setTimeout(timeUp.resolve, Math.min(milliseconds, MAX_TIMER_MS), undefined);
  try {
    return await Promise.race([work, timeUp.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long an object waited for the handler that it started; the two clocks are different machines'. */
export function waited(createdAt: Date, startedAt: number): Span {
  const from = createdAt.getTime();
  return { from, to: Math.max(from, startedAt) };
}

/** What one observation of a step is, and what its throughput counts. */
export interface StepKind {
  step: string;
  unit: string;
  items: string;
}

/**
 * Collects the durations of one step into a histogram, so that percentiles come from observations and memory does not
 * grow with their number. Durations are milliseconds.
 */
export class StepTimer {
  readonly #histogram = createHistogram();
  readonly #kind: StepKind;
  #sumMs = 0;
  #maxMs = 0;
  #items = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  constructor(kind: StepKind) {
    this.#kind = kind;
  }

  /** Counts one observation that dealt with so many items. */
  observe(durationMs: number, items = 1): void {
    // The waiting of an event that is replayed years later is more than a histogram can hold.
    const ns = Math.min(Math.round(durationMs * NS_PER_MS), Number.MAX_SAFE_INTEGER);
    this.#histogram.record(Math.max(1, ns));
    this.#sumMs += durationMs;
    this.#maxMs = Math.max(this.#maxMs, durationMs);
    this.#items += items;
  }

  /** Widens the step's wall clock to a stretch of time in which it ran. */
  cover(span: Span): void {
    this.#from = Math.min(this.#from, span.from);
    this.#to = Math.max(this.#to, span.to);
  }

  /** Counts one observation that took a stretch of wall clock. */
  add(span: Span, items = 1): void {
    this.observe(span.to - span.from, items);
    this.cover(span);
  }

  /** Counts what began at `from` (see `now`) and ends now. */
  stop(from: number, items = 1): void {
    this.add({ from, to: now() }, items);
  }

  /** The step's statistics so far; all zero when nothing was observed. */
  statistics(): Step {
    const histogram = this.#histogram;
    const { count } = histogram;
    // The histogram rounds up to three digits: what took the longest is known better.
    const percentile = (percent: number) =>
      count === 0 ? 0 : Math.min(histogram.percentile(percent) / NS_PER_MS, this.#maxMs);
    const seconds = (this.#to - this.#from) / 1000;
    return {
      step: this.#kind.step,
      unit: this.#kind.unit,
      count,
      meanMs: count === 0 ? 0 : this.#sumMs / count,
      p50Ms: percentile(50),
      p90Ms: percentile(90),
      p95Ms: percentile(95),
      p99Ms: percentile(99),
      maxMs: this.#maxMs,
      items: this.#kind.items,
      throughputPerSecond: seconds > 0 ? this.#items / seconds : 0,
      ...(seconds >= 0 ? { span: { from: this.#from, to: this.#to } } : {}),
    };
  }
}
