import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { NeededColumns } from '../../../lib/transactions/columns.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { partsOf } from '../../../lib/transactions/parts.ts';
import { DEFAULT } from '../../default-partner.ts';
import { chunked, csv, HEADER, REST, readFile } from './hostile/hostile-file.ts';

const OPTIONS = { limits: DEFAULT_LIMITS, columns: new NeededColumns(DEFAULT.input) };
const PACK = {
  gzip: (text: string | Buffer) => gzipSync(text),
  Zstandard: (text: string | Buffer) => zstdCompressSync(text),
};
const PACKINGS = Object.entries(PACK);
/** So small that every border of an archive falls between two chunks, larger ones, and all in one. */
const CHUNKS = [1, 7, 20, 1_000_000];

async function textOf(file: Buffer, chunkBytes: number): Promise<string> {
  return Buffer.concat(await chunksOf(chunked(file, chunkBytes))).toString();
}

async function chunksOf(file: AsyncIterable<Buffer>): Promise<Uint8Array[]> {
  const parts = await Array.fromAsync(partsOf({ open: async () => file }, OPTIONS), (part) =>
    'chunks' in part ? Array.fromAsync(part.chunks) : [],
  );
  return parts.flat();
}

/** The message with which unpacking ends. */
async function refusalOf(file: Buffer, chunkBytes: number): Promise<string> {
  return textOf(file, chunkBytes).then(
    (text) => `unpacked: ${text.length}`,
    (error: unknown) => String(error),
  );
}

it('a gzip archive may be padded with zeros, also between its members', async () => {
  for (const chunkBytes of CHUNKS) {
    const file = Buffer.concat([gzipSync('abc'), Buffer.alloc(30), gzipSync('def'), Buffer.alloc(5)]);
    expect(await textOf(file, chunkBytes)).toBe('abcdef');
  }
});

