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
  #downSince: number | undefined;
  #lastFailure: unknown;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor({ outageAfter, probeAfterMs, patienceMs, timeoutMs }: Resilience) {
    this.#patienceMs = patienceMs;
    this.#forgetAfterMs = Math.max(patienceMs, 2 * (probeAfterMs + timeoutMs));
    this.#breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: probeAfterMs,
      breaker: new ConsecutiveBreaker(outageAfter),
    });
    this.#breaker.onBreak((reason) => {
      this.#downSince ??= now();
      this.#lastFailure = 'error' in reason ? reason.error : undefined;
    });
    this.#breaker.onReset(() => {
      this.#downSince = undefined;
    });
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
   * right. A process that was idle for long, as Lambda's are between runs, begins to be patient again.
   */
  outage(): Outage | undefined {
    if (this.#downSince === undefined) return undefined;
    const at = now();
    if (at - Math.max(this.#askedAt, this.#downSince) > this.#forgetAfterMs) this.#downSince = at;
    this.#askedAt = at;
    const downForMs = at - this.#downSince;
    const isHopeless = this.#lastFailure instanceof EndpointError && !this.#lastFailure.isTransient;
    const patienceLeftMs = isHopeless ? 0 : Math.max(0, this.#patienceMs - downForMs);
    return { downForMs, patienceLeftMs, lastFailure: this.#lastFailure };
  }
}

/** What says something about the endpoint or its address. A 422 says something about one request. */
function isOutage(error: unknown): boolean {
  return error instanceof EndpointError && (error.isTransient || error.isMisdirected);
}
