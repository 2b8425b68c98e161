import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { now } from '../timing.ts';
import { EndpointError } from './errors.ts';
import type { Resilience } from './resilience.ts';

/** The endpoint is down, and this call was not sent. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
}

/** With a fifth of the calls failing by chance, so many probes fail together less than once in a hundred times. */
const PROBES_FOR_NEW_WORK = 3;

/** An endpoint that is down. Times are milliseconds. */
export interface Outage {
  /** Since the circuit opened. */
  downForMs: number;
  /** How long it is worth waiting for yet; 0 when it is not. */
  patienceLeftMs: number;
  lastFailure: unknown;
}

/** Finds out that an endpoint is down, lets nothing but a probe through from time to time, and knows for how long. */
export class Circuit {
  readonly #breaker: CircuitBreakerPolicy;
  readonly #patienceMs: number;
  /** Nobody has waited for the endpoint when nobody asked for so long. */
  readonly #forgetAfterMs: number;
  readonly #renewedPatienceMs: number;
  #downSince: number | undefined;
  #openings = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #lastFailure: unknown;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor({ outageAfter, probeAfterMs, patienceMs, timeoutMs }: Resilience) {
    this.#patienceMs = patienceMs;
    this.#renewedPatienceMs = Math.min(patienceMs, PROBES_FOR_NEW_WORK * probeAfterMs);
    this.#forgetAfterMs = Math.max(patienceMs, 2 * (probeAfterMs + timeoutMs));
    this.#breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: probeAfterMs,
      breaker: new ConsecutiveBreaker(outageAfter),
    });
    this.#breaker.onBreak((reason) => {
      // A probe that fails opens it again, and is the same outage.
      if (this.#downSince === undefined) this.#openings += 1;
      this.#downSince ??= now();
      this.#lastFailure = 'error' in reason ? reason.error : undefined;
    });
    this.#breaker.onReset(() => {
      this.#downSince = undefined;
      this.#renewedAt = Number.NEGATIVE_INFINITY;
    });
  }

  /**
   * New work has come, a batch or a run that is taken up again. However long the endpoint has been down, it is probed a
   * few times for this work: it may be back by now, and one probe may fail by chance.
   */
  renewPatience(): void {
    if (this.#downSince !== undefined) this.#renewedAt = now();
  }

  /** How often an outage has begun since this was asked last. */
  takeOpenings(): number {
    const openings = this.#openings;
    this.#openings = 0;
    return openings;
  }

  get isOpen(): boolean {
    return this.#downSince !== undefined;
  }

  /**
   * Sends unless the endpoint is down; tells the sender whether this is the probe that finds out if it still is.
   *
   * @throws CircuitOpenError; what `send` throws
   */
  async run<T>(send: (isProbe: boolean) => Promise<T>): Promise<T> {
    try {
      return await this.#breaker.execute(() => send(this.#breaker.state === CircuitState.HalfOpen));
    } catch (error) {
      throw isBrokenCircuitError(error) ? new CircuitOpenError('the circuit is open', { cause: error }) : error;
    }
  }

  /**
   * The outage that lasts, if one does. Patience ends after `patienceMs`, and at once when only a person can put it
   * right; see also `renewPatience`. A process that was idle for long, as Lambda's are between runs, begins to be
   * patient again.
   */
  outage(): Outage | undefined {
    if (this.#downSince === undefined) return undefined;
    const at = now();
    if (at - Math.max(this.#askedAt, this.#downSince) > this.#forgetAfterMs) this.#downSince = at;
    this.#askedAt = at;
    const downForMs = at - this.#downSince;
    const isHopeless = this.#lastFailure instanceof EndpointError && !this.#lastFailure.isTransient;
    const renewedMs = this.#renewedPatienceMs - (at - this.#renewedAt);
    const patienceLeftMs = Math.max(0, renewedMs, isHopeless ? 0 : this.#patienceMs - downForMs);
    return { downForMs, patienceLeftMs, lastFailure: this.#lastFailure };
  }
}

/** What says something about the endpoint or its address. A 422 says something about one request. */
function isOutage(error: unknown): boolean {
  return error instanceof EndpointError && (error.isTransient || error.isMisdirected);
}
