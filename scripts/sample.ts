import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sampleCommandLine } from './sample/arguments.ts';
import { SAMPLES } from './sample/samples.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { chunked } from './shared/line-chunks.ts';

await runCommand(async (signal) => {
  const options = readArguments(sampleCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const { out, partner, ...sample } = options;
  await mkdir(dirname(out), { recursive: true });
  await pipeline(Readable.from(chunked(SAMPLES[partner].lines(sample))), createWriteStream(out), { signal });
  console.log(`${out}: ${sample.members} members, seed ${sample.seed}, as of ${sample.asOf}`);
  return 0;
});
