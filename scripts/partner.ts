import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answersText } from './partner/answers-text.ts';
import { type PartnerOptions, partnerCommandLine } from './partner/arguments.ts';
import { checkPartners, verdict } from './partner/check.ts';
import { writeFirstFile } from './partner/first-file.ts';
import { JSON_SCHEMA_FILE, partnerJsonSchema } from './partner/json-schema.ts';
import { tryFile } from './partner/trial.ts';
import { trialText } from './partner/trial-text.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { PROJECT, projectPartner } from './shared/project-partners.ts';
import { askEndpoints, readScoring } from './shared/scoring.ts';

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
  console.log(`${verdict(name)}\n\n${trialText(file, trial, definition)}`);
  if (scoring === undefined) return 0;
  const asked = await askEndpoints(scoring, trial.shown);
  console.log(`\n${answersText(asked, definition)}`);
  return asked.members.every(({ outcome }) => outcome.status === 'SCORED') ? 0 : 1;
}
