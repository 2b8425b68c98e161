import * as z from 'zod';

const hitsSchema = z.record(z.string(), z.number());

/** One run of a test file. */
export const trialSchema = z.object({
  file: z.string(),
  /** The active mutant; without one the code is unchanged. */
  mutant: z.string().optional(),
  /** Which of the file's tests run, by position, and how long each may take; by default all tests. */
  tests: z.array(z.object({ index: z.number(), limitMs: z.number() })).optional(),
  /** A mutant whose code runs more often than this throws, because it is taken for an endless loop. */
  hitLimit: z.number().optional(),
});
export type Trial = z.infer<typeof trialSchema>;

/** The outcome of a trial. A file fails with its first failed test. */
export const outcomeSchema = z.object({
  /** Which test failed, or why there are none. */
  failure: z.string().optional(),
  /** In the file's order. */
  tests: z.array(
    z.object({
      ms: z.number(),
      /** How often the code of each mutant ran. */
      hits: hitsSchema,
    }),
  ),
  /** How often it ran while modules were loaded, and in code that runs for several tests. */
  sharedHits: hitsSchema,
});
export type TrialOutcome = z.infer<typeof outcomeSchema>;
