import { now } from '../timing/clock.ts';
import { EndpointError } from './errors.ts';
import type { Resilience } from './resilience.ts';

/** The endpoint is down, or it is being found out whether it is, and this call was not sent. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  /** How often the circuit had changed when it refused the call. */
  readonly changes: number;

  constructor(changes: number) {
    super('the circuit is open');
    this.changes = changes;
  }
}

/** So many failures of calls that are refused alone count like one other failure, because there may be only them. */
const ALONE_LIKE_ONE = 3;

/** When a fifth of all calls fails by chance, three probes in a row fail less than once in a hundred times. */
const PROBES_FOR_NEW_WORK = 3;

/** What a call and the circuit know of each other, over all attempts of the call. */
export interface Caller {
  /** How many usable answers others had been given when the call failed last. */
  answersSeen?: number;
  /** Whether others were given usable answers between two failures of this call: the endpoint refuses its input. */
  isRefusedAlone?: boolean;
}

/** An endpoint that is down. Times are milliseconds. */
export interface Outage {
  /** Since the circuit opened. */
  downForMs: number;
  /** How much longer calls wait for it; 0 when they fail at once. */
  waitLeftMs: number;
  /** Whether it answers, but never as agreed. */
  isBroken: boolean;
  /** Of the request that opened the circuit, or of the latest probe. */
  lastFailure: EndpointError;
}

interface Opening {
  since: number;
  probeAt: number;
  lastFailure: EndpointError;
  /** When new work came. */
  renewedAt: number;
  /** Probes that new work may send at once. */
  probesLeft: number;
}

/**
 * Finds out that an endpoint is down, lets nothing but a probe through from time to time, and knows for how long.
 *
 * An endpoint is doubted when many requests in a row came to nothing. One that has never given a usable answer is down
 * then. One that has is asked again for such an answer (the probe): so inputs that it refuses, however many there are and
 * however often they are tried, are never taken for an outage. Failures of a call that others were answered around count
 * for less.
 */
export class Circuit {
  readonly #resilience: Resilience;
  readonly #clock: () => number;
  /** When no call has asked about an outage for so long, the process was idle. */
  readonly #forgetAfterMs: number;
  readonly #renewedWaitMs: number;
  /** Usable answers so far. */
  #answers = 0;
  /** Failures since the last usable answer: each counts `ALONE_LIKE_ONE`, that of a call that is refused alone 1. */
  #failures = 0;
  /** How many of the latest failures in a row broke the contract. */
  #breaches = 0;
  #changes = 0;
  #underWay = 0;
  #isProbing = false;
  #opening: Opening | undefined;
  #openings = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  readonly #waiting = new Set<() => void>();

  /** @param clock milliseconds */
  constructor(resilience: Resilience, clock: () => number = now) {
    this.#clock = clock;
    const { probeAfterMs, maxOutageMs, timeoutMs } = resilience;
    this.#resilience = resilience;
    this.#renewedWaitMs = Math.min(maxOutageMs, PROBES_FOR_NEW_WORK * probeAfterMs);
    this.#forgetAfterMs = Math.max(maxOutageMs, 2 * (probeAfterMs + timeoutMs));
  }

