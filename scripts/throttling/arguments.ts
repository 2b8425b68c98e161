import * as z from 'zod';
import { readService } from '../../local/lambda/service.ts';
import { type CommandLine, wholeNumberSchema } from '../shared/arguments.ts';

const CONCURRENCY = readService().batching.maxBatches;

export const throttlingCommandLine = {
  usage: `Usage: npm run throttling [-- options]

Simulates how long a run's batches take on AWS, where a batch that finds no free instance waits for 1 second, then 2,
4 and so on up to 5 minutes: for several numbers and durations of batches, and for the same members in more and fewer
batches, for one run and for two at once. Its clock is virtual, so it takes a minute; the same seeds, the same figures.

  --concurrency N  batches that are scored at the same time (default: ${CONCURRENCY})
  --pace N         members that one of them scores in a second (default: 309, with endpoints that take 50 ms)
  --seeds N        how often each case is simulated, each time with another seed (default: 25)
  --help           print this; --version prints the program's`,
  options: ['concurrency', 'pace', 'seeds'],
  positionals: [],
  schema: z.object({
    concurrency: wholeNumberSchema('concurrency', 1).prefault(String(CONCURRENCY)),
    pace: wholeNumberSchema('pace', 1).prefault('309'),
    seeds: wholeNumberSchema('seeds', 1).prefault('25'),
  }),
} satisfies CommandLine<z.ZodType>;

export type ThrottlingOptions = z.infer<typeof throttlingCommandLine.schema>;
