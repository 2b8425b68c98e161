import { crc32, deflateRawSync } from 'node:zlib';

/** How an entry of an archive is written; without anything, as most programs do. */
export interface EntryOptions {
  /** A text is in UTF-8, and said to be; bytes are not. */
  name: string | Buffer;
  content: string | Buffer;
  method?: number;
  /** Bits of the general purpose flag. */
  flags?: number;
  /** Sizes and checksum come after the content: with a signature or without, in 4 bytes or in 8. */
  descriptor?: { isSigned: boolean; isLong: boolean };
  /** Sizes stand in the extra field for ZIP64. */
  isZip64?: boolean;
  checksum?: number;
  /** As the header says, in place of the size of the content. */
  bytes?: number;
  /** Whether the list of contents leaves it out. */
  isUnlisted?: boolean;
}

const HAS_DESCRIPTOR = 8;
const IS_UTF8 = 0x800;

/** An archive by the format's description, not by the program that reads it. */
export function zipOf(...entries: EntryOptions[]): Buffer {
  const written: Buffer[] = [];
  const listed: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const [local, central] = entryOf(entry, offset);
    written.push(local);
    if (entry.isUnlisted !== true) listed.push(central);
    offset += local.length;
  }
  const list = Buffer.concat(listed);
  return Buffer.concat([...written, list, end(listed.length, list.length, offset)]);
}

function entryOf(entry: EntryOptions, offset: number): [local: Buffer, central: Buffer] {
  const { content, method = 8, descriptor, isZip64 = false } = entry;
  const bytes = Buffer.from(content);
  const packed = method === 8 ? deflateRawSync(bytes) : bytes;
  const name = Buffer.from(entry.name);
  const flags =
    (entry.flags ?? 0) |
    (typeof entry.name === 'string' ? IS_UTF8 : 0) |
    (descriptor === undefined ? 0 : HAS_DESCRIPTOR);
  const checksum = entry.checksum ?? crc32(bytes);
  const size = entry.bytes ?? bytes.length;
  const known =
    descriptor === undefined ? { checksum, packed: packed.length, size } : { checksum: 0, packed: 0, size: 0 };
  const extra = isZip64 ? zip64Field(known.size, known.packed) : Buffer.alloc(0);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  fields(local, 6, { flags, method, checksum: known.checksum, packed: known.packed, size: known.size, isZip64 });
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(extra.length, 28);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  fields(central, 8, { flags, method, checksum, packed: packed.length, size, isZip64: false });
  central.writeUInt16LE(name.length, 28);
  central.writeUInt32LE(offset, 42);
  const tail = descriptor === undefined ? Buffer.alloc(0) : descriptorOf(descriptor, checksum, packed.length, size);
  return [Buffer.concat([local, name, extra, packed, tail]), Buffer.concat([central, name])];
}

function fields(
  header: Buffer,
  at: number,
  is: { flags: number; method: number; checksum: number; packed: number; size: number; isZip64: boolean },
): void {
  header.writeUInt16LE(is.flags, at);
  header.writeUInt16LE(is.method, at + 2);
  header.writeUInt32LE(is.checksum, at + 8);
  header.writeUInt32LE(is.isZip64 ? 0xffffffff : is.packed, at + 12);
  header.writeUInt32LE(is.isZip64 ? 0xffffffff : is.size, at + 16);
}

/** Behind a field that nobody knows. */
function zip64Field(size: number, packed: number): Buffer {
  const field = Buffer.alloc(26);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(2, 2);
  field.writeUInt16LE(1, 6);
  field.writeUInt16LE(16, 8);
  field.writeBigUInt64LE(BigInt(size), 10);
  field.writeBigUInt64LE(BigInt(packed), 18);
  return field;
}

function descriptorOf(
  { isSigned, isLong }: { isSigned: boolean; isLong: boolean },
  checksum: number,
  packed: number,
  size: number,
): Buffer {
  const sizes = isLong ? [packed, 0, size, 0] : [packed, size];
  const numbers = [...(isSigned ? [0x08074b50] : []), checksum, ...sizes];
  const descriptor = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => {
    descriptor.writeUInt32LE(number, 4 * index);
  });
  return descriptor;
}

function end(entries: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(bytes, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
