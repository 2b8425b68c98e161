import * as z from 'zod';
import { type CommandLine, daySchema, partnerSchema } from '../shared/arguments.ts';

const WHAT = 'what is to be done? npm run partner -- check, or new, or schema';

/** What is to be done about partner files. */
export type PartnerOptions =
  | { action: 'check'; name: string | undefined }
  | { action: 'try'; name: string; file: string; asOf: string | undefined; call: boolean }
  | { action: 'new'; name: string; from: string; member: string | undefined }
  | { action: 'schema' };

export const partnerCommandLine = {
  usage: `Usage: npm run partner -- check [NAME] [--file FILE.csv] [--as-of DATE] [--call]
       npm run partner -- new NAME --from FILE.csv [--member TITLE]
       npm run partner -- schema

Looks after the partner files, partners/NAME.yml, which docs/partners.md explains.

check says OK, or what is wrong, by file and line: of one partner, or of all. With a file it says besides which columns
were found for which field and what could not be used, and has the features of ten members.

With --call it calls the partner's endpoints, with their headers. First it asks each server that tells of itself what it
expects, and says for each difference which line of the partner file settles it. Then it has the ten members answered, and
shows the answers. Last it measures for 20 seconds at the most how many members a request had better be about, and says
whether a member is answered the same alone and among others. A server that is down is given up after 3 attempts for each
member, and after 6 in a row for all, unless MAX_ATTEMPTS or MAX_OUTAGE_MS is set.

new writes a first file from the header and the first rows of a CSV or workbook. What it guessed is marked; go over it.

schema writes partners/partner.schema.json, with which editors complete and explain what stands in partner files.

  --file FILE.csv  a file of the partner's, or a directory of parts, files part-*
  --as-of DATE     with a file: day that features are computed for, YYYY-MM-DD (default: today)
  --call           with a file: call the endpoints, at the addresses in the environment
  --from FILE.csv  a file such as those that the partner will drop
  --member TITLE   the column of that file that tells members apart (default: it is guessed)
  --help           print this; --version prints the program's

Exit code: 0 when all is well, else 1.`,
  positionals: ['action', 'name'],
  options: ['file', 'as-of', 'from', 'member'],
  flags: ['call'],
  schema: z
    .object({
      action: z.enum(['check', 'new', 'schema'], WHAT),
      name: partnerSchema.optional(),
      file: z.string().min(1, '--file must name a file').optional(),
      'as-of': daySchema.optional(),
      from: z.string().min(1, '--from must name a file').optional(),
      member: z.string().min(1, '--member must name a column').optional(),
      call: z.boolean().default(false),
    })
    .transform(({ action, name, file, 'as-of': asOf, from, member, call }, context): PartnerOptions => {
      const refuse = (message: string) => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      if (action === 'schema') return { action };
      if (action === 'new') {
        if (name === undefined || from === undefined) return refuse('npm run partner -- new NAME --from FILE.csv');
        return { action, name, from, member };
      }
      if (file === undefined) return call ? refuse('--call goes with --file') : { action, name };
      if (name === undefined) return refuse('--file goes with the name of a partner');
      return { action: 'try', name, file, asOf, call };
    }),
} satisfies CommandLine<z.ZodType>;
