import type { Gunzip, InflateRaw, ZstdDecompress } from 'node:zlib';

/** What unpacks a stretch of a file, and tells where that ends. */
export type Decompressor = Gunzip | InflateRaw | ZstdDecompress;

const NOTHING = Buffer.alloc(0);

/** A file's bytes, which can be looked at before they are taken. */
export class Supply {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #pending: Buffer = NOTHING;
  #arrived = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes have been taken. */
  get position(): number {
    return this.#arrived - this.#pending.length;
  }

  /** What comes next, at least so many bytes; fewer at the end of the file. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.#pending.length < bytes) {
      const chunk = await this.#read();
      if (chunk === undefined) break;
      this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    }
    return this.#pending;
  }

  /** The next bytes, exactly so many; fewer at the end of the file. */
  async take(bytes: number): Promise<Buffer> {
    const taken = (await this.peek(bytes)).subarray(0, bytes);
    this.#pending = this.#pending.subarray(taken.length);
    return taken;
  }

  /** As many bytes as are there, up to a number; none at the end of the file. */
  async next(most = Number.POSITIVE_INFINITY): Promise<Buffer> {
    const chunk = (await this.peek(1)).subarray(0, most);
    this.#pending = this.#pending.subarray(chunk.length);
    return chunk;
  }

  async skipZeros(): Promise<void> {
    for (let next = await this.peek(1); next.length > 0; next = await this.peek(1)) {
      const end = next.findIndex((byte) => byte !== 0);
      this.#pending = next.subarray(end < 0 ? next.length : end);
      if (end >= 0) return;
    }
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Buffer> {
    try {
      for (let chunk = await this.next(); chunk.length > 0; chunk = await this.next()) yield chunk;
    } finally {
      await this.close();
    }
  }

  /**
   * What the next bytes are when they are decompressed. The bytes that the decompressor does not take stay here.
   * @returns how many it has taken
   * @throws the decompressor's error, or that of the file's source
   */
  async *decompressed(stream: Decompressor): AsyncGenerator<Buffer, number> {
    const feeding = new Feeding(this, stream);
    const failures: unknown[] = [];
    feeding.run().catch((error: unknown) => {
      failures.push(error);
      stream.destroy();
    });
    try {
      for await (const chunk of stream) yield chunk;
    } catch (error) {
      // Of what the file's source says first, not of the stream, which is broken off by it.
      throw failures[0] ?? error;
    } finally {
      stream.destroy();
    }
    this.#pending = feeding.untaken;
    return stream.bytesWritten;
  }

  /** Lets the file go, however far it was read. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #read(): Promise<Buffer | undefined> {
    for (;;) {
      const { done, value } = await this.#iterator.next();
      if (done === true) return undefined;
      this.#arrived += value.byteLength;
      if (value.byteLength > 0) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  }
}

/** Gives a decompressor one chunk after the other. */
class Feeding {
  readonly #supply: Supply;
  readonly #stream: Decompressor;
  #chunk: Buffer = NOTHING;
  #takenBefore = 0;

  constructor(supply: Supply, stream: Decompressor) {
    this.#supply = supply;
    this.#stream = stream;
  }

  /** Gives until the file ends, or the stream does, which then takes no more. */
  async run(): Promise<void> {
    for (let chunk = await this.#supply.next(); chunk.length > 0; chunk = await this.#supply.next()) {
      this.#takenBefore += this.#chunk.length;
      this.#chunk = chunk;
      await new Promise<void>((resolve) => this.#stream.write(chunk, () => resolve()));
      if (this.untaken.length > 0) return;
    }
    this.#stream.end();
  }

  /** What the stream has left of the last chunk, when it has ended: what it unpacks may end anywhere in it. */
  get untaken(): Buffer {
    return this.#chunk.subarray(this.#stream.bytesWritten - this.#takenBefore);
  }
}
