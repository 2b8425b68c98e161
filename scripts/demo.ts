import { readArguments } from './cli/arguments.ts';
import { runCommand } from './cli/command.ts';
import { demoCommandLine } from './cli/drop-arguments.ts';
import { dropFile } from './cli/drop-file.ts';
import { startStack } from './cli/stack-process.ts';
import { localTarget } from './cli/target.ts';
import { sizeOfFile } from './cli/upload.ts';

await runCommand(async (signal) => {
  const options = readArguments(demoCommandLine, process.argv.slice(2));
  if (!options) return 0;
  // Starting a stack takes seconds; a mistyped name should not.
  await sizeOfFile(options.path);
  console.log('starting a local stack');
  const stack = await startStack(signal);
  try {
    return await dropFile(localTarget(stack.directory), options, signal);
  } catch (error) {
    if (!signal.aborted) console.error(await stack.logTail());
    throw error;
  } finally {
    await stack.stop();
  }
});
