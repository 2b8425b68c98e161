import type { Price } from '../../lib/cost/prices.ts';

const SOURCE = 'https://aws.amazon.com/step-functions/pricing/';

const TRANSITIONS: Price = { usd: 0.025, per: 1000, unit: 'state transition', source: SOURCE };
const EXPRESS_REQUESTS: Price = { usd: 1, per: 1_000_000, unit: 'request', source: SOURCE };
const EXPRESS_TIME: Price = { usd: 0.00001667, per: 1, unit: 'GB-second', source: SOURCE };

/**
 * The transitions for a standard child workflow with one state: one to start it, and one for its state.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html
 */
const TRANSITIONS_PER_STANDARD_CHILD = 2;
const TRANSITIONS_PER_EXPRESS_CHILD = 1;

/** The smallest amount that an express workflow is billed for: 100 ms of 64 MB, in GB-seconds. */
const MIN_EXPRESS_GB_SECONDS = (0.1 * 64) / 1024;

export interface Orchestration {
  standardUsd: number;
  expressUsd: number;
  /** The arithmetic, a line each. */
  lines: [standard: string, express: string];
}

/**
 * The cost of Step Functions' Distributed Map with a child workflow of one state per member: the orchestration alone,
 * without the functions that do the work. For express children it is the minimum.
 */
export function distributedMap(members: number): Orchestration {
  const standardUsd = (members * TRANSITIONS_PER_STANDARD_CHILD * TRANSITIONS.usd) / TRANSITIONS.per;
  const expressUsd =
    (members * TRANSITIONS_PER_EXPRESS_CHILD * TRANSITIONS.usd) / TRANSITIONS.per +
    (members * EXPRESS_REQUESTS.usd) / EXPRESS_REQUESTS.per +
    members * MIN_EXPRESS_GB_SECONDS * EXPRESS_TIME.usd;
  const transitions = `$${TRANSITIONS.usd} / 1,000`;
  return {
    standardUsd,
    expressUsd,
    lines: [
      `standard children: ${TRANSITIONS_PER_STANDARD_CHILD} state transitions × ${transitions}`,
      `express children, at the least: ${transitions} + $${EXPRESS_REQUESTS.usd} / 1,000,000` +
        ` + 0.1 s × 64 MB / 1024 × $${EXPRESS_TIME.usd}`,
    ],
  };
}
