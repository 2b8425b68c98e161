import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { licenceComplaints, licencePolicySchema, licencesText, shippedLicences } from './dependencies/licences.ts';
import { lockSchema } from './dependencies/lock.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';

const LIST = 'docs/licences.md';

const commandLine = {
  usage: `Usage: npm run licences [-- --check]

Writes the licences of everything that is shipped to ${LIST}, and fails when one is not allowed.

  --check          writes nothing, and fails also when the list is not up to date
  --help           print this; --version prints the program's`,
  options: [],
  flags: ['check'],
  schema: z.object({ file: z.undefined('this takes no file'), check: z.boolean().default(false) }),
};

await runCommand(async () => {
  const options = readArguments(commandLine, process.argv.slice(2));
  if (!options) return 0;
  const licences = shippedLicences(lockSchema.parse(await readJson('package-lock.json')));
  const { allowed } = licencePolicySchema.parse(await readJson('.github/licences.json'));
  const found = licenceComplaints(licences, allowed);
  const text = licencesText(licences);
  if (!options.check) await writeFile(LIST, text);
  else if ((await readFile(LIST, 'utf8')) !== text) found.push(`${LIST} is not up to date: npm run licences`);
  for (const complaint of found) console.error(complaint);
  return found.length ? 1 : 0;
});

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
