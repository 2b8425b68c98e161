import * as z from 'zod';
import { type CommandLine, daySchema, wholeNumberSchema } from '../shared/arguments.ts';

export const sampleCommandLine = {
  usage: `Usage: npm run sample -- [options]

Writes a file of made-up transactions, with the blanks and the dirt of real ones. The same options give the same file.

  --members N      how many members, 1 to 12 transactions each (default: 300)
  --seed N         another number, another file (default: 1)
  --as-of DATE     last day with transactions, YYYY-MM-DD (default: 2024-01-31)
  --out FILE       where to (default: out/sample.csv)
  --help           print this; --version prints the program's`,
  options: ['members', 'seed', 'as-of', 'out'],
  schema: z
    .object({
      file: z.undefined('the file to write goes after --out'),
      members: wholeNumberSchema('members', 1).prefault('300'),
      seed: wholeNumberSchema('seed', 0).prefault('1'),
      'as-of': daySchema.default('2024-01-31'),
      out: z.string().min(1, '--out must name a file').default('out/sample.csv'),
    })
    .transform(({ members, seed, out, 'as-of': asOf }) => ({ members, seed, out, asOf })),
} satisfies CommandLine<z.ZodType>;
