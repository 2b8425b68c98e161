import { readFile } from 'node:fs/promises';
import { advisoriesIn, npmAudit } from './dependencies/advisories.ts';
import { auditPolicySchema, complaints } from './dependencies/audit-policy.ts';
import { bareCommandLine, readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';

const POLICY = '.github/audit.json';

const commandLine = bareCommandLine(`Usage: npm run audit

Fails when an advisory concerns what is installed, unless ${POLICY} accepts it. Needs the network.`);

await runCommand(async () => {
  const options = readArguments(commandLine, process.argv.slice(2));
  if (!options) return 0;
  const policy = auditPolicySchema.parse(JSON.parse(await readFile(POLICY, 'utf8')));
  const advisories = advisoriesIn(await npmAudit());
  const found = complaints(policy, advisories, new Date().toISOString().slice(0, 10));
  for (const complaint of found) console.error(complaint);
  const { severity, exceptions } = policy;
  console.log(
    `${advisories.length} advisories, ${exceptions.length} of them accepted in ${POLICY}; ` +
      (found.length ? `${found.length} to be dealt with` : `none other is ${severity} or worse`),
  );
  return found.length ? 1 : 0;
});
