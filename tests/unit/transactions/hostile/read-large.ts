/**
 * Reads a large hostile file in a process of its own and prints how long that took and the memory it had at the most:
 *
 *     node tests/unit/transactions/hostile/read-large.ts "one line of 50 MB"
 */
import { TransactionReader } from '../../../../lib/transactions/reader.ts';
import { HEADER } from './hostile-file.ts';
import { largeFiles } from './large-files.ts';

const [name = ''] = process.argv.slice(2);
const files = largeFiles(HEADER);
const file = files[name];
if (file === undefined) throw new Error(`no such file; there are: ${Object.keys(files).join(', ')}`);

const megabytesOf = (kibibytes: number) => Math.round((kibibytes * 1024) / 1e6);
const megabytesBefore = megabytesOf(process.resourceUsage().maxRSS);
const from = performance.now();
const reader = new TransactionReader({ add: () => undefined }, 19_753, async () => undefined);
await reader.read(file.chunks());
const milliseconds = Math.round(performance.now() - from);
const megabytes = megabytesOf(process.resourceUsage().maxRSS);
console.log(JSON.stringify({ ...reader.counts, milliseconds, megabytesBefore, megabytes }));
