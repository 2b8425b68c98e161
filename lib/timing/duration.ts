const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const SIGNIFICANT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A duration in the unit that suits it: `0.42 ms`, `38 ms`, `1.24 s`, `3 min 20 s`, `2 h 2 min`, `10 days`. */
export function formatDuration(ms: number): string {
  // Each limit is where rounding goes up, so that nothing is written as 1,000 ms or 60 s.
  if (ms < 999.5) return `${SIGNIFICANT.format(ms)} ms`;
  if (ms < MINUTE_MS - 50) return `${SIGNIFICANT.format(ms / 1000)} s`;
  const [unit, smaller] = unitsOf(ms);
  if (unit === undefined) return `${WHOLE.format(ms / DAY_MS)} days`;
  const parts = Math.round(ms / (unit === 'min' ? 1000 : MINUTE_MS));
  const whole = `${Math.floor(parts / 60)} ${unit}`;
  return parts % 60 === 0 ? whole : `${whole} ${parts % 60} ${smaller}`;
}

function unitsOf(ms: number) {
  if (ms < 2 * HOUR_MS - 500) return ['min', 's'] as const;
  return ms < 2 * DAY_MS - MINUTE_MS / 2 ? (['h', 'min'] as const) : [];
}
