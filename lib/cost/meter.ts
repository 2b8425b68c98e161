import type { Bucket } from '../storage/bucket.ts';
import { now } from '../timing/clock.ts';
import { type S3Requests, sumOf, type Usage } from './usage.ts';

/** Measures what one invocation of a function uses, from when this is made. */
export class Meter {
  /** Milliseconds since the epoch, see `now`. */
  readonly startedAt = now();
  readonly #bucket: Bucket;
  readonly #memoryMb: number | undefined;
  readonly #before: S3Requests;

  /** @param bucket what the invocation asks of S3 it asks here */
  constructor(bucket: Bucket, memoryMb: number | undefined) {
    this.#bucket = bucket;
    this.#memoryMb = memoryMb;
    this.#before = { ...bucket.requests };
  }

  /** @param toCome requests that will follow, that of storing this among them */
  usage(toCome: S3Requests): Usage {
    const { writes, reads } = this.#before;
    return {
      invocations: 1,
      durationMs: now() - this.startedAt,
      ...(this.#memoryMb === undefined ? {} : { memoryMb: this.#memoryMb }),
      s3: sumOf(sumOf(this.#bucket.requests, { writes: -writes, reads: -reads }), toCome),
    };
  }
}
