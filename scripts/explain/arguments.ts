import * as z from 'zod';
import { inWords } from '../../lib/calls.ts';
import { REFERENCE_VARIABLES } from '../../lib/endpoints/reference-calls.ts';
import { DEFAULT_PARTNER } from '../../lib/partners/partners.ts';
import { type CommandLine, daySchema, partnerSchema } from '../shared/arguments.ts';

const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

const WHAT_AND_WHO = 'which file or run, and which member? npm run explain -- FILE.csv|RUN_ID MEMBER_ID';

/** What is to be explained: a member of a file on this machine, or of a run in a bucket. */
export type ExplainOptions = { memberId: string; json: boolean } & (
  | { path: string; partner: string; asOf: string | undefined }
  | { runId: string; bucket: string | undefined }
);

export const explainCommandLine = {
  usage: `Usage: npm run explain -- FILE.csv MEMBER_ID [--partner NAME] [--as-of DATE] [--json]
       npm run explain -- RUN_ID MEMBER_ID [--bucket NAME] [--json]

Tells why a member got an offer: the member's transactions, each feature with its arithmetic, what the endpoints were
asked and answered, the offer, and how long every call took. FILE.csv may be a directory of parts, files part-*.

Of a file on this machine the features are computed, as the partner's file says, and the endpoints are called now: those
that the partner's file names, with their addresses in the environment. Where none of ${inWords(REFERENCE_VARIABLES)}
is set, the reference endpoints are started for those of default.yml. Of a run it is what the run has found.

  --partner NAME   with a file: whose partners/NAME.yml counts (default: default)
  --as-of DATE     with a file: day that features are computed for, YYYY-MM-DD (default: today)
  --bucket NAME    with a run: a deployed bucket, with this machine's AWS credentials (default: BUCKET in the
                   environment, else the local stack that npm start runs)
  --json           print everything as one JSON document
  --help           print this; --version prints the program's

Put -- before a member id that begins with a dash.

Exit code: 0 when the member was scored, 2 when it failed, 1 when there is no such member or no result.`,
  positionals: ['file', 'member'],
  options: ['partner', 'as-of', 'bucket'],
  flags: ['json'],
  schema: z
    .object({
      file: z.string(WHAT_AND_WHO).min(1, WHAT_AND_WHO),
      member: z.string(WHAT_AND_WHO).trim().min(1, WHAT_AND_WHO),
      partner: partnerSchema.optional(),
      'as-of': daySchema.optional(),
      bucket: z.string().min(1, '--bucket must name a bucket').optional(),
      json: z.boolean().default(false),
    })
    .refine(({ file, 'as-of': asOf }) => !RUN_ID.test(file) || asOf === undefined, {
      error: '--as-of is for files: a run has the day that it was made for',
    })
    .refine(({ file, partner }) => !RUN_ID.test(file) || partner === undefined, {
      error: '--partner is for files: a run has the partner that it was made for',
    })
    .refine(({ file, bucket }) => RUN_ID.test(file) || bucket === undefined, {
      error: '--bucket is for runs: a file is read on this machine',
    })
    .transform(({ file, member, partner = DEFAULT_PARTNER, 'as-of': asOf, bucket, json }): ExplainOptions => {
      const common = { memberId: member, json };
      return RUN_ID.test(file) ? { ...common, runId: file, bucket } : { ...common, path: file, partner, asOf };
    }),
} satisfies CommandLine<z.ZodType>;
