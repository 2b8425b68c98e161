import { now } from '../timing/clock.ts';

/** Spreads requests evenly, so that no second has more than the limit. */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #clock: () => number;
  #nextAt = Number.NEGATIVE_INFINITY;

  /**
   * @param perSecond the limit, requests per second; more than 0
   * @param clock milliseconds
   */
  constructor(perSecond: number, clock: () => number = now) {
    this.#intervalMs = 1000 / perSecond;
    this.#clock = clock;
  }

  /** Takes the next turn. A turn that no request has taken is lost. @returns how long to wait for it, milliseconds */
  take(): number {
    const at = this.#clock();
    const turn = Math.max(at, this.#nextAt);
    this.#nextAt = turn + this.#intervalMs;
    return turn - at;
  }
}
