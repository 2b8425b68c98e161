import * as z from 'zod';

/** What a process that measures is told to do, and what it answers. */

export const taskSchema = z.discriminatedUnion('task', [
  /** One invocation of a function as Lambda would make it. */
  z.object({ task: z.literal('invoke'), function: z.enum(['features', 'predict', 'report']), event: z.json() }),
  /** csv-parse alone, on a file. */
  z.object({ task: z.literal('csv-parse'), path: z.string() }),
  /** exceljs's streaming writer alone, into a file. */
  z.object({ task: z.literal('exceljs'), path: z.string(), rows: z.int().positive() }),
  /** All three stages on a generated file, with endpoints that answer at once. */
  z.object({ task: z.literal('stages'), members: z.int().positive(), seed: z.int() }),
]);
export type Task = z.infer<typeof taskSchema>;

export const measurementSchema = z.object({
  ms: z.number(),
  /** Peak of the process since its start, 10^6 bytes of resident memory. */
  peakMb: z.number(),
  /** Requests to S3 by what they are charged as: PUT, COPY, POST and LIST; GET, HEAD and all others. */
  s3: z.object({ writes: z.number(), reads: z.number() }),
});
export type Measurement = z.infer<typeof measurementSchema>;