describe.each(PACKINGS)('a file in %s', (name, pack) => {
  const kind = `CSV in ${name}`;
  const archive = name === 'gzip' ? 'gzip archive' : 'Zstandard archive';

  it('is told by its content and read as the CSV that it holds', async () => {
    for (const chunkBytes of CHUNKS) {
      const { aggregates, counts, understood } = await readFile(chunked(pack(csv(`A${REST}`, `B${REST}`)), chunkBytes));
      expect(aggregates.memberIds).toEqual(['A', 'B']);
      expect(counts).toMatchObject({ read: 2, accepted: 2 });
      expect(understood.kind).toBe(kind);
    }
  });

  it.each(CHUNKS)(
    'may have several members, with nothing in some of them, in chunks of %d bytes',
    async (chunkBytes) => {
      const long = 'x,y\n'.repeat(50_000);
      const members = ['', 'abc\n', long, '', 'end'].map((text) => pack(text));
      // A byte at a time, the long one would be for nothing: its borders are those of the others.
      const few = chunkBytes === 1 ? members.toSpliced(2, 1) : members;
      expect(await textOf(Buffer.concat(few), chunkBytes)).toBe(chunkBytes === 1 ? 'abc\nend' : `abc\n${long}end`);
    },
  );

  it('that is cut off anywhere is refused, whatever was read until then', async () => {
    const whole = Buffer.concat([pack('abc'), pack('def')]);
    const first = pack('abc').length;
    for (let bytes = 4; bytes < whole.length; bytes++) {
      const refusal = await refusalOf(whole.subarray(0, bytes), 7);
      if (bytes === first) expect(refusal).toBe('unpacked: 3');
      else expect(refusal).toMatch(/cut off: it ends in the middle; upload it again$|is damaged/);
    }
  });

  it('that is damaged is refused', async () => {
    const text = 'a text that is long enough to be compressed, compressed, compressed';
    const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
    const file = name === 'gzip' ? pack(text) : zstdCompressSync(text, checked);
    // In the checksum, which is at the end of both; of gzip with the length behind it.
    const place = file.length - (name === 'gzip' ? 6 : 2);
    file[place] = (file[place] ?? 0) ^ 0xff;
    expect(await refusalOf(file, 10)).toMatch(new RegExp(`UnusableFileError: the ${archive} is damaged and cannot be`));
  });

  it.each(CHUNKS)('that goes on as no archive is refused, in chunks of %d bytes', async (chunkBytes) => {
    expect(await refusalOf(Buffer.concat([pack('abc'), Buffer.from('def,ghi')]), chunkBytes)).toBe(
      `UnusableFileError: the ${archive} is damaged and cannot be unpacked; pack the file anew, or upload it as it is`,
    );
  });

  it.each(PACKINGS)('within %s is refused', async (outer, packAgain) => {
    const file = packAgain(pack(csv(`A${REST}`)));
    const { unusable } = await readFile(chunked(file, 1000));
    expect(unusable).toBe(
      `not a CSV: what is in the ${outer} archive looks like a ${archive}; unpack it and upload the CSV that is in it`,
    );
  });

  it('may hold no more than a file may', async () => {
    const limits = { ...DEFAULT_LIMITS, fileBytes: 1000 };
    const text = csv(...Array(100).fill(`A${REST}`));
    const { unusable } = await readFile(chunked(pack(text), 1000), limits);
    expect(unusable).toBe(
      `too large: what is in the ${archive} has more than the 1,000 bytes that are read at the most; split it`,
    );
  });

  it('with nothing in it is empty', async () => {
    expect((await readFile(chunked(pack(''), 1000))).unusable).toMatch(/^empty: /);
  });

  it('is let go when no more of it is wanted', async () => {
    let isOpen = false;
    const open = async function* () {
      isOpen = true;
      try {
        for (;;) yield pack('x'.repeat(1000));
      } finally {
        isOpen = false;
      }
    };
    const parts = partsOf({ open: async () => open() }, OPTIONS);
    for await (const part of parts) if ('chunks' in part) for await (const _ of part.chunks) break;
    expect(isOpen).toBe(false);
  });

  it('fails as its source does', async () => {
    const file = (async function* () {
      yield pack('x'.repeat(1000)).subarray(0, 10);
      throw new Error('connection lost');
    })();
    await expect(chunksOf(file)).rejects.toThrow('connection lost');
  });
});

it('a file that is no archive is read as it is', async () => {
  for (const text of ['', 'a', `${HEADER}\n`]) expect(await textOf(Buffer.from(text), 1)).toBe(text);
  expect((await readFile(chunked(Buffer.from(csv(`A${REST}`)), 9))).understood.kind).toBe('CSV');
});

it('Zstandard frames that hold no data, as parallel programs write, are skipped', async () => {
  const skipped = Buffer.from('502a4d18040000000a0b0c0d', 'hex');
  const file = Buffer.concat([skipped, zstdCompressSync('abc'), skipped, zstdCompressSync('def')]);
  for (const chunkBytes of CHUNKS) expect(await textOf(file, chunkBytes)).toBe('abcdef');
});

it('a Zstandard archive that needs a window of more than 128 MiB is refused', async () => {
  // A frame with a window of 256 MiB, and one empty block.
  const file = Buffer.from('28b52ffd0090010000', 'hex');
  expect(await refusalOf(file, 1000)).toBe(
    'UnusableFileError: the Zstandard archive takes more than 128 MiB of memory to unpack; pack the file without --long',
  );
});

it('a Zstandard archive that was packed with a dictionary is refused', async () => {
  // A frame with the id of one, and "hello" as it is.
  const file = Buffer.from('28b52ffd212a0529000068656c6c6f', 'hex');
  expect(await refusalOf(file, 1000)).toBe(
    'UnusableFileError: the Zstandard archive was packed with a dictionary; pack the file without',
  );
});

it('an archive of empty members without end is refused', async () => {
  const empty = zstdCompressSync('');
  const file = chunked(Buffer.concat(Array(20_100).fill(empty)), empty.length * 10_000);
  await expect(chunksOf(file)).rejects.toThrow('more than 20000 members; pack the file anew');
}, 60_000);
