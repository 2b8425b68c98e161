import { now } from '../timing/clock.ts';

/** Spreads requests evenly, so that there are never more than so many in a second. */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #clock: () => number;
  #nextAt = Number.NEGATIVE_INFINITY;

  /**
   * @param perSecond requests per second at the most, more than 0
   * @param clock milliseconds
   */
  constructor(perSecond: number, clock: () => number = now) {
    this.#intervalMs = 1000 / perSecond;
    this.#clock = clock;
  }

  /** Takes the next turn; returns how long to wait for it, milliseconds. Turns that nobody took are lost. */
  take(): number {
    const at = this.#clock();
    const turn = Math.max(at, this.#nextAt);
    this.#nextAt = turn + this.#intervalMs;
    return turn - at;
  }
}
