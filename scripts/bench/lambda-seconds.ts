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

/** Requests that members wait for: to the models, which are asked side by side, or to the offer service. */
export interface RequestWait {
  /** Milliseconds until a request is answered, the slowest of those side by side. */
  latencyMs: number;
  /** Members that one request is about; 1 unless given. */
  rowsPerRequest?: number;
}

/** Members, and how many requests one endpoint gets for them at the same time. */
export interface Waiting {
  members: number;
  /** Among which the members are divided; 1 unless given. */
  invocations?: number;
  /** Requests to one endpoint that are under way at the same time in one invocation. */
  concurrency: number;
  /** One after the other: what the models answer is sent to the offer service. */
  waits: readonly RequestWait[];
}

/**
 * Seconds that all invocations together only wait; these are billed like any others. The members of one request share
 * its time. An invocation waits for one request at least, even if it could send more at the same time than it has.
 */
export function waitingSeconds({ members, invocations = 1, concurrency, waits }: Waiting): number {
  const secondsOf = ({ latencyMs, rowsPerRequest = 1 }: RequestWait) => {
    const requests = Math.ceil(members / invocations / rowsPerRequest);
    return (invocations * Math.max(1, requests / concurrency) * latencyMs) / 1000;
  };
  return waits.reduce((sum, wait) => sum + secondsOf(wait), 0);
}

/**
 * Seconds that all invocations together take at most: some members wait while others are processed. They take at least
 * the longer of the two.
 *
 * @param busySeconds measured with endpoints that answer at once, and as many members per request
 */
export function scoringSeconds(busySeconds: number, waiting: Waiting): number {
  return busySeconds + waitingSeconds(waiting);
}
