import { performance } from 'node:perf_hooks';
import * as z from 'zod';

/** Node.js takes a longer timer for one of no time at all: https://nodejs.org/api/timers.html */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A stretch of wall clock, milliseconds since the epoch. */
export const spanSchema = z.object({ from: z.number(), to: z.number() });
export type Span = z.infer<typeof spanSchema>;

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
