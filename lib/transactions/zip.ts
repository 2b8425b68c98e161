import { isUtf8 } from 'node:buffer';
import { crc32, createInflateRaw } from 'node:zlib';
import { shownText } from '../excerpt.ts';
import { isLeftBehind } from '../left-behind.ts';
import { cutOff, damaged, reasonOf } from './damaged.ts';
import { MAX_PARTS } from './limits.ts';
import type { Supply } from './supply.ts';
import { OUTPUT_BYTES } from './unpack.ts';
import { UnusableFileError } from './unusable-file.ts';

/**
 * Reads a ZIP archive from its beginning to its end, so that it needs nothing but a stream. What the entries say of
 * themselves is compared with the archive's own list of contents, which comes last.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

export const ZIP_ARCHIVE = 'ZIP archive';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const DESCRIPTOR = 0x08074b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;

/** Lengths of headers without their names and extra fields. */
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const END_64_BYTES = 56;
const END_64_LOCATOR_BYTES = 20;

const STORED = 0;
const DEFLATED = 8;

const ENCRYPTED = 0x2041;
const HAS_DESCRIPTOR = 0x8;
const UTF8_NAME = 0x800;

/** In place of a number that stands in the extra field for ZIP64. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;

const MAX_NAME_BYTES = 1024;

/** A file in an archive. */
export interface ZipEntry {
  /** As it can be shown; nothing is ever stored under it. */
  name: string;
  /** Whether it is to be read: neither a folder, nor what macOS, Windows and Spark add to one. */
  isWanted: boolean;
  /** Have to be read to their end before the next entry. */
  chunks: AsyncIterable<Buffer>;
}

interface LocalHeader {
  name: string;
  /** The bytes of the name, one after the other, by which names are told apart. */
  rawName: string;
  flags: number;
  method: number;
  /** These three are 0 when they come after the content. */
  checksum: number;
  packedBytes: number;
  bytes: number;
}

/** What was found when an entry was read. */
interface Found {
  checksum: number;
  packedBytes: number;
  bytes: number;
}

/** Whether a file that begins so is a ZIP archive with something in it. */
export function isZip(beginning: Buffer): boolean {
  return beginning.length >= 4 && beginning.readUInt32LE() === LOCAL_HEADER;
}

/**
 * What an archive holds, in order.
 * @throws UnusableFileError when the archive cannot be read
 */
export async function* entriesOf(supply: Supply): AsyncGenerator<ZipEntry> {
  try {
    yield* new ZipReader(supply).entries();
  } finally {
    await supply.close();
  }
}

class ZipReader {
  readonly #supply: Supply;
  readonly #names = new Set<string>();
  /** Checksums by the place where the entry begins, as the list of contents names it. */
  readonly #checksums = new Map<number, number>();

  constructor(supply: Supply) {
    this.#supply = supply;
  }

  async *entries(): AsyncGenerator<ZipEntry> {
    while ((await this.#signature()) === LOCAL_HEADER) {
      const from = this.#supply.position;
      const header = await this.#localHeader();
      assertReadable(header);
      if (this.#names.has(header.rawName)) {
        throw new UnusableFileError(`the ZIP archive holds ${header.name} twice: it is not clear which one counts`);
      }
      if (this.#names.size === MAX_PARTS) {
        throw new UnusableFileError(`the ZIP archive holds more than ${MAX_PARTS} files; split it`);
      }
      this.#names.add(header.rawName);
      const found: Found = { checksum: 0, packedBytes: 0, bytes: 0 };
      yield { name: header.name, isWanted: !isAddition(header), chunks: this.#content(header, found) };
      await this.#assertAsSaid(header, found);
      if (isFolder(header) && found.bytes > 0) throw damaged(ZIP_ARCHIVE);
      this.#checksums.set(from, found.checksum);
    }
    await this.#listOfContents();
  }

  async #signature(): Promise<number> {
    const next = await this.#supply.peek(4);
    if (next.length < 4) throw cutOff(ZIP_ARCHIVE);
    return next.readUInt32LE();
  }

  async #take(bytes: number): Promise<Buffer> {
    const taken = await this.#supply.take(bytes);
    if (taken.length < bytes) throw cutOff(ZIP_ARCHIVE);
    return taken;
  }

