/**
 * Decodes a body in the `aws-chunked` encoding, with or without signatures and trailers.
 *
 * @param decodedLength bytes that the client announced, if it did
 * @throws when the body ends early or is not what was announced
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Buffer>,
  decodedLength: number | undefined,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(body);
  let total = 0;
  for (let size = await chunkSize(reader); size > 0; size = await chunkSize(reader)) {
    for (let left = size; left > 0; ) {
      const bytes = await reader.some(left);
      left -= bytes.length;
      yield bytes;
    }
    total += size;
    if ((await reader.line()) !== '') throw new Error('aws-chunked: a chunk is longer than it says');
  }
  await reader.drain();
  if (decodedLength !== undefined && decodedLength !== total) {
    throw new Error(`aws-chunked: ${decodedLength} bytes were announced, ${total} came`);
  }
}

/** Reads a chunk's head, `<size in hex>[;chunk-signature=…]`. The chunks' own signatures are not checked. */
async function chunkSize(reader: ByteReader): Promise<number> {
  const head = await reader.line();
  const [size = ''] = head.split(';');
  if (!/^[0-9a-f]+$/i.test(size)) throw new Error(`aws-chunked: not the head of a chunk: ${head}`);
  return Number.parseInt(size, 16);
}

/** Hands out a stream of buffers by lines and by numbers of bytes. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The text up to the next CRLF, which is taken too. */
  async line(): Promise<string> {
    let end = this.#buffer.indexOf('\r\n');
    while (end === -1) {
      this.#buffer = Buffer.concat([this.#buffer, await this.#next()]);
      end = this.#buffer.indexOf('\r\n');
    }
    const line = this.#buffer.toString('latin1', 0, end);
    this.#buffer = this.#buffer.subarray(end + 2);
    return line;
  }

  /** At least one byte, at most this many. */
  async some(atMost: number): Promise<Buffer> {
    const available = this.#buffer.length > 0 ? this.#buffer : await this.#next();
    this.#buffer = available.subarray(atMost);
    return available.subarray(0, atMost);
  }

  /** Reads to the end; what is left is trailers. */
  async drain(): Promise<void> {
    while (!(await this.#source.next()).done);
  }

  async #next(): Promise<Buffer> {
    const next = await this.#source.next();
    if (next.done) throw new Error('aws-chunked: the body ended early');
    return next.value.length > 0 ? next.value : this.#next();
  }
}
