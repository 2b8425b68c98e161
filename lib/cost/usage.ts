import * as z from 'zod';

const count = z.int().nonnegative();
const usd = z.number().nonnegative();

export const s3RequestsSchema = z.object({ writes: count, reads: count });
/** As they are charged: `writes` are PUT, COPY, POST and LIST, `reads` are GET and HEAD. DELETE costs nothing. */
export type S3Requests = z.infer<typeof s3RequestsSchema>;

export const usageSchema = z.object({
  invocations: z.int().positive(),
  /** From the event until this was stored, all invocations together. */
  durationMs: z.number().nonnegative(),
  /** What the function is set to; absent where nothing says so. */
  memoryMb: z.int().positive().optional(),
  s3: s3RequestsSchema,
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
      s3: s3RequestsSchema,
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
    s3: sumOf(earlier.s3, later.s3),
  };
}

export function sumOf(some: S3Requests, others: S3Requests): S3Requests {
  return { writes: some.writes + others.writes, reads: some.reads + others.reads };
}
