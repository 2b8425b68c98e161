const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number as people read it: `1,250,000`. */
export function count(value: number): string {
  return COUNTS.format(value);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds as people read them: `0.042 ms`, `12.3 ms`, `4.56 s`, `2 min 5 s`, `3 h 20 min`, `1,029 days`. */
export function duration(ms: number): string {
  if (ms < 0.9995) return `${ms.toFixed(3)} ms`;
  // Limits at what still rounds down, so that nothing is written as 1000.0 ms or 60.00 s.
  if (ms < 999.95) return `${ms.toFixed(1)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 2 * DAY_MS) return `${count(ms / DAY_MS)} days`;
  if (ms >= 2 * HOUR_MS) {
    const minutes = Math.round(ms / 60_000);
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
