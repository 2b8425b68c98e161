import { UnusableFileError } from './unusable-file.ts';
import { Utf16Decoder } from './utf16.ts';

const UTF8_MARK = Buffer.of(0xef, 0xbb, 0xbf);
const UTF16_LITTLE_ENDIAN_MARK = Buffer.of(0xff, 0xfe);
const UTF16_BIG_ENDIAN_MARK = Buffer.of(0xfe, 0xff);
const UTF32_LITTLE_ENDIAN_MARK = Buffer.of(0xff, 0xfe, 0, 0);
const UTF32_BIG_ENDIAN_MARK = Buffer.of(0, 0, 0xfe, 0xff);
const MAX_MARK_BYTES = 4;

/**
 * Passes a file's bytes on as UTF-8 without a byte-order mark; a file that begins with UTF-16's mark is decoded.
 * @throws UnusableFileError when the mark is that of UTF-32
 */
export async function* utf8Chunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let text: Text | undefined;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (text !== undefined) {
      yield text.decode(bytes);
      continue;
    }
    head = Buffer.concat([head, bytes]);
    if (head.length < MAX_MARK_BYTES) continue;
    text = textOf(head);
    yield text.decode(head.subarray(text.markBytes));
  }
  if (text === undefined) {
    text = textOf(head);
    yield text.decode(head.subarray(text.markBytes));
  }
  yield text.end();
}

/** How a file's bytes become UTF-8. */
interface Text {
  markBytes: number;
  decode(bytes: Buffer): Buffer;
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);

function textOf(head: Buffer): Text {
  if (startsWith(head, UTF32_LITTLE_ENDIAN_MARK) || startsWith(head, UTF32_BIG_ENDIAN_MARK)) {
    throw new UnusableFileError('not UTF-8: the file begins as UTF-32 does; save it as CSV in UTF-8');
  }
  if (startsWith(head, UTF16_LITTLE_ENDIAN_MARK)) return utf16Text(UTF16_LITTLE_ENDIAN_MARK, false);
  if (startsWith(head, UTF16_BIG_ENDIAN_MARK)) return utf16Text(UTF16_BIG_ENDIAN_MARK, true);
  const markBytes = startsWith(head, UTF8_MARK) ? UTF8_MARK.length : 0;
  return { markBytes, decode: (bytes) => bytes, end: () => NOTHING };
}

function utf16Text(mark: Buffer, isBigEndian: boolean): Text {
  const decoder = new Utf16Decoder(isBigEndian);
  return { markBytes: mark.length, decode: (bytes) => decoder.decode(bytes), end: () => decoder.end() };
}

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}
