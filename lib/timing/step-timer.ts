import { createHistogram } from 'node:perf_hooks';
import * as z from 'zod';
import { now, type Span, spanSchema } from './clock.ts';

const NS_PER_MS = 1e6;

const milliseconds = z.number().nonnegative();

/** How long the observations of one step took; `unit` says what one observation is. */
export const stepSchema = z.object({
  step: z.string(),
  /** What one observation is: `file`, `member`, `object`, … */
  unit: z.string(),
  count: z.int().nonnegative(),
  meanMs: milliseconds,
  p50Ms: milliseconds,
  p90Ms: milliseconds,
  p95Ms: milliseconds,
  p99Ms: milliseconds,
  maxMs: milliseconds,
  /** What the throughput counts: `rows`, `members`, `objects`. */
  items: z.string(),
  /** Items per second over the step's wall clock. */
  throughputPerSecond: z.number().nonnegative(),
  /** The step's wall clock, from its first start to its last end; absent when nothing was observed. */
  span: spanSchema.optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** What one observation of a step is, and what its throughput counts. */
export interface StepKind {
  step: string;
  unit: string;
  items: string;
}

/**
 * Collects the durations of one step, in milliseconds, in a histogram. So percentiles come from observations, and the
 * memory needed does not grow with their number.
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

  /** Adds one observation that processed so many items. */
  observe(durationMs: number, items = 1): void {
    // When an event is replayed years later, its wait is longer than a histogram can hold.
    const ns = Math.min(Math.round(durationMs * NS_PER_MS), Number.MAX_SAFE_INTEGER);
    this.#histogram.record(Math.max(1, ns));
    this.#sumMs += durationMs;
    this.#maxMs = Math.max(this.#maxMs, durationMs);
    this.#items += items;
  }

  /** Widens the step's wall clock to include a period in which the step ran. */
  cover(span: Span): void {
    this.#from = Math.min(this.#from, span.from);
    this.#to = Math.max(this.#to, span.to);
  }

  /** Adds one observation that took the given period. */
  add(span: Span, items = 1): void {
    this.observe(span.to - span.from, items);
    this.cover(span);
  }

  /** Adds one observation that began at `from` (see `now`) and ends now. */
  stop(from: number, items = 1): void {
    this.add({ from, to: now() }, items);
  }

  /** The step's statistics so far; all zero when nothing was observed. */
  statistics(): Step {
    const histogram = this.#histogram;
    const { count } = histogram;
    // The histogram rounds up to three digits, so a percentile could exceed the longest duration, which is exact.
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
