import { createHash, type Hash } from 'node:crypto';
import { S3Error } from './errors.ts';

/** Longest line between the chunks, bytes. */
const MAX_LINE = 16 * 1024;

/** Compares the signatures of a body with what they are of. */
export interface ChunkSignatures {
  /** @param sha256 of the chunk, in hex @throws S3Error when the signature is another */
  checkChunk(sha256: string, signature: string): void;
  /** @param sha256 of the lines of the trailers @throws S3Error when the signature is another */
  checkTrailers(sha256: string, signature: string): void;
}

/**
 * Decodes a body in the `aws-chunked` encoding, with or without signatures and trailers. A chunk is handed on before its
 * signature has been compared: the body is good when all of it has come.
 *
 * @param trailers takes what comes behind the body, by names in lower case
 * @param signatures of a body that is signed
 * @throws S3Error IncompleteBody when the body ends early or is not in this encoding, and what `signatures` throws
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  signatures?: ChunkSignatures,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(body);
  for (let size = -1; size !== 0; ) {
    const head = await chunkHead(reader);
    ({ size } = head);
    const hash = signatures && createHash('sha256');
    for await (const bytes of reader.bytes(size)) {
      hash?.update(bytes);
      yield bytes;
    }
    if (hash !== undefined) signatures?.checkChunk(hash.digest('hex'), head.signature);
    if (size > 0 && (await reader.line()) !== '') throw incomplete('a chunk is longer than it says');
  }
  await readTrailers(reader, trailers, signatures);
}

async function readTrailers(
  reader: ByteReader,
  trailers: Map<string, string>,
  signatures: ChunkSignatures | undefined,
): Promise<void> {
  const hash: Hash = createHash('sha256');
  for (let line = await reader.lastLine(); line !== ''; line = await reader.lastLine()) {
    const [name = '', value = ''] = line.split(/:(.*)/s).map((text) => text.trim());
    if (name !== SIGNATURE) hash.update(`${name}:${value}\n`);
    trailers.set(name.toLowerCase(), value);
  }
  if (signatures !== undefined && trailers.size > 0) {
    signatures.checkTrailers(hash.digest('hex'), trailers.get(SIGNATURE) ?? '');
  }
  await reader.drain();
}

const SIGNATURE = 'x-amz-trailer-signature';

/** A chunk's head is `<size in hex>[;chunk-signature=…]`. */
async function chunkHead(reader: ByteReader): Promise<{ size: number; signature: string }> {
  const head = await reader.line();
  const [, size, signature = ''] = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]*))?$/i.exec(head) ?? [];
  if (size === undefined) throw incomplete(`not the head of a chunk: ${JSON.stringify(head)}`);
  return { size: Number.parseInt(size, 16), signature };
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
    for (;;) {
      const end = this.#buffer.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#buffer.toString('latin1', 0, end);
        this.#buffer = this.#buffer.subarray(end + 2);
        return line;
      }
      if (this.#buffer.length > MAX_LINE) throw incomplete('a line has no end');
      if (!(await this.#readOn())) throw incomplete('the body ended early');
    }
  }

  /** As `line`, of the lines at the end, the last of which some clients do not end. */
  async lastLine(): Promise<string> {
    while (!this.#hasLine && this.#buffer.length <= MAX_LINE && (await this.#readOn()));
    if (!this.#hasLine) this.#buffer = Buffer.concat([this.#buffer, Buffer.from('\r\n')]);
    return this.line();
  }

  get #hasLine(): boolean {
    return this.#buffer.includes('\r\n');
  }

  /** So many bytes, in the pieces in which they come. */
  async *bytes(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#buffer.length === 0 && !(await this.#readOn())) throw incomplete('the body ended early');
      const bytes = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(left);
      left -= bytes.length;
      yield bytes;
    }
  }

  async drain(): Promise<void> {
    while (await this.#readOn()) this.#buffer = Buffer.alloc(0);
  }

  async #readOn(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
    return true;
  }
}

function incomplete(problem: string): S3Error {
  return new S3Error('IncompleteBody', `The aws-chunked body cannot be read: ${problem}.`);
}
