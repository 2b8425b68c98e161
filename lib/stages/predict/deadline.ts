import { now } from '../../timing/clock.ts';

/** A time by which work must end. */
export class Deadline {
  readonly #passed = Promise.withResolvers<undefined>();
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
    this.#passed.resolve(undefined);
  }

  /** The result of the work, or undefined when it has not ended by the deadline. Work that has begun is not stopped. */
  async limit<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.hasPassed ? undefined : Promise.race([work(), this.#passed.promise]);
  }

  /** Stops the timer. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
