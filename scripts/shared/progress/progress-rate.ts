/** Before that, a rate says more of the first batches than of the run. */
const SETTLED_MS = 1000;

/** How fast a run goes on, and how long it will. */
export interface ScoringRate {
  perSecond: number;
  /** Milliseconds. */
  leftMs: number;
}

/**
 * The average rate since the first look. Members come by the batch, so the time since the last ones is counted only as
 * far as it exceeds the longest time between two of them: between batches the rate stays, when they cease it falls.
 */
export class PaceMeter {
  #first: { at: number; done: number } | undefined;
  #last = { at: 0, done: 0 };
  #longestGapMs = 0;

  /**
   * @param done members so far, of how many
   * @param at milliseconds on any clock
   * @returns undefined as long as there is nothing to go by, and when all are done
   */
  look(done: number, total: number, at: number): ScoringRate | undefined {
    this.#first ??= this.#last = { at, done };
    if (done > this.#last.done) {
      this.#longestGapMs = Math.max(this.#longestGapMs, at - this.#last.at);
      this.#last = { at, done };
    }
    const gained = this.#last.done - this.#first.done;
    const sinceLastMs = at - this.#last.at;
    const elapsedMs = this.#last.at - this.#first.at + Math.max(0, sinceLastMs - this.#longestGapMs);
    if (gained === 0 || done >= total || at - this.#first.at < SETTLED_MS || elapsedMs <= 0) return undefined;
    const perMs = gained / elapsedMs;
    return { perSecond: perMs * 1000, leftMs: Math.max(0, (total - done) / perMs - sinceLastMs) };
  }
}
