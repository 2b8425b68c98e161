import type { Manifest } from '../../run/contracts.ts';
import { progressKey } from '../../run/keys.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';

/** Files that are read sooner cost no request. */
const INTERVAL_MS = 1000;

/** What is told of a run whose manifest is being drafted. */
type Draft = Pick<Manifest, 'runId' | 'source' | 'etag' | 'rows'>;

/**
 * Notes in the bucket, about once a second, how many rows of an upload have been read, for whoever follows the run.
 * Nothing depends on the note: reading does not wait for it, and it may fail.
 */
export class ReadProgress {
  readonly #bucket: Bucket;
  readonly #draft: Draft;
  readonly #clock: () => number;
  #notedAt: number;
  #writing: Promise<void> | undefined;

  /**
   * @param draft its `rows` are those counted so far
   * @param clock milliseconds
   */
  constructor(bucket: Bucket, draft: Draft, clock: () => number = now) {
    this.#bucket = bucket;
    this.#draft = draft;
    this.#clock = clock;
    this.#notedAt = clock();
  }

  /** Hands a file's chunks on; looks at the clock for each, because a timer would have to be ended, too. */
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#noteIfDue();
      yield chunk;
    }
  }

  /** Resolves when no note is being written: what is under way when a Lambda function returns is frozen with it. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #noteIfDue(): void {
    const time = this.#clock();
    if (this.#writing !== undefined || time - this.#notedAt < INTERVAL_MS) return;
    this.#notedAt = time;
    const { runId, source, etag, rows } = this.#draft;
    this.#writing = this.#bucket
      .writeJson(progressKey(runId), { source, etag, rows })
      .catch(() => undefined)
      .finally(() => {
        this.#writing = undefined;
      });
  }
}
