import type { Bucket } from '../storage/bucket.ts';
import { countsSince, type RequestCounts } from '../storage/request-counts.ts';
import { now } from '../timing/clock.ts';
import type { Usage } from './usage.ts';

/** Measures what one invocation of a function uses, from when this is made. */
export class Meter {
  /** Milliseconds since the epoch, see `now`. */
  readonly startedAt = now();
  readonly #bucket: Bucket;
  readonly #memoryMb: number | undefined;
  readonly #before: RequestCounts;

  /** @param bucket what the invocation asks of S3 it asks here */
  constructor(bucket: Bucket, memoryMb: number | undefined) {
    this.#bucket = bucket;
    this.#memoryMb = memoryMb;
    this.#before = { ...bucket.requests };
  }

  /** What has been used so far. What the invocation still does, such as storing this, is not in it. */
  usage(): Usage {
    return {
      invocations: 1,
      durationMs: now() - this.startedAt,
      ...(this.#memoryMb === undefined ? {} : { memoryMb: this.#memoryMb }),
      s3: countsSince(this.#before, this.#bucket.requests),
    };
  }
}
