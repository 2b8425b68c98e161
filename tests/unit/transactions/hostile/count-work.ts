/**
 * Reads each repetitive file in two sizes and prints how much work that was. Work is counted, not timed, so that it is
 * the same on any machine: how often each block of the reader's code was run, and the bytes that it gave to what
 * searches, decodes and copies them.
 *
 *     node tests/unit/transactions/hostile/count-work.ts
 */
import { Session } from 'node:inspector/promises';
import { DEFAULT_LIMITS } from '../../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../../lib/transactions/reader.ts';
import { UnusableFileError } from '../../../../lib/transactions/unusable-file.ts';
import { DEFAULT } from '../../../default-partner.ts';
import { chunked } from './hostile-file.ts';
import { REPETITIVE_FILES } from './repetitive-files.ts';

const SMALL_BYTES = 3 * 2 ** 15;
const LARGE_BYTES = 4 * SMALL_BYTES;
/** What is waited for is given up soon, and hardly ever. */
const LINE_BYTES = [2 ** 13, 2 ** 24];

let bytesGiven = 0;

const { indexOf, lastIndexOf, includes, toString: decode } = Buffer.prototype;
const { concat } = Buffer;

Buffer.prototype.indexOf = function (this: Buffer, value: number, from = 0) {
  const found = indexOf.call(this, value, from);
  bytesGiven += (found < 0 ? this.length : found) - from;
  return found;
};
Buffer.prototype.lastIndexOf = function (this: Buffer, value: number) {
  const found = lastIndexOf.call(this, value);
  bytesGiven += this.length - found;
  return found;
};
Buffer.prototype.includes = function (this: Buffer, value: number) {
  bytesGiven += this.length;
  return includes.call(this, value);
};
Buffer.prototype.toString = function (this: Buffer, encoding?: BufferEncoding, from = 0, to = this.length) {
  bytesGiven += to - from;
  return decode.call(this, encoding, from, to);
};
Buffer.concat = (list: readonly Uint8Array[]) => {
  const bytes = concat(list);
  bytesGiven += bytes.length;
  return bytes;
};

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

async function blocksRun(): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => url.includes('/lib/'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0);
}

async function workFor(file: Buffer, lineBytes: number): Promise<number> {
  bytesGiven = 0;
  const reader = new TransactionReader(
    { add: () => undefined },
    {
      input: DEFAULT.input,
      asOfDay: 19_753,
      reject: async () => undefined,
      limits: { ...DEFAULT_LIMITS, lineBytes },
    },
  );
  await reader.read([{ open: async () => chunked(file, 10_007) }]).catch((error: unknown) => {
    if (!(error instanceof UnusableFileError)) throw error;
  });
  const bytes = bytesGiven;
  return bytes + (await blocksRun());
}

for (const [name, file] of Object.entries(REPETITIVE_FILES)) {
  for (const lineBytes of LINE_BYTES) {
    const small = await workFor(file(SMALL_BYTES), lineBytes);
    const large = await workFor(file(LARGE_BYTES), lineBytes);
    console.log(JSON.stringify({ name, lineBytes, small: small / SMALL_BYTES, large: large / LARGE_BYTES }));
  }
}
