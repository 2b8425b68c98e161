import { printableLines } from '../local/terminal/printable.ts';
import { readArguments } from './cli/arguments.ts';
import { runCommand } from './cli/command.ts';
import { demoCommandLine } from './cli/drop-arguments.ts';
import { dropFile, progressStream } from './cli/drop-file.ts';
import { makeDirectory, REPORTS_DIRECTORY } from './cli/drop-report.ts';
import { startStack } from './cli/stack-process.ts';
import { localTarget } from './cli/target.ts';
import { sizeOfFile } from './cli/upload.ts';

await runCommand(async (signal) => {
  const options = readArguments(demoCommandLine, process.argv.slice(2));
  if (!options) return 0;
  // Starting a stack takes seconds; a mistyped name should not.
  await sizeOfFile(options.path);
  await makeDirectory(options.out ?? REPORTS_DIRECTORY);
  progressStream(options).write('starting a local stack, which takes about ten seconds\n');
  const stack = await startStack(signal);
  try {
    // Nothing of it can be resumed: the stack ends.
    return await dropFile({ ...localTarget(stack.directory), resumeCommand: undefined }, options, signal);
  } catch (error) {
    if (!signal.aborted) console.error(printableLines(await stack.logTail()));
    throw error;
  } finally {
    await stack.stop();
  }
});
