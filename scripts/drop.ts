import { stackDirectory } from '../local/stack.ts';
import { readArguments } from './cli/arguments.ts';
import { runCommand } from './cli/command.ts';
import { dropCommandLine } from './cli/drop-arguments.ts';
import { dropFile } from './cli/drop-file.ts';
import { deployedTarget, localTarget } from './cli/target.ts';
import { sizeOfFile } from './cli/upload.ts';

await runCommand(async (signal) => {
  const options = readArguments(dropCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const bucket = options.bucket ?? process.env.BUCKET;
  // A mistyped name should be told as such, whether a stack is running or not.
  await sizeOfFile(options.path);
  const target = bucket ? deployedTarget(bucket) : localTarget(stackDirectory());
  return dropFile(target, options, signal);
});
