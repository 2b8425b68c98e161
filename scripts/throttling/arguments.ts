import * as z from 'zod';
import { readService } from '../../local/lambda/service.ts';
import { type CommandLine, wholeNumberSchema } from '../shared/arguments.ts';

const CONCURRENCY = readService().batching.maxBatches;

export const throttlingCommandLine = {
  usage: `Usage: npm run throttling [-- options]

Plays through how long a run's batches take on AWS, where a batch that finds no room is sent away for 1 second, then 2,
4 and so on up to 5 minutes: with so many batches of so many seconds, and with the same members in more and fewer
batches, for one run and for two at once. On a clock of its own, so it takes a minute; the same seeds, the same figures.

  --concurrency N  batches that are scored at a time (default: ${CONCURRENCY})
  --pace N         members that one of them scores in a second (default: 309, with endpoints that take 50 ms)
  --seeds N        how often each is played, each time with other chances (default: 25)
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
