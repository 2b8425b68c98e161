import { createHash } from 'node:crypto';
import { type Algorithm, hasherOf, type PlainChecksum } from './checksums.ts';

/** Looks at bytes on their way. */
export class Measured {
  readonly #algorithm: Algorithm | undefined;
  /** Bytes so far. */
  size = 0;
  /** In hex, once all have passed. */
  md5 = '';
  /** Once all have passed; undefined when none is wanted. */
  checksum: PlainChecksum | undefined;

  constructor(algorithm?: Algorithm) {
    this.#algorithm = algorithm;
  }

  async *of(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const md5 = createHash('md5');
    const hasher = this.#algorithm && hasherOf(this.#algorithm);
    for await (const chunk of chunks) {
      this.size += chunk.length;
      md5.update(chunk);
      hasher?.update(chunk);
      yield chunk;
    }
    this.md5 = md5.digest('hex');
    if (this.#algorithm === undefined || hasher === undefined) return;
    this.checksum = { algorithm: this.#algorithm, value: Buffer.from(await hasher.digest()).toString('base64') };
  }
}
