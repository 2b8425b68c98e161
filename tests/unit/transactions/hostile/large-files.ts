import { Readable, type Transform } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import { Zip, ZipDeflate } from 'fflate';
import { REST } from './hostile-file.ts';

const CHUNK = 65_536;

/** A file that is made while it is read, so that it needs no memory itself. */
export interface LargeFile {
  accepted: number;
  rejected: number;
  chunks(): AsyncIterable<Buffer>;
}

async function* repeated(header: string, text: string, bytes: number, end = ''): AsyncGenerator<Buffer> {
  yield Buffer.from(`${header}\n`);
  const chunk = Buffer.from(text.repeat(Math.ceil(CHUNK / text.length)));
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
  yield Buffer.from(`${end}\nA${REST}\n`);
}

/** Packed while it is made. */
function packed(chunks: AsyncGenerator<Buffer>, compressor: Transform): AsyncIterable<Buffer> {
  return Readable.from(chunks).pipe(compressor);
}

/** The same, as the only file of an archive. */
async function* zipped(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const written: Uint8Array[] = [];
  const zip = new Zip((_, chunk) => written.push(chunk));
  const entry = new ZipDeflate('large.csv', { level: 1 });
  zip.add(entry);
  for await (const chunk of chunks) {
    entry.push(chunk);
    yield Buffer.concat(written.splice(0));
  }
  entry.push(new Uint8Array(), true);
  zip.end();
  yield Buffer.concat(written);
}

/** More members, with ids of 540 bytes, than a heap of 128 MB can hold. */
export async function* crowd(header: string): AsyncGenerator<Buffer> {
  yield Buffer.from(`${header}\n`);
  for (let chunk = 0; chunk < 4000; chunk++) {
    const ids = Array.from({ length: 100 }, (_, index) => String(chunk * 100 + index).padStart(540, 'x'));
    yield Buffer.from(ids.map((id) => `${id}${REST}\n`).join(''));
  }
}

/** Files that would take memory, or time that grows with their square, if reading them were not bounded. */
export function largeFiles(header: string): Record<string, LargeFile> {
  const megabytes = (count: number) => count * 1_000_000;
  return {
    'one line of 50 MB': { accepted: 1, rejected: 1, chunks: () => repeated(header, 'x', megabytes(50)) },
    'one quoted cell of 50 MB': { accepted: 1, rejected: 1, chunks: () => repeated(header, '"x"', megabytes(50)) },
    'a quote opened before a line of 50 MB': {
      accepted: 1,
      rejected: 2,
      chunks: () => repeated(`${header}\n"`, 'x', megabytes(50)),
    },
    'one line of 200 MB in a gzip archive of 200 KB': {
      accepted: 1,
      rejected: 1,
      chunks: () => packed(repeated(header, 'x', megabytes(200)), createGzip()),
    },
    'one quoted cell of 200 MB in a Zstandard archive of 20 KB': {
      accepted: 1,
      rejected: 1,
      chunks: () => packed(repeated(header, '"x"', megabytes(200)), createZstdCompress()),
    },
    'one line of 100 MB in a ZIP archive': {
      accepted: 1,
      rejected: 1,
      chunks: () => zipped(repeated(header, 'x', megabytes(100))),
    },
    'a million rows that do not fit the header, every other one quoted': {
      accepted: 1,
      rejected: 1_000_000,
      chunks: () => repeated(header, 'A\n"B",\n', 3_500_000 - 1),
    },
    'a million lines, each with an open quote': {
      accepted: 1,
      rejected: 1_000_000,
      chunks: () => repeated(header, 'A,"x\n', 5_000_000 - 1),
    },
  };
}
