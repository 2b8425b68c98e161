import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { damaged, reasonOf } from './damaged.ts';
import type { Decompressor, Supply } from './supply.ts';
import { UnusableFileError } from './unusable-file.ts';

/** What a file is packed in, as a stream of bytes. */
export interface Packing {
  /** Such as `gzip archive`. */
  archive: string;
  /** Such as `CSV in gzip`. */
  kind: string;
  /** Whether a member of such an archive begins with these bytes, of which there are at least `BEGINNING_BYTES`. */
  beginsWith(bytes: Buffer): boolean;
  /** Whether zeros may follow a member. */
  isPadded: boolean;
  decompressor(): Decompressor;
}

/** Bytes by which a packing is told. */
export const BEGINNING_BYTES = 4;
/** Large enough that few chunks are handed on, small enough that no archive takes much memory. */
export const OUTPUT_BYTES = 64 * 1024;
/** The largest window that Zstandard has without being asked for a larger one: 128 MiB. */
const MAX_WINDOW_LOG = 27;
/**
 * An archive may have several members, one after the other, as programs write that compress in parallel. Each that ends
 * within a chunk costs a decompressor, so that there are no more of them than are unpacked in seconds. Programs that make
 * the smallest have one for each 64 KB: 16,384 for the largest file.
 */
const MAX_MEMBERS = 20_000;

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

/** What a file that begins so is packed in; undefined for none. */
export function packingOf(beginning: Buffer): Packing | undefined {
  return beginning.length < BEGINNING_BYTES ? undefined : PACKINGS.find(({ beginsWith }) => beginsWith(beginning));
}

/**
 * What all members of an archive hold, one after the other, unpacked while it is read. Nothing but a few chunks is in
 * memory, whatever the archive expands to.
 * @throws UnusableFileError where the archive is cut off, damaged, or goes on as none
 */
export async function* unpacked(supply: Supply, packing: Packing): AsyncGenerator<Buffer> {
  try {
    for (let count = 1; await isMemberNext(supply, packing); count++) {
      if (count > MAX_MEMBERS) {
        throw new UnusableFileError(`the ${packing.archive} has more than ${MAX_MEMBERS} members; pack the file anew`);
      }
      yield* supply.decompressed(packing.decompressor());
    }
  } catch (error) {
    throw reasonOf(error, packing.archive);
  } finally {
    await supply.close();
  }
}

/** @throws UnusableFileError when something else is next */
async function isMemberNext(supply: Supply, { archive, beginsWith, isPadded }: Packing): Promise<boolean> {
  if (isPadded) await supply.skipZeros();
  const next = await supply.peek(BEGINNING_BYTES);
  if (next.length === 0) return false;
  if (next.length < BEGINNING_BYTES || !beginsWith(next)) throw damaged(archive);
  return true;
}
