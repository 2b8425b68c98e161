import { existsSync } from 'node:fs';
import * as z from 'zod';
import { type CommandLine, wholeNumberSchema } from '../shared/arguments.ts';

const WHICH = 'which folder of lib? npm run mutation -- lib/members';

export const mutationCommandLine = {
  usage: `Usage: npm run mutation -- FOLDER [options]

Changes the code of a folder of lib in many small ways, one at a time, and runs the unit tests that pass the change:
a test should fail. Prints what no test noticed.

  --tests PATHS    files or folders of tests, separated by commas (default: the folder of the same name in tests/unit)
  --processes N    how many mutants are tried at a time (default: 1)
  --help           print this; --version prints the program's

FOLDER may be a single file. Exit code: 0, whatever was noticed; 1 when tests fail without any change.`,
  positionals: ['folder'],
  options: ['tests', 'processes'],
  schema: z
    .object({
      folder: z
        .string(WHICH)
        .regex(/^lib\/[^.]/, WHICH)
        .refine(existsSync, { error: ({ input }) => `there is no ${input}` }),
      tests: z.string().optional(),
      processes: wholeNumberSchema('processes', 1).prefault('1'),
    })
    .transform(({ folder, tests, ...options }) => ({
      ...options,
      folder,
      tests: tests?.split(',') ?? [testsOf(folder)],
    })),
} satisfies CommandLine<z.ZodType>;

export type MutationOptions = z.infer<typeof mutationCommandLine.schema>;

function testsOf(folder: string): string {
  return folder.replace(/^lib/, 'tests/unit').replace(/\/[^/]+\.ts$/, '');
}
