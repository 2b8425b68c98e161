import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { textTable } from './shared/text-table.ts';
import { throttlingCommandLine } from './throttling/arguments.ts';
import { throttledBatchesTable, throttledMembersTable } from './throttling/tables.ts';

await runCommand(async () => {
  const options = readArguments(throttlingCommandLine, process.argv.slice(2));
  if (!options) return 0;
  console.log(textTable(await throttledBatchesTable(options)).join('\n'));
  console.log(`\none run\n${textTable(await throttledMembersTable(1, options)).join('\n')}`);
  console.log(
    `\ntwo runs at once, until both have ended\n${textTable(await throttledMembersTable(2, options)).join('\n')}`,
  );
  return 0;
});
