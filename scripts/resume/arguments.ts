import * as z from 'zod';
import { type CommandLine, wholeNumberSchema } from '../shared/arguments.ts';

const WHICH_RUN = 'which run? npm run resume -- RUN_ID';
const DEFAULT_TIMEOUT_SECONDS = '900';

export const resumeCommandLine = {
  usage: `Usage: npm run resume -- RUN_ID [options]

Resumes a run that has stopped half-way, or calls the endpoints again for its failed members; then follows the run and
fetches the report.

  --bucket NAME    a deployed bucket, with this machine's AWS credentials (default: BUCKET in the environment,
                   else the local stack that npm start runs)
  --now            resume the run even if it was active within the last hour and may still be at work
  --out DIR        where the report's files go (default: out/<run id>)
  --timeout SECS   give up after so long (default: ${DEFAULT_TIMEOUT_SECONDS})
  --help           print this; --version prints the program's

Exit code: 0 when every member was scored, 2 when some have failed or too many rows were rejected, 1 when there is no
report or it says FAILED.`,
  options: ['bucket', 'out', 'timeout'],
  flags: ['now'],
  positionals: ['runId'],
  schema: z.object({
    runId: z.string(WHICH_RUN).min(1, WHICH_RUN),
    bucket: z.string().min(1, '--bucket must name a bucket').optional(),
    out: z.string().min(1, '--out must name a directory').optional(),
    now: z.literal(true).optional(),
    timeout: wholeNumberSchema('timeout', 1).prefault(DEFAULT_TIMEOUT_SECONDS),
  }),
} satisfies CommandLine<z.ZodType>;
