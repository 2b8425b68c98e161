/**
 * The memory at which a function has the equivalent of one vCPU. With less memory it has a proportional share.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MB_PER_VCPU = 1769;

/**
 * Converts seconds of one busy core of this machine to seconds on Lambda, as if the cores were equally fast. A function
 * whose memory buys less than a core takes longer. It never takes less, because one thread cannot use more than a core.
 */
export function onLambda(seconds: number, memoryMb: number): number {
  return seconds * Math.max(1, MB_PER_VCPU / memoryMb);
}

/** Members and how long they wait for the endpoints. */
export interface Waiting {
  members: number;
  /** Milliseconds of waiting for one member: the slower of ATS and RESP, and then the offer. */
  latencyMs: number;
  /** Members in progress at the same time in one invocation. */
  concurrency: number;
}

/**
 * Seconds that all invocations together only wait; these are billed like any others. Scoring takes at most the sum of
 * these and of the seconds measured with endpoints that answer at once, because some members wait while others are
 * processed. It takes at least the longer of the two.
 */
export function waitingSeconds({ members, latencyMs, concurrency }: Waiting): number {
  return (members * latencyMs) / 1000 / concurrency;
}
