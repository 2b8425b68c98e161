import * as z from 'zod';
import { inWords } from '../../lib/calls.ts';
import { REFERENCE_VARIABLES } from '../../lib/endpoints/reference-calls.ts';
import { OUTPUTS } from '../../lib/run/outputs.ts';
import { EXAMPLE_NAMES, SAMPLE_AS_OF, sampleFor } from '../sample/samples.ts';
import { type CommandLine, daySchema, partnerSchema, wholeNumberSchema } from '../shared/arguments.ts';
import type { DropOptions } from './drop.ts';

/** As long as a Lambda function may run. A shorter time-out would give up on runs that are still going well. */
const DEFAULT_TIMEOUT_SECONDS = '900';

const common = {
  partner: partnerSchema.default('default'),
  'as-of': daySchema.optional(),
  out: z.string().min(1, '--out must name a directory').optional(),
  timeout: wholeNumberSchema('timeout', 1).prefault(DEFAULT_TIMEOUT_SECONDS),
  json: z.boolean().default(false),
};

const COMMON_OPTIONS = ['partner', 'as-of', 'out', 'timeout'] as const;
const COMMON_FLAGS = ['json'] as const;

const COMMON_USAGE = `  --partner NAME   whose file it is (default: default)
  --as-of DATE     day that features are computed for, YYYY-MM-DD (default: the day of the upload)
  --out DIR        where the report's files go, ${Object.values(OUTPUTS)
    .map(({ file }) => file)
    .join(', ')}
                   (default: out/<run id>)
  --timeout SECS   give up after so long without progress (default: ${DEFAULT_TIMEOUT_SECONDS})
  --json           print the summary as JSON, and nothing else, on stdout; progress goes to stderr
  --help           print this; --version prints the program's

Exit code: 0 when every member got an offer, 2 when some failed or too many rows were rejected, 1 when there is no
report or it says FAILED.`;

const WHICH_FILE = 'which file? npm run drop -- FILE.csv';

export const dropCommandLine = {
  usage: `Usage: npm run drop -- FILE.csv|DIR [options]

Drops a file of transactions into the bucket, follows its run and fetches the report. FILE.csv is - for what comes in on
standard input. DIR has files part-*, which are one run; _SUCCESS, which closes their folder, is made.

  --bucket NAME    a deployed bucket, with this machine's AWS credentials (default: BUCKET in the environment,
                   else the local stack that npm start runs)
${COMMON_USAGE}`,
  options: [...COMMON_OPTIONS, 'bucket'],
  flags: COMMON_FLAGS,
  schema: z
    .object({
      ...common,
      file: z.string(WHICH_FILE).min(1, WHICH_FILE),
      bucket: z.string().min(1, '--bucket must name a bucket').optional(),
    })
    .transform(({ bucket, ...options }) => ({ ...dropOptions(options), bucket })),
} satisfies CommandLine<z.ZodType>;

export const demoCommandLine = {
  usage: `Usage: npm run demo [-- FILE.csv|DIR] [options]

Starts a local stack of its own, drops a file of transactions, or the files part-* of a directory, into it, follows the run, fetches the report and stops
the stack. Without a file it takes ${sampleFor('default').file} as of ${SAMPLE_AS_OF}, or that of an
example partner: ${EXAMPLE_NAMES.map((name) => `--partner ${name}`).join(', ')}.

${COMMON_USAGE}

${inWords(REFERENCE_VARIABLES)} in the environment, all of them, take the place of the reference endpoints.`,
  options: COMMON_OPTIONS,
  flags: COMMON_FLAGS,
  schema: z
    .object({ ...common, file: z.string().min(1, 'the name of the file is empty').optional() })
    .transform(({ file, ...options }) =>
      file === undefined
        ? dropOptions({ ...options, file: sampleFor(options.partner).file, 'as-of': options['as-of'] ?? SAMPLE_AS_OF })
        : dropOptions({ ...options, file }),
    ),
} satisfies CommandLine<z.ZodType>;

interface Arguments {
  file: string;
  partner: string;
  'as-of'?: string | undefined;
  out?: string | undefined;
  timeout: number;
  json: boolean;
}

function dropOptions({ file, partner, 'as-of': asOf, out, timeout, json }: Arguments): DropOptions {
  return { path: file, partner, asOf, out, timeoutSeconds: timeout, json };
}
