import { mapNames } from '../../registry.ts';

/** Bins per factor of ten: each begins about 26 % higher than the one before. */
const BINS_PER_DECADE = 10;

/** The first bin begins at 10 to this power, the last ends at 10 to the other, in ms: 0.01 ms to about 3 hours. */
const FIRST_DECADE = -2;
const LAST_DECADE = 7;
const BINS = (LAST_DECADE - FIRST_DECADE) * BINS_PER_DECADE;

/** How many members' calls took between `fromMs` and `toMs`. */
export interface LatencyBin {
  fromMs: number;
  toMs: number;
  /** By call. */
  members: Readonly<Record<string, number>>;
}

/** A histogram of the duration of calls, with bins that grow with the duration. */
export class LatencyBins {
  readonly #counts: ReadonlyMap<string, Float64Array>;

  /** @param calls names of what is called */
  constructor(calls: readonly string[]) {
    this.#counts = new Map(calls.map((call) => [call, new Float64Array(BINS)]));
  }

  /** Counts one of the calls. */
  observe(call: string, durationMs: number): void {
    const counts = this.#counts.get(call);
    if (counts === undefined) return;
    const bin = binOf(durationMs);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }

  /** The bins from the fastest call to the slowest, including empty bins between them. */
  bins(): LatencyBin[] {
    const all = Array.from({ length: BINS }, (_, bin) => ({
      fromMs: 10 ** (FIRST_DECADE + bin / BINS_PER_DECADE),
      toMs: 10 ** (FIRST_DECADE + (bin + 1) / BINS_PER_DECADE),
      members: mapNames([...this.#counts.keys()], (call) => this.#counts.get(call)?.[bin] ?? 0),
    }));
    const isUsed = ({ members }: LatencyBin) => Object.values(members).some((calls) => calls > 0);
    return all.slice(Math.max(0, all.findIndex(isUsed)), all.findLastIndex(isUsed) + 1);
  }
}

function binOf(durationMs: number): number {
  const bin = Math.floor((Math.log10(durationMs) - FIRST_DECADE) * BINS_PER_DECADE);
  return Math.min(BINS - 1, Math.max(0, bin));
}
