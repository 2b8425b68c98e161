import { stackDirectory } from '../local/stack.ts';
import { dropCommandLine } from './drop/arguments.ts';
import { dropFile } from './drop/drop-file.ts';
import { sizeOfFile } from './drop/upload.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { deployedTarget, localTarget } from './shared/target.ts';

await runCommand(async (signal) => {
  const options = readArguments(dropCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const bucket = options.bucket ?? process.env.BUCKET;
  // Checked first, so that a mistyped name is reported even when no stack is running.
  await sizeOfFile(options.path);
  const target = bucket ? deployedTarget(bucket) : localTarget(stackDirectory());
  return dropFile(target, options, signal);
});
