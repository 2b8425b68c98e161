import * as z from 'zod';
import { CALLS } from '../calls.ts';
import { manifestSchema } from './contracts.ts';

/** Notes for whoever follows a run: no stage reads them. */

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();

/** How far the reading of an upload has come, while there is no manifest yet. */
export const readProgressSchema = manifestSchema.pick({ source: true, etag: true, rows: true });

const failingEndpointSchema = z.object({
  call: z.enum(CALLS),
  /** Without what may be secret. */
  address: z.string(),
  /** What came of the latest request, as `could not be reached: …`. */
  problem: z.string(),
  /** How many have failed in a row. */
  requests: count,
  /** How long it is waited for yet; absent while it has not been found to be down. */
  givenUpInMs: milliseconds.optional(),
});
/** An endpoint that has given nothing but failures lately. */
export type FailingEndpoint = z.infer<typeof failingEndpointSchema>;

export const scoringProgressSchema = z.object({
  /** Members of the batch that scoring is done with, and those of them that have failed. */
  done: count,
  failed: count,
  failing: z.array(failingEndpointSchema),
});
/** How far the scoring of a batch has come, while there is no result yet. */
export type ScoringProgress = z.infer<typeof scoringProgressSchema>;
