import { TextDecoder } from 'node:util';
import { UnusableFileError } from './columns.ts';

const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_LITTLE_ENDIAN_MARK = [0xff, 0xfe];
const UTF16_BIG_ENDIAN_MARK = [0xfe, 0xff];

/**
 * Passes a file's bytes on as UTF-8 without a byte-order mark; a file that begins with UTF-16's mark is decoded.
 */
export async function* utf8Chunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (head !== undefined) {
      head = Buffer.concat([head, bytes]);
      if (head.length < UTF8_MARK.length) continue;
      decoder = utf16Decoder(head);
      bytes = withoutUtf8Mark(head);
      head = undefined;
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
  if (head !== undefined) yield withoutUtf8Mark(head);
}

function utf16Decoder(head: Buffer): TextDecoder | undefined {
  if (startsWith(head, UTF16_LITTLE_ENDIAN_MARK)) return new TextDecoder('utf-16le');
  if (startsWith(head, UTF16_BIG_ENDIAN_MARK)) return new TextDecoder('utf-16be');
  return undefined;
}

function withoutUtf8Mark(head: Buffer): Buffer {
  return startsWith(head, UTF8_MARK) ? head.subarray(UTF8_MARK.length) : head;
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, position) => bytes[position] === byte);
}

/** Refuses what no text begins with, so that a picture or an archive is named as such and not as a CSV without header. */
export function assertText(firstBlock: Buffer): void {
  if (firstBlock.includes(0)) {
    throw new UnusableFileError(
      'not text: the file holds NUL bytes, as pictures, archives and spreadsheets do; save it as CSV',
    );
  }
}
