import { readFile } from 'node:fs/promises';
import { runCommand } from './cli/command.ts';
import { advisoriesIn, npmAudit } from './dependencies/advisories.ts';
import { auditPolicySchema, complaints } from './dependencies/audit-policy.ts';

const POLICY = '.github/audit.json';

await runCommand(async () => {
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
