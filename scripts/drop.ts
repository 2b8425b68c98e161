import { stackDirectory } from '../local/stack.ts';
import { dropCommandLine } from './drop/arguments.ts';
import { drop } from './drop/drop.ts';
import { inputToDrop } from './drop/upload.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { deployedTarget, localTarget } from './shared/target.ts';

await runCommand(async (signal) => {
  const options = readArguments(dropCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const bucket = options.bucket ?? process.env.BUCKET;
  // Checked first, so that a mistyped name is reported even when no stack is running.
  const input = await inputToDrop(options.path);
  const target = bucket ? deployedTarget(bucket) : localTarget(stackDirectory());
  return drop(target, input, options, signal);
});
