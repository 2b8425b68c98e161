import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'undici';
import * as z from 'zod';
import { now } from '../timing.ts';
import { Circuit, CircuitOpenError, type Outage } from './circuit.ts';
import { type HeaderSource, NO_CREDENTIALS } from './credentials.ts';
import { EndpointError, isRefusal, noAnswer, rejection, unusable, withoutCredentials } from './errors.ts';
import { type HttpAnswer, post } from './exchange.ts';
import { CredentialsError, type RequestHeaders } from './headers.ts';
import type { Pace } from './pace.ts';
import { DEFAULT_RESILIENCE, type Resilience, retryDelay } from './resilience.ts';
import { Traffic } from './traffic.ts';

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

export interface EndpointOptions<T> {
  name: string;
  url: URL;
  pool: Pool;
  schema: z.ZodType<T>;
  credentials?: HeaderSource;
  resilience?: Partial<Resilience>;
  /** Shared by the endpoints that keep to one limit together; none, and requests are sent as they come. */
  pace?: Pace | undefined;
}

export interface CallOptions {
  /**
   * Milliseconds as `now` gives them: from then on nothing is sent or waited for; what is under way has its time-out,
   * so that the call ends by `deadline` + `timeoutMs`.
   */
  deadline?: number;
  /** What the call's requests belong to, and are counted in. */
  traffic?: Traffic;
}

/** One call under way. */
interface Progress extends Required<CallOptions> {
  /** Requests sent. */
  attempts: number;
  /** Those that count against `Resilience.attempts`. */
  failures: number;
}

/** One of the customer's services: JSON over HTTP, tried again when that may help, left alone when it is down. */
export class Endpoint<T> {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #address: string;
  readonly #credentials: HeaderSource;
  readonly #schema: z.ZodType<T>;
  readonly #resilience: Resilience;
  readonly #circuit: Circuit;
  readonly #pace: Pace | undefined;

  constructor({ name, url, pool, schema, credentials = NO_CREDENTIALS, resilience, pace }: EndpointOptions<T>) {
    this.#name = name;
    this.#pool = pool;
    this.#path = `${url.pathname}${url.search}`;
    this.#address = `${url.origin}${url.pathname}`;
    this.#credentials = credentials;
    this.#schema = schema;
    this.#resilience = { ...DEFAULT_RESILIENCE, ...resilience };
    this.#circuit = new Circuit(this.#resilience);
    this.#pace = pace;
  }

  /** See `Circuit.renewPatience`. */
  renewPatience(): void {
    this.#circuit.renewPatience();
  }

  /** See `Circuit.takeOpenings`. */
  takeOpenings(): number {
    return this.#circuit.takeOpenings();
  }

  /** Whether the endpoint is left alone, because its calls fail. */
  get isDown(): boolean {
    return this.#circuit.isOpen;
  }

  /**
   * Posts a JSON body and parses the answer.
   *
   * @throws CallFailedError when attempts are exhausted, the request is refused, the endpoint is down or time is up
   */
  async call(
    body: string,
    { deadline = Number.POSITIVE_INFINITY, traffic = new Traffic() }: CallOptions = {},
  ): Promise<Answer<T>> {
    const progress: Progress = { attempts: 0, failures: 0, deadline, traffic };
    for (;;) {
      if (now() >= deadline) throw this.#outOfTime(progress);
      try {
        const value = await this.#circuit.run((isProbe) => this.#attempt(body, progress, isProbe));
        return { value, attempts: progress.attempts };
      } catch (error) {
        await this.#waitFor(this.#delayAfter(error, progress), progress);
      }
    }
  }

