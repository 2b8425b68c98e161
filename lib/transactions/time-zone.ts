const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;

/**
 * Turns what clocks of a time zone showed into instants. Both what the clocks skip in spring and what they show twice
 * in autumn is read by the offset before the change: 02:30, skipped, is as 03:30, and 02:30, shown twice, the first one.
 */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  /** Milliseconds that the clocks are ahead of UTC, by day of the clocks; `undefined` for days near a change. */
  readonly #offsets = new Map<number, number | undefined>();

  /** @param name by IANA, such as Europe/Berlin */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset', year: 'numeric' });
  }

  /**
   * @param clocks what they show, as milliseconds since the epoch if it were UTC
   * @returns milliseconds since the epoch
   */
  instantOf(clocks: number): number {
    const day = Math.floor(clocks / MS_PER_DAY);
    let offset = this.#offsets.get(day);
    if (offset === undefined && !this.#offsets.has(day)) {
      offset = this.#offsetOfDay(day);
      this.#offsets.set(day, offset);
    }
    return clocks - (offset ?? this.#offsetNearChange(clocks));
  }

  /** No zone is as far as a day from UTC. */
  #offsetOfDay(day: number): number | undefined {
    const before = this.#offsetAt((day - 1) * MS_PER_DAY);
    return before === this.#offsetAt((day + 2) * MS_PER_DAY) ? before : undefined;
  }

  #offsetNearChange(clocks: number): number {
    const before = this.#offsetAt(clocks - MS_PER_DAY);
    const after = this.#offsetAt(clocks + MS_PER_DAY);
    const isBefore = this.#offsetAt(clocks - before) === before;
    const isAfter = this.#offsetAt(clocks - after) === after;
    return isBefore || !isAfter ? before : after;
  }

  /** As the engine writes it: `GMT`, `GMT+01:00`, of long ago `GMT+00:53:28`. */
  #offsetAt(instant: number): number {
    const name = this.#format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
    const offset = (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE + Number(seconds) * 1000;
    return sign === '-' ? -offset : offset;
  }
}