  /**
   * To be called when new work comes, a batch or a run that is taken up again: its calls wait for the endpoint again,
   * and however long the endpoint has been down, it is probed a few times. It may be back by now, and one probe may fail
   * by chance.
   */
  renewWait(): void {
    if (this.#opening === undefined) return;
    this.#opening.renewedAt = this.#clock();
    this.#opening.probesLeft = PROBES_FOR_NEW_WORK;
  }

  /** How often an outage has begun since this was asked last. */
  takeOpenings(): number {
    const openings = this.#openings;
    this.#openings = 0;
    return openings;
  }

  get isOpen(): boolean {
    return this.#opening !== undefined;
  }

  /**
   * Sends unless the endpoint is down; tells the sender whether this is the probe that finds out if it is.
   *
   * @throws CircuitOpenError; what `send` throws
   */
  async run<T>(send: (isProbe: boolean) => Promise<T>, caller: Caller): Promise<T> {
    const isProbe = this.isOpen || this.#isDoubted;
    if (isProbe && !this.#isProbeDue) throw new CircuitOpenError(this.#changes);
    this.#underWay += 1;
    if (isProbe) this.#isProbing = true;
    try {
      const value = await send(isProbe);
      this.#answers += 1;
      this.#close();
      return value;
    } catch (error) {
      if (error instanceof EndpointError) this.#fail(error, isProbe, caller);
      throw error;
    } finally {
      this.#underWay -= 1;
      if (isProbe) this.#isProbing = false;
      if (isProbe || this.#underWay === 0) this.#wake();
    }
  }

  /**
   * The outage that lasts, if one does. Calls wait for its end for `maxOutageMs`. When only a person can end it, they
   * wait as long as something is under way that may be answered after all. See also `renewWait`. When the process was
   * idle for long, as Lambda's processes are between runs, the outage counts as one that has just begun.
   */
  outage(): Outage | undefined {
    const opening = this.#opening;
    if (opening === undefined) return undefined;
    const at = this.#clock();
    if (at - Math.max(this.#askedAt, opening.since) > this.#forgetAfterMs) opening.since = at;
    this.#askedAt = at;
    const downForMs = at - opening.since;
    const waitLeftMs = this.#waitLeftMs(opening, at);
    return { downForMs, waitLeftMs, isBroken: this.#isBroken, lastFailure: opening.lastFailure };
  }

  /** Ends when a call that was not let through may be let through now, or after `milliseconds`. */
  async change({ changes }: CircuitOpenError, milliseconds: number): Promise<void> {
    if (changes !== this.#changes) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  get #isDoubted(): boolean {
    return this.#failures >= ALONE_LIKE_ONE * this.#resilience.outageAfter || this.#isBroken;
  }

  /** Whether the latest failures say that the contract is broken. One alone may come from a service that is starting. */
  get #isBroken(): boolean {
    const { outageAfter, breachAfter } = this.#resilience;
    return this.#breaches >= Math.min(breachAfter, outageAfter);
  }

  /**
   * Whether a probe may be sent: one at a time. It is sent at once when the endpoint is only doubted so far, and when new
   * work has come to an endpoint that breaks the contract.
   */
  get #isProbeDue(): boolean {
    if (this.#isProbing) return false;
    if (this.#opening === undefined) return true;
    const { probesLeft, probeAt } = this.#opening;
    return this.#clock() >= probeAt || (this.#isBroken && probesLeft > 0);
  }

  #waitLeftMs({ since, renewedAt, probesLeft }: Opening, at: number): number {
    const { maxOutageMs, timeoutMs } = this.#resilience;
    // Only a person can mend a broken contract.
    if (this.#isBroken) return this.#underWay > 0 || probesLeft > 0 ? timeoutMs : 0;
    return Math.max(0, this.#renewedWaitMs - (at - renewedAt), maxOutageMs - (at - since));
  }

  #fail(error: EndpointError, isProbe: boolean, caller: Caller): void {
    // A service that refuses an input answers: the endpoint is not down.
    if (error.concern === 'input') this.#close();
    // Whether that is a breach of the contract, each of the rows alone will tell.
    else if (error.concern === 'rows') return;
    else this.#count(error, isProbe, !isProbe && this.#isAlone(caller));
  }

  /** Whether other calls were answered since this one failed last. Notes how many have been answered by now. */
  #isAlone(caller: Caller): boolean {
    const isAlone = (caller.answersSeen ?? Number.POSITIVE_INFINITY) < this.#answers;
    caller.answersSeen = this.#answers;
    caller.isRefusedAlone ||= isAlone;
    return isAlone;
  }

  #count(error: EndpointError, isProbe: boolean, isAlone: boolean): void {
    this.#failures += isAlone ? 1 : ALONE_LIKE_ONE;
    if (!isAlone) this.#breaches = error.concern === 'contract' ? this.#breaches + 1 : 0;
    // While the endpoint was probed, other calls may have been answered.
    const isDown = this.isOpen ? isProbe : this.#isDoubted && (isProbe || this.#answers === 0);
    if (isDown) this.#open(error);
  }

  /** A probe that fails opens the circuit again; the outage stays the same. */
  #open(lastFailure: EndpointError): void {
    const { probeAfterMs } = this.#resilience;
    const at = this.#clock();
    if (this.#opening === undefined) this.#openings += 1;
    const { since, renewedAt, probesLeft } = this.#opening ?? {
      since: at,
      renewedAt: Number.NEGATIVE_INFINITY,
      probesLeft: 0,
    };
    const opening = {
      since,
      renewedAt,
      lastFailure,
      probeAt: at + probeAfterMs,
      probesLeft: Math.max(0, probesLeft - 1),
    };
    this.#opening = opening;
    const allowProbe = () => {
      // A timer may be a little early by the clock.
      opening.probeAt = at;
      this.#wake();
    };
    // The timer must not keep the process alive: calls that wait have timers of their own.
    setTimeout(allowProbe, probeAfterMs).unref();
  }

  #close(): void {
    this.#failures = 0;
    this.#breaches = 0;
    this.#opening = undefined;
    this.#wake();
  }

  /** Wakes the calls that wait, in the order in which they came, so that each probe is another call's. */
  #wake(): void {
    this.#changes += 1;
    for (const resolve of this.#waiting) resolve();
  }
}
