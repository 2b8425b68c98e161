/** How long asynchronous events wait when no instance of their function is free. */
export interface Throttling {
  /** How long an event waits before another try, milliseconds. @param times how often no instance was free, from 1 */
  waitMs(times: number): number;
  /** An event that is older than this is dropped when no instance is free, milliseconds. */
  longestMs: number;
}

const FIRST_MS = 1000;
const MAX_WAIT_MS = 5 * 60 * 1000;
const MAX_AGE_MS = 6 * 60 * 60 * 1000;

/**
 * The throttling of Lambda. "Lambda returns the event to the queue and attempts to run the function again for up to 6
 * hours by default. The retry interval increases exponentially from 1 second after the first attempt to a maximum of 5
 * minutes." This assumes that the interval doubles. "If the queue contains many entries, Lambda increases the retry
 * interval and reduces the rate at which it reads events": by how much is not documented, so these are minimum waits.
 *
 * @param spread the random share of an interval, 0 to 1. Lambda does not document whether there is one
 * @param random gives numbers from 0 to 1
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function lambdaThrottling(spread = 0, random: () => number = Math.random): Throttling {
  return {
    waitMs: (times) => Math.min(FIRST_MS * 2 ** (times - 1), MAX_WAIT_MS) * (1 - spread * random()),
    longestMs: MAX_AGE_MS,
  };
}
