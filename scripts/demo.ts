import { printableLines } from '../local/terminal/printable.ts';
import { demoCommandLine } from './drop/arguments.ts';
import { drop, progressStream } from './drop/drop.ts';
import { inputToDrop } from './drop/upload.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { makeDirectory, REPORTS_DIRECTORY } from './shared/report-download.ts';
import { startStackProcess } from './shared/stack-process.ts';
import { localTarget } from './shared/target.ts';

await runCommand(async (signal) => {
  const options = readArguments(demoCommandLine, process.argv.slice(2));
  if (!options) return 0;
  // Checked first, so that a mistyped name fails at once and not after the stack has started.
  const input = await inputToDrop(options.path);
  await makeDirectory(options.out ?? REPORTS_DIRECTORY);
  progressStream(options).write('starting a local stack, which takes about ten seconds\n');
  const stack = await startStackProcess(signal);
  try {
    // No run of this stack can be resumed, because the stack ends with this command.
    return await drop({ ...localTarget(stack.directory), resumeCommand: undefined }, input, options, signal);
  } catch (error) {
    if (!signal.aborted) console.error(printableLines(await stack.logTail()));
    throw error;
  } finally {
    await stack.stop();
  }
});
