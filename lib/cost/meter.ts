import type { Bucket } from '../storage/bucket.ts';
import { countsSince, type RequestCounts } from '../storage/request-counts.ts';
import { now } from '../timing/clock.ts';
import type { Usage } from './usage.ts';

/** Measures what one invocation of a function uses, from the construction of this object. */
export class Meter {
  /** Milliseconds since the epoch, see `now`. */
  readonly startedAt = now();
  readonly #bucket: Bucket;
  readonly #memoryMb: number | undefined;
  readonly #before: RequestCounts;

  /** @param bucket through which the invocation sends its requests to S3 */
  constructor(bucket: Bucket, memoryMb: number | undefined) {
    this.#bucket = bucket;
    this.#memoryMb = memoryMb;
    this.#before = { ...bucket.requests };
  }

  /** What the invocation has used so far; without what follows, such as storing this. */
  usage(): Usage {
    return {
      invocations: 1,
      durationMs: now() - this.startedAt,
      ...(this.#memoryMb === undefined ? {} : { memoryMb: this.#memoryMb }),
      s3: countsSince(this.#before, this.#bucket.requests),
    };
  }
}
