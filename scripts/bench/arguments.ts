import * as z from 'zod';
import { type CommandLine, daySchema, wholeNumberSchema } from '../shared/arguments.ts';

/** What can be measured, in the order of measurement. */
export const FIGURE_GROUPS = [
  'start',
  'saturation',
  'slow',
  'batched',
  'features',
  'run',
  'large',
  'report',
  'growth',
  'cost',
] as const;

export type FigureGroup = (typeof FIGURE_GROUPS)[number];

const onlySchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(FIGURE_GROUPS, { error: `--only takes some of ${FIGURE_GROUPS.join(', ')}` })));

export const benchCommandLine = {
  usage: `Usage: npm run bench [-- options]

Measures how fast the program is, each figure as a ratio to what a public tool reaches in the same run, and prints a
table. The numbers are in out/bench.json afterwards. It takes a quarter of an hour and wants the machine to itself.

  --file FILE      the file of the whole run (default: a generated one of 990 members)
  --as-of DAY      the day that file was made for (default: 2024-01-31)
  --rounds N       rounds of each figure; large ones have three at the most (default: 5)
  --only LIST      some of ${FIGURE_GROUPS.join(', ')}
  --help           print this; --version prints the program's`,
  options: ['file', 'as-of', 'rounds', 'only'],
  positionals: [],
  schema: z
    .object({
      file: z.string().min(1, '--file must name a file').optional(),
      'as-of': daySchema.prefault('2024-01-31'),
      rounds: wholeNumberSchema('rounds', 1).prefault('5'),
      only: onlySchema.optional(),
    })
    .transform(({ 'as-of': asOf, only, ...options }) => ({
      ...options,
      asOf,
      groups: new Set<FigureGroup>(only ?? FIGURE_GROUPS),
    })),
} satisfies CommandLine<z.ZodType>;

export type BenchOptions = z.infer<typeof benchCommandLine.schema>;
