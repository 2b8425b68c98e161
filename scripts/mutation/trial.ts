import * as z from 'zod';

const hitsSchema = z.record(z.string(), z.number());

/** One run of a file of tests. */
export const trialSchema = z.object({
  file: z.string(),
  /** The mutant that is active; without one the code is as it is written. */
  mutant: z.string().optional(),
  /** Which of the file's tests are run, by their position in it, and how long each may take; all unless said. */
  tests: z.array(z.object({ index: z.number(), limitMs: z.number() })).optional(),
  /** A mutant that is passed more often than this runs in circles, and throws. */
  hitLimit: z.number().optional(),
});
export type Trial = z.infer<typeof trialSchema>;

/** What came of it. A file fails with its first test. */
export const outcomeSchema = z.object({
  /** Which test failed, or why there are none. */
  failure: z.string().optional(),
  /** In the file's order. */
  tests: z.array(
    z.object({
      ms: z.number(),
      /** How often each mutant's place was passed. */
      hits: hitsSchema,
    }),
  ),
  /** How often while modules were loaded, and in what runs for several tests. */
  sharedHits: hitsSchema,
});
export type TrialOutcome = z.infer<typeof outcomeSchema>;