  async #attempt(body: string, progress: Progress, isProbe: boolean): Promise<T> {
    try {
      return await this.#ask(body, progress);
    } catch (error) {
      if (error instanceof EndpointError) progress.traffic.fail(error);
      // How long to go on probing is decided by patience.
      if (!isProbe) progress.failures += 1;
      throw error;
    }
  }

  /** When credentials are refused and there are others by now, nothing has failed: these are tried at once. */
  async #ask(body: string, progress: Progress): Promise<T> {
    const headers = this.#credentials.current;
    const answer = await this.#send(body, headers, progress);
    if (!isRefusal(answer.status) || !(await this.#isRenewed(headers, answer.status))) return this.#read(answer);
    if (now() >= progress.deadline) throw this.#outOfTime(progress);
    return this.#read(await this.#send(body, this.#credentials.current, progress));
  }

  async #send(body: string, headers: RequestHeaders, progress: Progress): Promise<HttpAnswer> {
    if (this.#pace !== undefined) await this.#waitFor(this.#pace.take(), progress);
    progress.attempts += 1;
    progress.traffic.send(progress.attempts > 1);
    const { timeoutMs } = this.#resilience;
    const sent = { ...headers, ...progress.traffic.headers };
    const from = now();
    try {
      return await post(this.#pool, { path: this.#path, headers: sent, body, timeoutMs });
    } catch (error) {
      throw noAnswer(error, timeoutMs, this.#credentials.redact);
    } finally {
      progress.traffic.end(from);
    }
  }

  async #isRenewed(refused: RequestHeaders, status: number): Promise<boolean> {
    try {
      return await this.#credentials.isRenewed(refused);
    } catch (error) {
      throw error instanceof CredentialsError ? withoutCredentials(status, error) : error;
    }
  }

  #read({ status, headers, body }: HttpAnswer): T {
    if (status >= 200 && status <= 299) return this.#parse(status, body);
    const { redact } = this.#credentials;
    const location = firstOf(headers.location);
    const refusal = {
      status,
      body: redact(body),
      retryAfter: firstOf(headers['retry-after']),
      location: location === undefined ? undefined : redact(location),
    };
    throw rejection(refusal, this.#address);
  }

  #parse(status: number, text: string): T {
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch (error) {
      const problem = error instanceof z.ZodError ? `JSON of another shape (${issueOf(error)})` : 'no JSON';
      throw unusable(status, problem, this.#credentials.redact(text));
    }
  }

  /** How long to wait before this call goes on, milliseconds. @throws CallFailedError when it does not */
  #delayAfter(error: unknown, { attempts, failures }: Progress): number {
    if (error instanceof CircuitOpenError) {
      const outage = this.#circuit.outage();
      if (outage?.patienceLeftMs === 0) throw this.#down(outage, attempts);
      return Math.min(this.#resilience.probeAfterMs, outage?.patienceLeftMs ?? 0);
    }
    if (!(error instanceof EndpointError)) throw error;
    if (!error.isTransient || failures >= this.#resilience.attempts) throw this.#failure(error, attempts);
    return retryDelay(this.#resilience, failures, error.retryAfterMs);
  }

  async #waitFor(milliseconds: number, progress: Progress): Promise<void> {
    if (now() + milliseconds >= progress.deadline) throw this.#outOfTime(progress);
    if (milliseconds > 0) await delay(milliseconds);
  }

  #down({ downForMs, lastFailure }: Outage, attempts: number): CallFailedError {
    const problem = lastFailure instanceof Error ? lastFailure.message : 'no call succeeds';
    const duration = `for ${Math.round(downForMs / 1000)} s`;
    const message = `${this.#name} (${this.#address}) is down: no call has succeeded ${duration}; it was left alone; before that it ${problem}`;
    return new CallFailedError(message, attempts, lastFailure);
  }

  #outOfTime({ attempts }: Progress): CallFailedError {
    const message = `${this.#name} (${this.#address}) was not called any more: the time for this batch was up`;
    return new CallFailedError(message, attempts, undefined);
  }

  #failure(error: EndpointError, attempts: number): CallFailedError {
    const tried = attempts === 1 ? '' : `, ${attempts} attempts`;
    return new CallFailedError(`${this.#name} (${this.#address}) ${error.message}${tried}`, attempts, error);
  }
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'unusable';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
