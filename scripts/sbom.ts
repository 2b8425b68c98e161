import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { bareCommandLine, readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';

const SBOM = 'out/sbom.json';

const commandLine = bareCommandLine(`Usage: npm run sbom

Writes what is shipped, with versions and licences, to ${SBOM}, in CycloneDX.`);

await runCommand(async (signal) => {
  const options = readArguments(commandLine, process.argv.slice(2));
  if (!options) return 0;
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
  const { stdout } = await promisify(execFile)('npm', args, { maxBuffer: 64 << 20, signal });
  await mkdir(dirname(SBOM), { recursive: true });
  await writeFile(SBOM, stdout);
  return 0;
});
