import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Bucket } from './bucket.ts';
import type { Condition } from './condition.ts';

/** Writes an object and uploads it meanwhile, so that the memory needed does not depend on the object's size. */
export class ObjectWriter {
  /** For writers that need a stream. End it with `close`. */
  readonly stream = new PassThrough();
  readonly #upload: Promise<void>;

  /** @param condition is checked when the object is closed; without one the object is stored in any case */
  constructor(bucket: Bucket, key: string, contentType: string, condition?: Condition) {
    this.#upload = bucket.writeStream(key, this.stream, contentType, condition);
    // The next `write` or `close` throws the failure. The stream is destroyed, so that no writer to it waits for ever.
    this.#upload.catch((error) => this.stream.destroy(error));
    this.stream.on('error', () => undefined);
  }

  /** Waits when the upload is slower than the writer. @throws the error of the upload */
  async write(text: string): Promise<void> {
    if (!this.stream.write(text)) await Promise.race([once(this.stream, 'drain'), this.#upload]);
  }

  /** Ends the object. It is stored when this resolves. @throws the error of the upload, such as ObjectChangedError */
  async close(): Promise<void> {
    this.stream.end();
    await this.#upload;
  }

  /** Gives up: the object is not stored. */
  abandon(reason: unknown): void {
    this.stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  }
}
