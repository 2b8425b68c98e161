/**
 * Reads a large hostile file in a process of its own and prints what came of it, how long that took and the memory it
 * had at the most:
 *
 *     node tests/unit/transactions/hostile/read-large.ts "one line of 50 MB"
 */
import { TransactionReader } from '../../../../lib/transactions/reader.ts';
import { UnusableFileError } from '../../../../lib/transactions/unusable-file.ts';
import { peakMegabytes } from '../../../../local/process/peak-memory.ts';
import { DEFAULT, defaultAggregates } from '../../../default-partner.ts';
import { HEADER } from './hostile-file.ts';
import { crowd, type LargeFile, largeFiles } from './large-files.ts';

const AS_OF_DAY = 19_753;
const [name = ''] = process.argv.slice(2);
const files: Record<string, Pick<LargeFile, 'chunks'>> = {
  ...largeFiles(HEADER),
  'a crowd': { chunks: () => crowd(HEADER) },
};
const file = files[name];
if (file === undefined) throw new Error(`no such file; there are: ${Object.keys(files).join(', ')}`);

const megabytesBefore = Math.round(peakMegabytes());
const from = performance.now();
const reader = new TransactionReader(defaultAggregates(AS_OF_DAY), {
  input: DEFAULT.input,
  asOfDay: AS_OF_DAY,
  reject: async () => undefined,
});
const unusable = await reader.read([{ open: async () => file.chunks() }]).catch((error: unknown) => {
  if (error instanceof UnusableFileError) return error.message;
  throw error;
});
const milliseconds = Math.round(performance.now() - from);
const megabytes = Math.round(peakMegabytes());
console.log(JSON.stringify({ ...reader.counts, unusable, milliseconds, megabytesBefore, megabytes }));