  async #localHeader(): Promise<LocalHeader> {
    const fixed = await this.#take(LOCAL_BYTES);
    const nameBytes = fixed.readUInt16LE(26);
    if (nameBytes > MAX_NAME_BYTES)
      throw new UnusableFileError('the ZIP archive holds a file with a name that is too long');
    const name = await this.#take(nameBytes);
    const flags = fixed.readUInt16LE(6);
    const [bytes = 0, packedBytes = 0] = sizesOf(
      [fixed.readUInt32LE(22), fixed.readUInt32LE(18)],
      await this.#take(fixed.readUInt16LE(28)),
    );
    return {
      name: shown(name, flags),
      rawName: name.toString('latin1'),
      flags,
      method: fixed.readUInt16LE(8),
      checksum: fixed.readUInt32LE(14),
      packedBytes,
      bytes,
    };
  }

  /** What an entry holds. @param found is filled in meanwhile */
  async *#content({ method, packedBytes }: LocalHeader, found: Found): AsyncGenerator<Buffer> {
    const packed = method === STORED ? this.#stored(packedBytes) : this.#deflated();
    for (let next = await packed.next(); ; next = await packed.next()) {
      if (next.done === true) {
        found.packedBytes = next.value;
        return;
      }
      found.checksum = crc32(next.value, found.checksum);
      found.bytes += next.value.length;
      yield next.value;
    }
  }

  async *#stored(bytes: number): AsyncGenerator<Buffer, number> {
    for (let left = bytes; left > 0; ) {
      const chunk = await this.#supply.next(left);
      if (chunk.length === 0) throw cutOff(ZIP_ARCHIVE);
      left -= chunk.length;
      yield chunk;
    }
    return bytes;
  }

  async *#deflated(): AsyncGenerator<Buffer, number> {
    try {
      return yield* this.#supply.decompressed(createInflateRaw({ chunkSize: OUTPUT_BYTES }));
    } catch (error) {
      throw reasonOf(error, ZIP_ARCHIVE);
    }
  }

  /** Compares what was found with what the archive says, before the content or after it. */
  async #assertAsSaid({ flags, ...said }: LocalHeader, found: Found): Promise<void> {
    if ((flags & HAS_DESCRIPTOR) !== 0) await this.#takeDescriptor(found);
    else if (!isSame(said, found)) throw damaged(ZIP_ARCHIVE);
  }

  /** It may begin with a signature, and may have long numbers; what follows it begins with `PK`. */
  async #takeDescriptor({ checksum, packedBytes, bytes }: Found): Promise<void> {
    const next = await this.#supply.peek(26);
    for (const signature of [[DESCRIPTOR], []]) {
      for (const isLong of [false, true]) {
        const numbers = isLong ? [packedBytes, 0, bytes, 0] : [packedBytes, bytes];
        const descriptor = Buffer.alloc(4 * (signature.length + 1 + numbers.length));
        [...signature, checksum, ...numbers].forEach((number, index) => {
          descriptor.writeUInt32LE(number % 2 ** 32, 4 * index);
        });
        const end = descriptor.length;
        if (!next.subarray(0, end).equals(descriptor) || next.toString('latin1', end, end + 2) !== 'PK') continue;
        await this.#take(end);
        return;
      }
    }
    throw next.length < 26 ? cutOff(ZIP_ARCHIVE) : damaged(ZIP_ARCHIVE);
  }

  /** @throws UnusableFileError when the list of contents, with which an archive ends, is not of what was read */
  async #listOfContents(): Promise<void> {
    let listed = 0;
    for (; (await this.#signature()) === CENTRAL_HEADER; listed++) {
      const fixed = await this.#take(CENTRAL_BYTES);
      await this.#take(fixed.readUInt16LE(28));
      const extra = await this.#take(fixed.readUInt16LE(30));
      await this.#take(fixed.readUInt16LE(32));
      const [, , offset = 0] = sizesOf([fixed.readUInt32LE(24), fixed.readUInt32LE(20), fixed.readUInt32LE(42)], extra);
      if (this.#checksums.get(offset) !== fixed.readUInt32LE(16)) throw damaged(ZIP_ARCHIVE);
    }
    if (listed !== this.#checksums.size) throw damaged(ZIP_ARCHIVE);
    await this.#end();
  }

  async #end(): Promise<void> {
    if ((await this.#signature()) === END_64) {
      const fixed = await this.#take(END_64_BYTES);
      // It may be longer than it has to be, by what nobody uses.
      await this.#take(Math.min(Number(fixed.readBigUInt64LE(4)) + 12 - END_64_BYTES, OUTPUT_BYTES));
    }
    if ((await this.#signature()) === END_64_LOCATOR) await this.#take(END_64_LOCATOR_BYTES);
    if ((await this.#signature()) !== END) throw damaged(ZIP_ARCHIVE);
    const fixed = await this.#take(END_BYTES);
    await this.#take(fixed.readUInt16LE(20));
    await this.#supply.skipZeros();
    if ((await this.#supply.peek(1)).length > 0) throw damaged(ZIP_ARCHIVE);
  }
}

function isSame(said: Found, found: Found): boolean {
  return said.checksum === found.checksum && said.packedBytes === found.packedBytes && said.bytes === found.bytes;
}

/** @throws UnusableFileError when an entry cannot be read */
function assertReadable({ name, flags, method }: LocalHeader): void {
  if ((flags & ENCRYPTED) !== 0) {
    throw new UnusableFileError('the ZIP archive is encrypted; pack the file without a password');
  }
  if ((method !== STORED && method !== DEFLATED) || (method === STORED && (flags & HAS_DESCRIPTOR) !== 0)) {
    throw new UnusableFileError(
      `the ZIP archive holds ${name} packed in a way that is not known here; pack it with the usual one, Deflate`,
    );
  }
}

/** What packing programs add, folders and files that show how a folder looked, and what was in a folder of parts besides. */
function isAddition(header: LocalHeader): boolean {
  return isFolder(header) || ADDITIONS.test(header.name) || isLeftBehind(header.name);
}

function isFolder({ name }: LocalHeader): boolean {
  return /[/\\]$/.test(name);
}

const ADDITIONS = /^__MACOSX\/|(?:^|\/)(?:\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/;

function shown(name: Buffer, flags: number): string {
  const isOfDos = (flags & UTF8_NAME) === 0 && !isUtf8(name);
  return shownText(isOfDos ? dosText(name) : name.toString());
}

function dosText(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => CODE_PAGE_437[byte.charCodeAt(0) - 0x80] ?? byte);
}

/** The upper half of the code page in which names are that do not say otherwise. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Numbers of a header, those that do not fit taken from the extra field for ZIP64, which has them in the same order. */
function sizesOf(numbers: readonly number[], extra: Buffer): number[] {
  const long = zip64FieldOf(extra);
  let at = 0;
  return numbers.map((number) => {
    if (number !== IN_ZIP64 || at + 8 > long.length) return number;
    at += 8;
    return Number(long.readBigUInt64LE(at - 8));
  });
}

function zip64FieldOf(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_FIELD) return extra.subarray(at + 4, end);
    at = end;
  }
  return Buffer.alloc(0);
}
