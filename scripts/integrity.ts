import { readFile } from 'node:fs/promises';
import { runCommand } from './cli/command.ts';
import { integrityComplaints } from './dependencies/integrity.ts';
import { lockSchema } from './dependencies/lock.ts';

const LOCK = 'package-lock.json';

await runCommand(async () => {
  const found = integrityComplaints(lockSchema.parse(JSON.parse(await readFile(LOCK, 'utf8'))));
  for (const complaint of found) console.error(`${LOCK}: ${complaint}`);
  return found.length ? 1 : 0;
});
