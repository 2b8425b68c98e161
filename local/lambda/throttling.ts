/** What becomes of asynchronous events that find their function busy. */
export interface Throttling {
  /** How long an event stays away that has found no room so often, milliseconds. @param times from 1 */
  waitMs(times: number): number;
  /** An event that is older, and finds no room, is given up, milliseconds. */
  longestMs: number;
}

const FIRST_MS = 1000;
const MAX_WAIT_MS = 5 * 60 * 1000;
const MAX_AGE_MS = 6 * 60 * 60 * 1000;

/**
 * What Lambda does with them: "Lambda returns the event to the queue and attempts to run the function again for up to 6
 * hours by default. The retry interval increases exponentially from 1 second after the first attempt to a maximum of 5
 * minutes." That it doubles is assumed here. "If the queue contains many entries, Lambda increases the retry interval and
 * reduces the rate at which it reads events": by how much is not said, so this is the least that events wait.
 *
 * @param spread what share of an interval is left to chance, 0 to 1. Lambda does not say whether any is
 * @param random 0 to 1
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function lambdaThrottling(spread = 0, random: () => number = Math.random): Throttling {
  return {
    waitMs: (times) => Math.min(FIRST_MS * 2 ** (times - 1), MAX_WAIT_MS) * (1 - spread * random()),
    longestMs: MAX_AGE_MS,
  };
}
