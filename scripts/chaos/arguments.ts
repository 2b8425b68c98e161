import * as z from 'zod';
import { type CommandLine, wholeNumberSchema } from '../shared/arguments.ts';

export const chaosCommandLine = {
  usage: `Usage: npm run chaos [-- options]

Runs the whole service in this process while everything goes wrong: events are dropped, repeated, delayed and overtake
each other, functions die before or after what they ask of S3, some batches kill every invocation, endpoints fail, and
refuse some inputs for good. Every second file goes to endpoints in requests of several rows. Then counts what has become
of every row and every member; an endpoint that refuses some must be asked for all others.

  --runs N         files that are dropped (default: 40)
  --members N      members in each of them, about (default: 200)
  --seed N         another seed, other faults (default: 1)
  --help           print this; --version prints the program's

Exit code: 0 when nothing was lost, doubled, hung or left unasked, else 1.`,
  options: ['runs', 'members', 'seed'],
  positionals: [],
  schema: z.object({
    runs: wholeNumberSchema('runs', 1).prefault('40'),
    members: wholeNumberSchema('members', 1).prefault('200'),
    seed: wholeNumberSchema('seed', 0).prefault('1'),
  }),
} satisfies CommandLine<z.ZodType>;
