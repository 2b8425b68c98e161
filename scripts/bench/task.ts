import * as z from 'zod';

/** The tasks and answers of a measuring process. */

const batchingSchema = z.object({
  minBatchSize: z.int().positive(),
  maxBatches: z.int().positive(),
  maxBatchSize: z.int().positive().optional(),
});

const stagesSchema = z.object({
  task: z.literal('stages'),
  members: z.int().positive(),
  seed: z.int(),
  batching: batchingSchema,
  /** Members in progress at a time. */
  concurrency: z.int().positive(),
});
export type StagesTask = z.infer<typeof stagesSchema>;

const invokeSchema = z.object({
  task: z.literal('invoke'),
  functionName: z.string(),
  /** Memory in megabytes, time-out in seconds. */
  definition: z.object({ handler: z.string(), memorySize: z.int().positive(), timeout: z.int().positive() }),
  event: z.json(),
});
export type InvokeTask = z.infer<typeof invokeSchema>;

export const taskSchema = z.discriminatedUnion('task', [
  /** One invocation of a function as Lambda would make it. */
  invokeSchema,
  /** csv-parse alone, on a file. */
  z.object({ task: z.literal('csv-parse'), path: z.string() }),
  /** exceljs's streaming writer alone, into a file. */
  z.object({ task: z.literal('exceljs'), path: z.string(), rows: z.int().positive() }),
  /** All three stages on a generated file, with endpoints that answer at once. */
  stagesSchema,
]);
export type Task = z.infer<typeof taskSchema>;

export const measurementSchema = z.object({
  ms: z.number(),
  /** The largest resident memory of the process since its start, 10^6 bytes. */
  peakMb: z.number(),
  /** Requests to S3 by price: `writes` are PUT, COPY, POST and LIST; `reads` are GET, HEAD and all others. */
  s3: z.object({ writes: z.number(), reads: z.number() }),
});
export type Measurement = z.infer<typeof measurementSchema>;
