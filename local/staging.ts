import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A complete file that nobody sees yet. */
export interface Staged {
  path: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  md5: string;
}

/** Files on their way in: written here first, because a rename puts them in place whole where writing does not. */
export class Staging {
  readonly #directory: string;

  /** @param directory on the same file system as the files' destination */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws when the content breaks off; nothing is left of it then */
  async write(content: Readable | Buffer): Promise<Staged> {
    return this.#fill(async (path) => {
      const md5 = createHash('md5');
      let size = 0;
      const source = Buffer.isBuffer(content) ? Readable.from([content]) : content;
      const measured = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          md5.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      };
      await pipeline(source, measured, createWriteStream(path));
      return { path, size, md5: md5.digest('hex') };
    });
  }

  /** Puts files one behind the other. @returns the path of the whole */
  async concatenate(sources: string[]): Promise<string> {
    return this.#fill(async (path) => {
      for (const source of sources) await pipeline(createReadStream(source), createWriteStream(path, { flags: 'a' }));
      return path;
    });
  }

  async #fill<T>(fill: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#directory, randomUUID());
    try {
      return await fill(path);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}
