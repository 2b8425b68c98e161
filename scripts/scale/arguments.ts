import * as z from 'zod';
import { type CommandLine, daySchema, wholeNumberSchema } from '../shared/arguments.ts';

export const scaleCommandLine = {
  usage: `Usage: npm run scale [-- file.csv] [options]

Reads a file in one pass, and again cut into ranges, each in a process of its own; merges the ranges by member; checks
that every member's features are the same; and works out from what that took how much one invocation can do, and how
many it takes for ten million members and a billion rows. Without a file, makes one up.

  --members N      members of the file that is made up, 4.6 rows each (default: 220000)
  --seed N         another seed, another file (default: 1)
  --ranges N       ranges that the file is cut into (default: 4)
  --partitions N   partitions that members are merged in (default: 4)
  --as-of DATE     day that features are computed for, YYYY-MM-DD (default: 2024-01-31)
  --help           print this; --version prints the program's

Exit code: 0 when all members agree to 1e-12 of their features, else 1.`,
  options: ['members', 'seed', 'ranges', 'partitions', 'as-of'],
  schema: z.object({
    file: z.string().optional(),
    members: wholeNumberSchema('members', 1).prefault('220000'),
    seed: wholeNumberSchema('seed', 0).prefault('1'),
    ranges: wholeNumberSchema('ranges', 1).prefault('4'),
    partitions: wholeNumberSchema('partitions', 1).prefault('4'),
    'as-of': daySchema.default('2024-01-31'),
  }),
} satisfies CommandLine<z.ZodType>;

export type ScaleOptions = z.infer<typeof scaleCommandLine.schema>;
