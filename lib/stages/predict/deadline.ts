import { now } from '../../timing/clock.ts';

/** A time by which work must have ended. */
export class Deadline {
  readonly #passed = Promise.withResolvers<undefined>();
  readonly #timer: NodeJS.Timeout | undefined;
  hasPassed = false;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;

  /** @param leftMs how long there is; undefined means for ever */
  constructor(leftMs?: number) {
    this.endsAt = leftMs === undefined ? Number.POSITIVE_INFINITY : now() + leftMs;
    if (leftMs === undefined) return;
    if (leftMs <= 0) this.pass();
    else this.#timer = setTimeout(() => this.pass(), leftMs);
  }

  /** The time is there. */
  pass(): void {
    this.hasPassed = true;
    this.#passed.resolve(undefined);
  }

  /** What work comes to, or undefined when it has not ended by then. Work that has begun is not stopped. */
  async limit<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.hasPassed ? undefined : Promise.race([work(), this.#passed.promise]);
  }

  /** Nobody is interested any more. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
