/** Earlier than this, a rate says more about the first batches than about the run. */
const SETTLED_MS = 1000;

/** How many members a run scores per second, and how long the rest will take. */
export interface ScoringRate {
  perSecond: number;
  /** Milliseconds. */
  leftMs: number;
}

/**
 * The average rate since the first look. Members are counted batch by batch. So the time since the last batch counts
 * only as far as it exceeds the longest time between two batches: between batches the rate stays the same, and it falls
 * when no batch follows.
 */
export class PaceMeter {
  #first: { at: number; done: number } | undefined;
  #last = { at: 0, done: 0 };
  #longestGapMs = 0;

  /**
   * @param done members that are done so far, of `total`
   * @param at the current time, milliseconds on any clock
   * @returns undefined while no rate is known yet, and when all members are done
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
