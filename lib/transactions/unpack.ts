import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { UnusableFileError } from './unusable-file.ts';

/** What a file is packed in. */
export interface Packing {
  /** Such as `gzip archive`. */
  archive: string;
  /** Such as `CSV in gzip`. */
  kind: string;
  /** Whether a member of such an archive begins with these bytes, of which there are at least `BEGINNING_BYTES`. */
  beginsWith(bytes: Buffer): boolean;
  /** Whether zeros may follow a member. */
  isPadded: boolean;
  decompressor(): Gunzip | ZstdDecompress;
}

/** Bytes by which a packing is told. */
const BEGINNING_BYTES = 4;
/** Large enough that few chunks are handed on, small enough that no archive takes much memory. */
const OUTPUT_BYTES = 64 * 1024;
/** The largest window that Zstandard has without being asked for a larger one: 128 MiB. */
const MAX_WINDOW_LOG = 27;
/**
 * An archive may have several members, one after the other, as programs write that compress in parallel. Each that ends
 * within a chunk costs a decompressor, so that there are no more of them than are unpacked in seconds.
 */
const MAX_MEMBERS = 100_000;

const GZIP: Packing = {
  archive: 'gzip archive',
  kind: 'CSV in gzip',
  beginsWith: (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b,
  isPadded: true,
  decompressor: () => createGunzip({ chunkSize: OUTPUT_BYTES }),
};

const ZSTANDARD: Packing = {
  archive: 'Zstandard archive',
  kind: 'CSV in Zstandard',
  beginsWith: (bytes) => {
    const magic = bytes.readUInt32LE();
    // The other numbers are those of frames that hold no data.
    return magic === 0xfd2fb528 || (magic >= 0x184d2a50 && magic <= 0x184d2a5f);
  },
  isPadded: false,
  decompressor: () =>
    createZstdDecompress({ chunkSize: OUTPUT_BYTES, params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } }),
};

const PACKINGS: readonly Packing[] = [GZIP, ZSTANDARD];

/** A file's bytes, out of what it is packed in, if it is. */
export interface Unpacked {
  packing: Packing | undefined;
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * Unpacks a file that is a gzip or Zstandard archive, by what it begins with, while it is read. Nothing but a few
 * chunks is in memory, whatever the archive expands to.
 * @returns chunks that throw an UnusableFileError where the archive is cut off, damaged, or goes on as none
 */
export async function unpack(chunks: AsyncIterable<Uint8Array>): Promise<Unpacked> {
  const supply = new Supply(chunks);
  const beginning = await supply.peek();
  const packing =
    beginning.length < BEGINNING_BYTES ? undefined : PACKINGS.find(({ beginsWith }) => beginsWith(beginning));
  return { packing, chunks: packing === undefined ? supply.rest() : members(supply, packing) };
}

/** What all members of an archive hold, one after the other. */
async function* members(supply: Supply, packing: Packing): AsyncGenerator<Buffer> {
  try {
    for (let count = 1; await isMemberNext(supply, packing); count++) {
      if (count > MAX_MEMBERS) {
        throw new UnusableFileError(`the ${packing.archive} has more than ${MAX_MEMBERS} members; pack the file anew`);
      }
      yield* member(supply, packing);
    }
  } finally {
    await supply.close();
  }
}

/** @throws UnusableFileError when something else is next */
async function isMemberNext(supply: Supply, { archive, beginsWith, isPadded }: Packing): Promise<boolean> {
  if (isPadded) await supply.skipZeros();
  const next = await supply.peek();
  if (next.length === 0) return false;
  if (next.length < BEGINNING_BYTES || !beginsWith(next)) throw damaged(archive);
  return true;
}

function damaged(archive: string, cause?: unknown): UnusableFileError {
  const reason = `the ${archive} is damaged and cannot be unpacked; pack the file anew, or upload it as it is`;
  return new UnusableFileError(reason, { cause });
}

async function* member(supply: Supply, { archive, decompressor }: Packing): AsyncGenerator<Buffer> {
  const stream = decompressor();
  const feeding = new Feeding(supply, stream);
  const failures: unknown[] = [];
  feeding.run().catch((error: unknown) => {
    failures.push(error);
    stream.destroy();
  });
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    // Of what the file's source says first, not of the stream, which is broken off by it.
    throw failures[0] ?? reasonOf(error, archive);
  } finally {
    stream.destroy();
  }
  supply.putBack(feeding.untaken);
}

/** Gives a decompressor one chunk after the other. */
class Feeding {
  readonly #supply: Supply;
  readonly #stream: Gunzip | ZstdDecompress;
  #chunk: Buffer = Buffer.alloc(0);
  #takenBefore = 0;

  constructor(supply: Supply, stream: Gunzip | ZstdDecompress) {
    this.#supply = supply;
    this.#stream = stream;
  }

  /** Gives until the file ends, or the stream does, which then takes no more. */
  async run(): Promise<void> {
    for (let chunk = await this.#supply.next(); chunk !== undefined; chunk = await this.#supply.next()) {
      this.#takenBefore += this.#chunk.length;
      this.#chunk = chunk;
      await new Promise<void>((resolve) => this.#stream.write(chunk, () => resolve()));
      if (this.untaken.length > 0) return;
    }
    this.#stream.end();
  }

  /** What the stream has left of the last chunk, when it has ended: a member may end anywhere in it. */
  get untaken(): Buffer {
    return this.#chunk.subarray(this.#stream.bytesWritten - this.#takenBefore);
  }
}

/** Why an archive cannot be unpacked; any other error is none of the archive's. */
function reasonOf(error: unknown, archive: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (!/^Z(?:STD)?_/.test(code)) return error;
  if (code === 'Z_BUF_ERROR') {
    return new UnusableFileError(`the ${archive} is cut off: it ends in the middle; upload it again`, { cause: error });
  }
  if (code === 'ZSTD_error_frameParameter_windowTooLarge') {
    return new UnusableFileError(
      `the ${archive} takes more than 128 MiB of memory to unpack; pack the file without --long`,
      { cause: error },
    );
  }
  return damaged(archive, error);
}

/** A file's chunks, which can be looked at before they are taken. */
class Supply {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #pending: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** What comes next, at least the bytes by which a packing is told; fewer at the end of the file. */
  async peek(): Promise<Buffer> {
    while (this.#pending.length < BEGINNING_BYTES) {
      const chunk = await this.#read();
      if (chunk === undefined) break;
      this.#pending = Buffer.concat([this.#pending, chunk]);
    }
    return this.#pending;
  }

  async skipZeros(): Promise<void> {
    for (;;) {
      const end = this.#pending.findIndex((byte) => byte !== 0);
      this.#pending = this.#pending.subarray(end < 0 ? this.#pending.length : end);
      if (end >= 0) return;
      const chunk = await this.#read();
      if (chunk === undefined) return;
      this.#pending = chunk;
    }
  }

  async next(): Promise<Buffer | undefined> {
    const pending = this.#pending;
    this.#pending = Buffer.alloc(0);
    return pending.length > 0 ? pending : this.#read();
  }

  putBack(bytes: Buffer): void {
    this.#pending = bytes;
  }

  async *rest(): AsyncGenerator<Buffer> {
    try {
      for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk;
    } finally {
      await this.close();
    }
  }

  /** Lets the file go, however far it was read. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #read(): Promise<Buffer | undefined> {
    const { done, value } = await this.#iterator.next();
    return done === true ? undefined : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
