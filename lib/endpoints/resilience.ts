/** How a call is tried again, and when an endpoint counts as down. Times are milliseconds. */
export interface Resilience {
  /** For one attempt, from sending to the last byte of the answer. */
  timeoutMs: number;
  /** Failures of one call after which it has failed for good. Probes of an endpoint that is down do not count. */
  attempts: number;
  /** Delays are random between 0 and `baseDelayMs` · 2^failures (full jitter), `longestDelayMs` at the most. */
  baseDelayMs: number;
  longestDelayMs: number;
  /** An endpoint that asks with Retry-After to be left alone for longer is asked again after so long. */
  longestRetryAfterMs: number;
  /** The circuit opens after so many failed calls in a row: the endpoint is down, and calls to it wait. */
  outageAfter: number;
  /** An open circuit lets one call through, a probe, after so long. */
  probeAfterMs: number;
  /** Calls wait for an endpoint that is down for so long, counted from the opening, then they fail at once. */
  patienceMs: number;
}

/**
 * `attempts`: when a share f of all calls fails at random, f^attempts of them fail for good, and a member makes 3. Of
 * 100,000 members at f = 20 %, 300,000 · 0.2^5 = 96 would be lost with 5 attempts, 0.8 with 8, and 0.03 with 10. At
 * f = 30 % it is 1.8 with 10.
 *
 * `outageAfter`: at f = 20 %, 20 failures in a row come once in 10^14 calls, so the circuit stays closed. At f = 50 %
 * it is once in 10^6, and costs a pause of `probeAfterMs`, no member.
 *
 * One process sends an endpoint that is down for good at most
 * `outageAfter` + members in progress + time until the end / `probeAfterMs` + 1 requests, whatever the number of
 * members: those that open the circuit, those under way by then, and the probes. A batch that comes when patience has
 * ended waits for three probes.
 */
export const DEFAULT_RESILIENCE: Resilience = {
  timeoutMs: 5_000,
  attempts: 10,
  baseDelayMs: 100,
  longestDelayMs: 5_000,
  longestRetryAfterMs: 20_000,
  outageAfter: 20,
  probeAfterMs: 2_000,
  patienceMs: 60_000,
};

/**
 * How long to wait before a call is tried again, milliseconds. What the endpoint asked for (up to the cap) comes on top
 * of the random part, so that calls which were refused together do not come back together.
 *
 * @param failures of this call so far, at least 1
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function retryDelay(
  { baseDelayMs, longestDelayMs, longestRetryAfterMs }: Resilience,
  failures: number,
  askedMs = 0,
  random: () => number = Math.random,
): number {
  const jittered = random() * Math.min(longestDelayMs, baseDelayMs * 2 ** failures);
  return Math.min(longestRetryAfterMs, askedMs) + jittered;
}
