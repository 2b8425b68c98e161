import * as z from 'zod';
import { manifestSchema } from './contracts.ts';

/** Progress notes, for commands that follow a run. No stage depends on them. */

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();

/** How many rows of an upload have been read, while there is no manifest yet. */
export const readProgressSchema = manifestSchema.pick({ source: true, etag: true, rows: true });

const failingEndpointSchema = z.object({
  call: z.string(),
  /** What people call it; absent in notes of older versions. */
  label: z.string().optional(),
  /** The URL without parts that may be secret. */
  address: z.string(),
  /** How the latest request failed, for example `could not be reached: …`. */
  problem: z.string(),
  /** How many requests have failed in a row. */
  requests: count,
  /** How long calls still wait for the endpoint; absent while it does not count as down. */
  givenUpInMs: milliseconds.optional(),
});
/** An endpoint whose latest requests have all failed. */
export type FailingEndpoint = z.infer<typeof failingEndpointSchema>;

export const scoringProgressSchema = z.object({
  /** How many members of the batch are scored or failed, and how many of these have failed. */
  done: count,
  failed: count,
  failing: z.array(failingEndpointSchema),
});
/** How many members of a batch are done, while there is no result yet. */
export type ScoringProgress = z.infer<typeof scoringProgressSchema>;
