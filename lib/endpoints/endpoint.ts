import { setTimeout as delay } from 'node:timers/promises';
import {
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IPolicy,
  type IRetryBackoffContext,
  isBrokenCircuitError,
  retry,
  SamplingBreaker,
  wrap,
} from 'cockatiel';
import type { Pool } from 'undici';
import { z } from 'zod';
import { now } from '../timing.ts';
import { EndpointError, noAnswer, rejection } from './errors.ts';

/** How a call is tried again, and when an endpoint counts as down. Times are milliseconds. */
export interface Resilience {
  /** For one attempt, from sending to the last byte of the answer. */
  timeoutMs: number;
  /** Requests sent for one call at the most, while the circuit is closed. */
  attempts: number;
  /** Delays are random between 0 and `baseDelayMs` · 2^retry (full jitter), `longestDelayMs` at the most. */
  baseDelayMs: number;
  longestDelayMs: number;
  /** The circuit opens when this share of the calls in the window failed, and so many calls were made. */
  outage: { share: number; windowMs: number; calls: number };
  /** An open circuit lets one call through after so long. */
  probeAfterMs: number;
  /** Calls wait for an endpoint that is down for so long, then they fail at once. */
  patienceMs: number;
}

export const DEFAULT_RESILIENCE: Resilience = {
  timeoutMs: 5_000,
  attempts: 5,
  baseDelayMs: 100,
  longestDelayMs: 20_000,
  outage: { share: 0.95, windowMs: 5_000, calls: 50 },
  probeAfterMs: 2_000,
  patienceMs: 60_000,
};

/** What a call came to. */
export interface Answer<T> {
  value: T;
  attempts: number;
}

/** A call that failed for good, and how many requests were sent for it. */
export class CallFailedError extends Error {
  override name = 'CallFailedError';
  readonly attempts: number;
  /** HTTP status of the last answer, when there was one. */
  readonly status: number | undefined;

  constructor(message: string, attempts: number, cause: unknown) {
    super(message, { cause });
    this.attempts = attempts;
    this.status = cause instanceof EndpointError ? cause.status : undefined;
  }
}

/** One of the customer's services: JSON over HTTP, tried again when that may help, left alone when it is down. */
export class Endpoint<T> {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #address: string;
  readonly #schema: z.ZodType<T>;
  readonly #resilience: Resilience;
  readonly #policy: IPolicy;
  #downSince: number | undefined;

  constructor(options: { name: string; url: URL; pool: Pool; schema: z.ZodType<T>; resilience?: Partial<Resilience> }) {
    const { name, url, pool, schema, resilience } = options;
    this.#name = name;
    this.#pool = pool;
    this.#path = `${url.pathname}${url.search}`;
    this.#address = `${url.origin}${url.pathname}`;
    this.#schema = schema;
    this.#resilience = { ...DEFAULT_RESILIENCE, ...resilience };
    this.#policy = this.#createPolicy();
  }

  /**
   * Posts a JSON body and parses the answer.
   * @throws CallFailedError when attempts are exhausted, the request is refused, or the endpoint is down
   */
  async call(body: string): Promise<Answer<T>> {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      return this.#send(body);
    };
    for (;;) {
      try {
        return { value: await this.#policy.execute(attempt), attempts };
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw this.#failure(error, attempts);
        this.#assertPatience(attempts);
        await delay(this.#resilience.probeAfterMs);
      }
    }
  }

  async #send(body: string): Promise<T> {
    const { timeoutMs } = this.#resilience;
    try {
      const response = await this.#pool.request({
        method: 'POST',
        path: this.#path,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.body.text();
      const { statusCode, headers } = response;
      if (statusCode < 200 || statusCode > 299) throw rejection(statusCode, text, firstOf(headers['retry-after']));
      return this.#parse(text);
    } catch (error) {
      throw error instanceof EndpointError ? error : noAnswer(error, timeoutMs);
    }
  }

  /** A success with an unusable body is an error like a 5xx: the service is not well, and may be the next time. */
  #parse(text: string): T {
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch (cause) {
      const problem = cause instanceof z.ZodError ? `JSON of another shape: ${z.prettifyError(cause)}` : 'no JSON';
      throw new EndpointError(`answered with ${problem}`, { cause, isTransient: true });
    }
  }

  #createPolicy(): IPolicy {
    const { attempts, probeAfterMs, outage } = this.#resilience;
    const breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: probeAfterMs,
      breaker: new SamplingBreaker({
        threshold: outage.share,
        duration: outage.windowMs,
        minimumRps: outage.calls / (outage.windowMs / 1000),
      }),
    });
    breaker.onBreak(() => {
      this.#downSince ??= now();
    });
    breaker.onReset(() => {
      this.#downSince = undefined;
    });
    const backoff = new DelegateBackoff((context: IRetryBackoffContext<unknown>) => this.#retryDelay(context));
    return wrap(retry(handleWhen(isTransient), { maxAttempts: attempts - 1, backoff }), breaker);
  }

  /** @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
  #retryDelay({ attempt, result }: IRetryBackoffContext<unknown>): number {
    const { baseDelayMs, longestDelayMs } = this.#resilience;
    const jittered = Math.random() * Math.min(longestDelayMs, baseDelayMs * 2 ** attempt);
    const error = 'error' in result ? result.error : undefined;
    const asked = error instanceof EndpointError ? error.retryAfterMs : undefined;
    return asked === undefined ? jittered : Math.min(longestDelayMs, asked + jittered);
  }

  #assertPatience(attempts: number): void {
    const downFor = this.#downSince === undefined ? 0 : now() - this.#downSince;
    if (downFor < this.#resilience.patienceMs) return;
    const seconds = Math.round(downFor / 1000);
    throw new CallFailedError(
      `${this.#name} (${this.#address}) is down: nearly every call has failed for ${seconds} s; it was left alone`,
      attempts,
      undefined,
    );
  }

  #failure(error: unknown, attempts: number): CallFailedError {
    const problem = error instanceof Error ? error.message : String(error);
    const tried = attempts === 1 ? '' : `, ${attempts} attempts`;
    return new CallFailedError(`${this.#name} (${this.#address}) ${problem}${tried}`, attempts, error);
  }
}

function isTransient(error: unknown): error is EndpointError {
  return error instanceof EndpointError && error.isTransient;
}

/** What an endpoint does when it is down; one that says 429 or answers nonsense is up. */
function isOutage(error: unknown): boolean {
  return isTransient(error) && (error.status === undefined || error.status >= 500);
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
