import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartnerOptions, partnerCommandLine } from './partner/arguments.ts';
import { checkPartners, verdict } from './partner/check.ts';
import { writeFirstFile } from './partner/first-file.ts';
import { JSON_SCHEMA_FILE, partnerJsonSchema } from './partner/json-schema.ts';
import { tryFile } from './partner/trial.ts';
import { trialText } from './partner/trial-text.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { PROJECT, projectPartner } from './shared/project-partners.ts';

await runCommand(async () => {
  const options = readArguments(partnerCommandLine, process.argv.slice(2));
  if (options) await act(options);
  return 0;
});

async function act(options: PartnerOptions): Promise<void> {
  switch (options.action) {
    case 'check':
      checkPartners(options.name);
      return;
    case 'try': {
      const { definition } = projectPartner(options.name);
      const trial = await tryFile(options.file, definition, options.asOf);
      console.log(`${verdict(options.name)}\n\n${trialText(options.file, trial, definition)}`);
      return;
    }
    case 'new': {
      const path = await writeFirstFile(options.name, options.from);
      console.log(
        `${path}: go over what is marked as guessed, then npm run partner -- check ${options.name} --file ${options.from}`,
      );
      return;
    }
    case 'schema':
      await writeFile(join(PROJECT, JSON_SCHEMA_FILE), partnerJsonSchema());
      console.log(JSON_SCHEMA_FILE);
  }
}
