import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Bucket } from './bucket.ts';
import type { Condition } from './condition.ts';

/** An object that is uploaded while it is written, in memory that does not depend on its size. */
export class ObjectWriter {
  /** For writers that want a stream. Whoever uses it ends it with `close`. */
  readonly stream = new PassThrough();
  readonly #upload: Promise<void>;

  /** @param condition looked at when the object is closed; without one it is stored in any case */
  constructor(bucket: Bucket, key: string, contentType: string, condition?: Condition) {
    this.#upload = bucket.writeStream(key, this.stream, contentType, condition);
    // Whoever writes or closes next learns of a failure, and what writes to the stream by itself must not wait for ever.
    this.#upload.catch((error) => this.stream.destroy(error));
    this.stream.on('error', () => undefined);
  }

  /** Waits when text comes faster than it is uploaded. @throws what the upload failed with */
  async write(text: string): Promise<void> {
    if (!this.stream.write(text)) await Promise.race([once(this.stream, 'drain'), this.#upload]);
  }

  /** Ends the object; when this returns it is stored. @throws what the upload failed with, ObjectChangedError too */
  async close(): Promise<void> {
    this.stream.end();
    await this.#upload;
  }

  /** Stores nothing. */
  abandon(reason: unknown): void {
    this.stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  }
}
