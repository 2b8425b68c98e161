import { now } from '../../timing/clock.ts';

/** A time by which work must end. */
export class Deadline {
  /** To be called when it passes. */
  readonly #waiting = new Set<(value: undefined) => void>();
  readonly #timer: NodeJS.Timeout | undefined;
  hasPassed = false;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;

  /** @param leftMs milliseconds until the deadline; undefined means that there is none */
  constructor(leftMs?: number) {
    this.endsAt = leftMs === undefined ? Number.POSITIVE_INFINITY : now() + leftMs;
    if (leftMs === undefined) return;
    if (leftMs <= 0) this.pass();
    else this.#timer = setTimeout(() => this.pass(), leftMs);
  }

  /** Makes the deadline pass now. */
  pass(): void {
    this.hasPassed = true;
    for (const leave of this.#waiting) leave(undefined);
    this.#waiting.clear();
  }

  /** The result of the work, or undefined when it has not ended by the deadline. Work that has begun is not stopped. */
  async limit<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.hasPassed) return undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    // A race with one promise for all work would keep what each has come to until that one is settled.
    this.#waiting.add(resolve);
    try {
      return await Promise.race([work(), promise]);
    } finally {
      this.#waiting.delete(resolve);
    }
  }

  /** Stops the timer. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
