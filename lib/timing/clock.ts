import { performance } from 'node:perf_hooks';
import * as z from 'zod';

/** The longest timer of Node.js; a longer one would end at once: https://nodejs.org/api/timers.html */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A period on the wall clock, milliseconds since the epoch. */
export const spanSchema = z.object({ from: z.number(), to: z.number() });
export type Span = z.infer<typeof spanSchema>;

/** From the first start to the last end of what happened twice, by name. */
export function covering(
  one: Readonly<Record<string, Span>>,
  other: Readonly<Record<string, Span>>,
): Record<string, Span> {
  const covered: Record<string, Span> = { ...one };
  for (const [name, { from, to }] of Object.entries(other)) {
    const known = one[name] ?? { from, to };
    covered[name] = { from: Math.min(known.from, from), to: Math.max(known.to, to) };
  }
  return covered;
}

/** Now, as milliseconds since the epoch on a monotonic clock with sub-millisecond resolution. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** The result of the work, or undefined when it takes longer than the given milliseconds. The work is not stopped. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const timeUp = Promise.withResolvers<undefined>();
  const timer = setTimeout(timeUp.resolve, Math.min(milliseconds, MAX_TIMER_MS), undefined);
  try {
    return await Promise.race([work, timeUp.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long an object waited for the handler that it started; never negative, although two machines' clocks differ. */
export function waited(createdAt: Date, startedAt: number): Span {
  const from = createdAt.getTime();
  return { from, to: Math.max(from, startedAt) };
}
