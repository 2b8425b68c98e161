import { isAscii } from 'node:buffer';
import type { Understood } from './understood.ts';
import { UnusableFileError } from './unusable-file.ts';
import { Utf16Decoder } from './utf16.ts';

const UTF8_MARK = Buffer.of(0xef, 0xbb, 0xbf);
const UTF16_LITTLE_ENDIAN_MARK = Buffer.of(0xff, 0xfe);
const UTF16_BIG_ENDIAN_MARK = Buffer.of(0xfe, 0xff);
const UTF32_LITTLE_ENDIAN_MARK = Buffer.of(0xff, 0xfe, 0, 0);
const UTF32_BIG_ENDIAN_MARK = Buffer.of(0, 0, 0xfe, 0xff);
const MAX_MARK_BYTES = 4;

/** Which encoding a file has, and where that is noted. */
export interface EncodingOptions {
  /** As the partner file has it; a byte-order mark counts before it. UTF-8 unless given. */
  encoding?: string | undefined;
  understood?: Understood | undefined;
}

/**
 * Passes a file's bytes on as UTF-8 without a byte-order mark; a file that begins with UTF-16's mark, or whose encoding
 * the partner file names, is decoded. What is no character in it becomes a byte that is not UTF-8.
 * @throws UnusableFileError when the mark is that of UTF-32
 */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array>,
  options: EncodingOptions = {},
): AsyncGenerator<Buffer> {
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
    text = textOf(head, options);
    yield text.decode(head.subarray(text.markBytes));
  }
  if (text === undefined) {
    text = textOf(head, options);
    yield text.decode(head.subarray(text.markBytes));
  }
  yield text.end();
}

/** How a file's bytes become UTF-8. */
interface Text {
  /** What reports call it. */
  name: string;
  markBytes: number;
  decode(bytes: Buffer): Buffer;
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);

function textOf(head: Buffer, { encoding, understood }: EncodingOptions): Text {
  const text = markedText(head) ?? namedText(encoding, understood) ?? asItIs('UTF-8', 0);
  if (understood !== undefined) understood.encoding = text.name;
  return text;
}

function markedText(head: Buffer): Text | undefined {
  if (startsWith(head, UTF32_LITTLE_ENDIAN_MARK) || startsWith(head, UTF32_BIG_ENDIAN_MARK)) {
    throw new UnusableFileError('not UTF-8: the file begins as UTF-32 does; save it as CSV in UTF-8');
  }
  if (startsWith(head, UTF16_LITTLE_ENDIAN_MARK)) return utf16Text('UTF-16', UTF16_LITTLE_ENDIAN_MARK.length, false);
  if (startsWith(head, UTF16_BIG_ENDIAN_MARK)) return utf16Text('UTF-16', UTF16_BIG_ENDIAN_MARK.length, true);
  return startsWith(head, UTF8_MARK) ? asItIs('UTF-8 with a byte-order mark', UTF8_MARK.length) : undefined;
}

function namedText(encoding: string | undefined, understood: Understood | undefined): Text | undefined {
  if (encoding === undefined) return undefined;
  const decoder = new TextDecoder(encoding);
  const name = `${encoding} (partner file)`;
  if (decoder.encoding === 'utf-8') return asItIs(name, 0);
  if (decoder.encoding.startsWith('utf-16')) return utf16Text(name, 0, decoder.encoding === 'utf-16be');
  const doubt = new Utf8Doubt();
  return {
    name,
    markBytes: 0,
    decode: (bytes) => {
      doubt.look(bytes);
      return utf8(decoder.decode(bytes, { stream: true }));
    },
    end: () => {
      if (doubt.isUtf8)
        understood?.notes.push(`The file is read as ${name}, but looks like UTF-8: see whether its letters are right.`);
      return utf8(decoder.decode());
    },
  };
}

function asItIs(name: string, markBytes: number): Text {
  return { name, markBytes, decode: (bytes) => bytes, end: () => NOTHING };
}

function utf16Text(name: string, markBytes: number, isBigEndian: boolean): Text {
  const decoder = new Utf16Decoder(isBigEndian);
  return { name, markBytes, decode: (bytes) => decoder.decode(bytes), end: () => decoder.end() };
}

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

const UNDECODABLE = Buffer.of(0xff);

/** Decoded text; its replacement characters stand for bytes that are no character. */
function utf8(text: string): Buffer {
  const [first = '', ...others] = text.split('\uFFFD');
  if (others.length === 0) return Buffer.from(first);
  return Buffer.concat([Buffer.from(first), ...others.flatMap((part) => [UNDECODABLE, Buffer.from(part)])]);
}

/** Finds out whether bytes that are said to be in another encoding are UTF-8, with other letters than those of English. */
class Utf8Doubt {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #hasLetters = false;
  #isValid = true;

  look(bytes: Buffer): void {
    if (!this.#isValid || isAscii(bytes)) return;
    this.#hasLetters = true;
    try {
      this.#decoder.decode(bytes, { stream: true });
    } catch {
      this.#isValid = false;
    }
  }

  get isUtf8(): boolean {
    return this.#hasLetters && this.#isValid;
  }
}
