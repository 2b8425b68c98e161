import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { DEFAULT_LIMITS } from '../../lib/transactions/limits.ts';
import { TransactionReader } from '../../lib/transactions/reader.ts';
import { partitioned } from './accounts.ts';
import { DEFAULT_DEFINITION, defaultAggregates } from './default-aggregates.ts';

const rangeSchema = z.object({ from: z.number(), to: z.number() });

const readingSchema = z.object({
  file: z.string(),
  asOf: z.string(),
  header: rangeSchema,
  rows: rangeSchema,
  /** The files for the members' accounts, one per partition. */
  out: z.array(z.string()),
});
type Reading = z.infer<typeof readingSchema>;

/** The result of reading. */
const readSchema = z.object({
  rows: z.number(),
  members: z.number(),
  /** Memory that the members need, see the aggregates. */
  memberBytes: z.number(),
  seconds: z.number(),
  /** The largest resident memory of the process. */
  peakBytes: z.number(),
});
export type Read = z.infer<typeof readSchema>;

/** Reads rows like the features stage, in a process of its own, so that its memory can be measured. */
export async function readInProcess(reading: Reading, signal: AbortSignal): Promise<Read> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, JSON.stringify(reading)], {
    signal,
  });
  return readSchema.parse(JSON.parse(stdout));
}

if (import.meta.main) console.log(JSON.stringify(await read(readingSchema.parse(JSON.parse(process.argv[2] ?? '')))));

async function read({ file, asOf, header, rows, out }: Reading): Promise<Read> {
  let peakBytes = 0;
  const chunks = async function* () {
    for (const { from, to } of [header, rows]) {
      for await (const chunk of createReadStream(file, { start: from, end: to - 1 })) {
        yield chunk;
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
      }
    }
  };
  const aggregates = defaultAggregates(asOf);
  // The single pass is made whatever the file's size.
  const unlimited = Number.POSITIVE_INFINITY;
  const limits = {
    ...DEFAULT_LIMITS,
    fileBytes: unlimited,
    members: unlimited,
    memberBytes: unlimited,
    rejectedRows: unlimited,
  };
  const reader = new TransactionReader(aggregates, {
    input: DEFAULT_DEFINITION.input,
    asOfDay: aggregates.asOfDay,
    reject: async () => undefined,
    limits,
  });
  const startedAt = performance.now();
  await reader.read([{ open: async () => chunks() }]);
  const seconds = (performance.now() - startedAt) / 1000;
  const stored = partitioned(aggregates, out.length);
  for (const [index, path] of out.entries()) await writeFile(path, stored[index] ?? '');
  return { rows: reader.counts.read, members: aggregates.size, memberBytes: aggregates.bytes, seconds, peakBytes };
}
