const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number as people read it: `1,250,000`. */
export function count(value: number): string {
  return COUNTS.format(value);
}

/** Milliseconds as people read them: `0.042 ms`, `12.3 ms`, `4.56 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 0.9995) return `${ms.toFixed(3)} ms`;
  // Limits at what still rounds down, so that nothing is written as 1000.0 ms or 60.00 s.
  if (ms < 999.95) return `${ms.toFixed(1)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
