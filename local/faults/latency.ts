/** The latency of an endpoint: milliseconds for a draw from 0 up to, not including, 1. */
export type Latency = (draw: number) => number;

const PATTERN =
  /^(?:fixed:(?<fixed>[\d.]+)|uniform:(?<from>[\d.]+)-(?<to>[\d.]+)|lognormal:(?<p50>[\d.]+)-(?<p99>[\d.]+))$/;

/** The standard normal distribution's 99th percentile. */
const NORMAL_P99 = 2.3263;

/**
 * Reads `fixed:20`, `uniform:5-50` or `lognormal:20-400` (median and 99th percentile), milliseconds.
 *
 * @returns undefined when it is none of these
 */
export function parseLatency(text: string): Latency | undefined {
  const found = PATTERN.exec(text)?.groups;
  if (found === undefined) return undefined;
  const [fixed, from, to, p50, p99] = [found.fixed, found.from, found.to, found.p50, found.p99].map(Number);
  if (isNumber(fixed)) return () => fixed;
  if (isNumber(from) && isNumber(to)) return to < from ? undefined : (draw) => from + draw * (to - from);
  if (isNumber(p50) && isNumber(p99)) return p50 === 0 || p99 < p50 ? undefined : logNormal(p50, p99);
  return undefined;
}

/** A log-normal distribution: most answers are near the median, with a long tail, as is usual for services. */
export function logNormal(median: number, p99: number): Latency {
  const sigma = Math.log(p99 / median) / NORMAL_P99;
  return (draw) => median * Math.exp(sigma * normalQuantile(draw));
}

/** Standard normal quantile to 0.0005, Abramowitz and Stegun 26.2.23. */
function normalQuantile(draw: number): number {
  const share = Math.min(Math.max(draw, 1e-9), 1 - 1e-9);
  const t = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const distance =
    t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  return share < 0.5 ? -distance : distance;
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}
