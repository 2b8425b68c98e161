import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartnerOptions, partnerCommandLine } from './partner/arguments.ts';
import { checkCalls } from './partner/calls.ts';
import { checkPartners, verdict } from './partner/check.ts';
import { writeFirstFile } from './partner/first-file.ts';
import { JSON_SCHEMA_FILE, partnerJsonSchema } from './partner/json-schema.ts';
import { tryFile } from './partner/trial.ts';
import { trialText } from './partner/trial-text.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { PROJECT, projectPartner } from './shared/project-partners.ts';
import { readScoring } from './shared/scoring.ts';
import { columnsOf } from './shared/wrapping.ts';

/** In a run members would be lost; here a person waits. */
const BRIEF = { attempts: 3, outageAfter: 6, maxOutageMs: 0 };

await runCommand(async () => {
  const options = readArguments(partnerCommandLine, process.argv.slice(2));
  return options ? act(options) : 0;
});

/** @returns the exit code */
async function act(options: PartnerOptions): Promise<number> {
  switch (options.action) {
    case 'check':
      checkPartners(options.name);
      return 0;
    case 'try':
      return tryOut(options);
    case 'new': {
      const path = await writeFirstFile(options.name, options.from, options.member);
      console.log(
        `${path}: go over what is marked as guessed, then npm run partner -- check ${options.name} --file ${options.from}`,
      );
      return 0;
    }
    case 'schema':
      await writeFile(join(PROJECT, JSON_SCHEMA_FILE), partnerJsonSchema());
      console.log(JSON_SCHEMA_FILE);
      return 0;
  }
}

async function tryOut({ name, file, asOf, call }: Extract<PartnerOptions, { action: 'try' }>): Promise<number> {
  const { definition } = projectPartner(name);
  // What is wrong with the environment should be told before a large file is read.
  const scoring = call ? readScoring({ name, definition }) : undefined;
  const trial = await tryFile(file, definition, asOf);
  console.log(`${verdict(name)}\n\n${trialText(file, trial, definition, columnsOf(process.stdout))}`);
  if (scoring === undefined) return 0;
  console.log();
  const settings = { ...scoring, resilience: { ...scoring.resilience, ...(isPatient() ? {} : BRIEF) } };
  const print = (text: string) => console.log(`${text}\n`);
  return (await checkCalls({ settings, trial, print, columns: columnsOf(process.stdout) })) ? 0 : 1;
}

/** Whether somebody has said how long to try. */
function isPatient(): boolean {
  return ['MAX_ATTEMPTS', 'MAX_OUTAGE_MS', 'PATIENCE_MS'].some((variable) => process.env[variable]);
}
