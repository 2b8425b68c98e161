import * as z from 'zod';
import { requestCountsSchema, sumOfCounts } from '../storage/request-counts.ts';

const count = z.int().nonnegative();
const usd = z.number().nonnegative();

export const usageSchema = z.object({
  invocations: z.int().positive(),
  /** From the event until the function stored this, all invocations together. */
  durationMs: z.number().nonnegative(),
  /** What the function is set to; absent where nothing says so. */
  memoryMb: z.int().positive().optional(),
  /** Those before the function stored this, all invocations together. */
  s3: requestCountsSchema,
});
/** What invocations of one function have used. */
export type Usage = z.infer<typeof usageSchema>;

export const costSchema = z.object({
  usd,
  /** Whether some invocations are not in it: those that died, or ran before usage was noted. */
  isLowerBound: z.boolean(),
  /** Where and when the prices held. */
  prices: z.object({ region: z.string(), asOf: z.string() }),
  stages: z.array(
    z.object({
      name: z.string(),
      invocations: count,
      seconds: z.number().nonnegative(),
      memoryMb: z.number().positive(),
      s3: requestCountsSchema,
      usd,
    }),
  ),
});
/** What a run costs on AWS, estimated from what its functions have used, by stage. */
export type Cost = z.infer<typeof costSchema>;

/** What earlier invocations of a function have used, if any are known of, and a later one. */
export function inAll(earlier: Usage | undefined, later: Usage): Usage {
  if (earlier === undefined) return later;
  return {
    ...later,
    invocations: earlier.invocations + later.invocations,
    durationMs: earlier.durationMs + later.durationMs,
    s3: sumOfCounts(earlier.s3, later.s3),
  };
}
