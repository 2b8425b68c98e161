import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readArguments } from './cli/arguments.ts';
import { runCommand } from './cli/command.ts';
import { chunked } from './cli/line-chunks.ts';
import { sampleCommandLine } from './cli/sample-arguments.ts';
import { sampleLines } from './cli/sample-rows.ts';

await runCommand(async (signal) => {
  const options = readArguments(sampleCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const { out, ...sample } = options;
  await mkdir(dirname(out), { recursive: true });
  await pipeline(Readable.from(chunked(sampleLines(sample))), createWriteStream(out), { signal });
  console.log(`${out}: ${sample.members} members, seed ${sample.seed}, as of ${sample.asOf}`);
  return 0;
});
