/** How a call is tried again, and when an endpoint counts as down. Times are milliseconds. */
export interface Resilience {
  /** Time for one attempt, from sending to the last byte of the answer. */
  timeoutMs: number;
  /** Failures of one call after which it has failed for good. Probes of an endpoint that is down do not count. */
  attempts: number;
  /** Delays are random between 0 and `baseDelayMs` · 2^failures (full jitter), `maxDelayMs` at the most. */
  baseDelayMs: number;
  maxDelayMs: number;
  /** The longest delay while the service is up: it answers other calls meanwhile, or its answers are unusable. */
  maxBriefDelayMs: number;
  /** An endpoint that asks for a longer pause with Retry-After is asked again after so long. */
  maxRetryAfterMs: number;
  /** The circuit opens after so many failed requests in a row: the endpoint is down, and calls to it wait. */
  outageAfter: number;
  /** It also opens after so many answers in a row that break the contract; calls fail: only a person can mend that. */
  breachAfter: number;
  /** An open circuit lets one call through after so long: a probe. */
  probeAfterMs: number;
  /** The longest outage that calls wait for, counted from the opening of the circuit. Then they fail at once. */
  maxOutageMs: number;
}

/**
 * `attempts`: when a share f of all calls fails at random, f^attempts of them fail for good, and a member makes 3. Of
 * 100,000 members at f = 20 %, 300,000 · 0.2^5 = 96 would be lost with 5 attempts, 0.8 with 8, and 0.03 with 10. At
 * f = 30 % it is 1.8 with 10.
 *
 * `maxBriefDelayMs`: a call that is refused alone takes 4 s instead of 13 s to fail at its tenth attempt.
 *
 * `breachAfter`: that the first five answers of an endpoint are unusable by chance, and all those that are under way by
 * then, does not happen where it gives usable ones at all.
 *
 * `outageAfter`: at f = 20 %, 20 failures in a row come once in 10^14 calls, so the circuit stays closed. At f = 50 %
 * it is once in 10^6, and costs a pause of `probeAfterMs`, no member.
 *
 * One process sends an endpoint that is down for good at most
 * `outageAfter` + members in progress + time until the end / `probeAfterMs` + 1 requests, whatever the number of
 * members: those that open the circuit, those under way by then, and the probes. A batch that comes after
 * `maxOutageMs` waits for three probes. Where the contract is broken it is `breachAfter` + members in progress, and three
 * probes for each batch that follows.
 */
export const DEFAULT_RESILIENCE: Resilience = {
  timeoutMs: 5_000,
  attempts: 10,
  baseDelayMs: 100,
  maxDelayMs: 5_000,
  maxBriefDelayMs: 1_000,
  maxRetryAfterMs: 20_000,
  outageAfter: 20,
  breachAfter: 5,
  probeAfterMs: 2_000,
  maxOutageMs: 60_000,
};

interface Retry {
  /** Of this call so far, at least 1. */
  failures: number;
  /** What the endpoint asked for, milliseconds. */
  askedMs?: number | undefined;
  /** See `maxBriefDelayMs`. */
  isBrief?: boolean;
}

/**
 * How long to wait before a call is tried again, milliseconds. What the endpoint asked for (up to the cap) comes on top
 * of the random part, so that calls which were refused together do not come back together.
 *
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function retryDelay(
  { baseDelayMs, maxDelayMs, maxBriefDelayMs, maxRetryAfterMs }: Resilience,
  { failures, askedMs = 0, isBrief = false }: Retry,
  random: () => number = Math.random,
): number {
  const maxMs = isBrief ? Math.min(maxDelayMs, maxBriefDelayMs) : maxDelayMs;
  const jittered = random() * Math.min(maxMs, baseDelayMs * 2 ** failures);
  return Math.min(maxRetryAfterMs, askedMs) + jittered;
}
