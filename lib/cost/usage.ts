import * as z from 'zod';
import { requestCountsSchema, sumOfCounts } from '../storage/request-counts.ts';

const count = z.int().nonnegative();
const usd = z.number().nonnegative();

export const usageSchema = z.object({
  invocations: z.int().positive(),
  /** From the start of the handler until the function stored this; all invocations together. */
  durationMs: z.number().nonnegative(),
  /** The function's memory; absent when it is not known. */
  memoryMb: z.int().positive().optional(),
  /** The requests before the function stored this; all invocations together. */
  s3: requestCountsSchema,
});
/** What invocations of one function have used. */
export type Usage = z.infer<typeof usageSchema>;

export const costSchema = z.object({
  usd,
  /** Whether some invocations are missing: those that were killed, or that ran in versions which recorded no usage. */
  isLowerBound: z.boolean(),
  /** Region and month of the prices. */
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
/** The cost of a run on AWS by stage, estimated from what its functions have used. */
export type Cost = z.infer<typeof costSchema>;

/** The usage of earlier invocations of a function, if known, and of a later one together. */
export function inAll(earlier: Usage | undefined, later: Usage): Usage {
  if (earlier === undefined) return later;
  return {
    ...later,
    invocations: earlier.invocations + later.invocations,
    durationMs: earlier.durationMs + later.durationMs,
    s3: sumOfCounts(earlier.s3, later.s3),
  };
}
