import { readFile } from 'node:fs/promises';
import { integrityComplaints } from './dependencies/integrity.ts';
import { lockSchema } from './dependencies/lock.ts';
import { bareCommandLine, readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';

const LOCK = 'package-lock.json';

const commandLine = bareCommandLine(`Usage: npm run check

Checks types, format, workflows and licences, and at last whether ${LOCK} names for each package where it comes from and
what it holds.`);

await runCommand(async () => {
  const options = readArguments(commandLine, process.argv.slice(2));
  if (!options) return 0;
  const found = integrityComplaints(lockSchema.parse(JSON.parse(await readFile(LOCK, 'utf8'))));
  for (const complaint of found) console.error(`${LOCK}: ${complaint}`);
  return found.length ? 1 : 0;
});
