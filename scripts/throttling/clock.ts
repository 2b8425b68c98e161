interface Timer {
  at: number;
  ring: () => void;
}

/** A clock whose time passes only when all code waits, and then at once. */
export class VirtualClock {
  /** Milliseconds since the clock was made. */
  now = 0;
  readonly #timers: Timer[] = [];

  delay(ms: number): Promise<void> {
    return new Promise((ring) => this.#timers.push({ at: this.now + ms, ring }));
  }

  /** Lets time pass until no timer is left, or until the time `until`. */
  async run(until = Number.POSITIVE_INFINITY): Promise<void> {
    for (await settled(); this.#timers.length > 0; await settled()) {
      const next = Math.min(...this.#timers.map(({ at }) => at));
      if (next > until) break;
      this.now = next;
      const [due, later] = [this.#timers.filter(({ at }) => at === next), this.#timers.filter(({ at }) => at > next)];
      this.#timers.splice(0, Number.POSITIVE_INFINITY, ...later);
      for (const { ring } of due) ring();
    }
    if (Number.isFinite(until)) this.now = until;
  }
}

/** Resolves when all code that was ready to run has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
