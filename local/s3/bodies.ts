import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, linkSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** Bytes of an object, both inclusive; with an end before its start of an empty one. */
export interface ByteRange {
  start: number;
  end: number;
}

/** The bytes of objects, each in a file of a name that says nothing of its key. */
export class Bodies {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Takes bytes as they come. @returns the new body, of which nothing is left when they break off */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<string> {
    const body = randomUUID();
    const file = openSync(this.#path(body), 'wx');
    try {
      // Into the system's memory, which takes less time than to wait for another thread.
      for await (const chunk of chunks) for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
      return body;
    } catch (error) {
      this.remove(body);
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** A second body of the same bytes. */
  copy(body: string): string {
    const copy = randomUUID();
    linkSync(this.#path(body), this.#path(copy));
    return copy;
  }

  /** Opened at once: it stays what it is, whatever happens to its key. */
  open(body: string, range: ByteRange): Readable {
    if (range.end < range.start) return Readable.from([]);
    const fd = openSync(this.#path(body), 'r');
    return createReadStream('', { fd, ...range });
  }

  /** One behind the other. */
  async *readAll(bodies: readonly string[]): AsyncGenerator<Buffer> {
    for (const body of bodies) yield* createReadStream(this.#path(body));
  }

  remove(body: string): void {
    rmSync(this.#path(body), { force: true });
  }

  /** What nobody wants was on its way when the server ended. */
  removeAllBut(bodies: ReadonlySet<string>): void {
    for (const body of readdirSync(this.#directory)) if (!bodies.has(body)) this.remove(body);
  }

  #path(body: string): string {
    return join(this.#directory, body);
  }
}
