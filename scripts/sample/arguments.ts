import { basename } from 'node:path';
import * as z from 'zod';
import { type CommandLine, daySchema, wholeNumberSchema } from '../shared/arguments.ts';
import { SAMPLE_AS_OF, SAMPLE_NAMES, SAMPLES } from './samples.ts';

export const sampleCommandLine = {
  usage: `Usage: npm run sample -- [options]

Writes a file of made-up transactions, with the blanks and the dirt of real ones. The same options give the same file.

  --partner NAME   as whose file: ${SAMPLE_NAMES.join(', ')} (default: default)
  --members N      how many members, 1 to 12 transactions each (default: as in the sample that is
                   shipped, 300 or fewer)
  --seed N         another number, another file (default: 1)
  --as-of DATE     last day with transactions, YYYY-MM-DD (default: ${SAMPLE_AS_OF})
  --out FILE       where to (default: out/sample.csv, or out/ and the partner's name)
  --help           print this; --version prints the program's`,
  options: ['partner', 'members', 'seed', 'as-of', 'out'],
  schema: z
    .object({
      file: z.undefined('the file to write goes after --out'),
      partner: z.enum(SAMPLE_NAMES, `--partner must be ${SAMPLE_NAMES.join(', ')}`).default('default'),
      members: wholeNumberSchema('members', 1).optional(),
      seed: wholeNumberSchema('seed', 0).prefault('1'),
      'as-of': daySchema.default(SAMPLE_AS_OF),
      out: z.string().min(1, '--out must name a file').optional(),
    })
    .transform(({ partner, members, seed, 'as-of': asOf, out = `out/${basename(SAMPLES[partner].file)}` }) => ({
      partner,
      members: members ?? SAMPLES[partner].members,
      seed,
      asOf,
      out,
    })),
} satisfies CommandLine<z.ZodType>;
