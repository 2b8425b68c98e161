/**
 * Memory at which a function has the equivalent of one vCPU; with less it has the share.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MB_PER_VCPU = 1769;

/**
 * Seconds on Lambda of what keeps one core of this machine busy for so long, were the cores alike: longer where the
 * function's memory buys less than a core, and never shorter, because one thread cannot use more than one.
 */
export function onLambda(seconds: number, memoryMb: number): number {
  return seconds * Math.max(1, MB_PER_VCPU / memoryMb);
}

/** How members wait for the endpoints. */
export interface Waiting {
  members: number;
  /** Milliseconds for one member: the slower of ATS and RESP, and then the offer. */
  latencyMs: number;
  /** Members in progress at a time in an invocation. */
  concurrency: number;
}

/**
 * Seconds that invocations, all together, spend on nothing but waiting; they are billed like any others. Added to the
 * seconds measured with endpoints that answer at once this is the most that scoring can take, because some of the
 * waiting is done while other members are worked on; the longer of the two is the least.
 */
export function waitingSeconds({ members, latencyMs, concurrency }: Waiting): number {
  return (members * latencyMs) / 1000 / concurrency;
}
