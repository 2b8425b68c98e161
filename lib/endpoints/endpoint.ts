import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'undici';
import * as z from 'zod';
import { now } from '../timing.ts';
import { Circuit, CircuitOpenError, type Outage } from './circuit.ts';
import { EndpointError, noAnswer, rejection, unusable } from './errors.ts';
import { post } from './exchange.ts';
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
  readonly #headers: Record<string, string>;
  readonly #schema: z.ZodType<T>;
  readonly #resilience: Resilience;
  readonly #circuit: Circuit;
  readonly #pace: Pace | undefined;

  constructor({ name, url, pool, schema, resilience, pace }: EndpointOptions<T>) {
    this.#name = name;
    this.#pool = pool;
    this.#path = `${url.pathname}${url.search}`;
    this.#address = `${url.origin}${url.pathname}`;
    this.#headers = { 'content-type': 'application/json', accept: 'application/json', ...authorization(url) };
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
    if (this.#pace !== undefined) await this.#waitFor(this.#pace.take(), progress);
    progress.attempts += 1;
    progress.traffic.send(progress.attempts > 1);
    try {
      return await this.#send(body, progress.traffic);
    } catch (error) {
      if (error instanceof EndpointError) progress.traffic.fail(error);
      // How long to go on probing is decided by patience.
      if (!isProbe) progress.failures += 1;
      throw error;
    }
  }

  async #send(body: string, traffic: Traffic): Promise<T> {
    const { timeoutMs } = this.#resilience;
    const headers = { ...this.#headers, ...traffic.headers };
    const from = now();
    try {
      const sent = post(this.#pool, { path: this.#path, headers, body, timeoutMs });
      const answer = await sent.finally(() => traffic.end(from));
      if (answer.status >= 200 && answer.status <= 299) return this.#parse(answer.status, answer.body);
      const [retryAfter, location] = [firstOf(answer.headers['retry-after']), firstOf(answer.headers.location)];
      throw rejection({ ...answer, retryAfter, location }, this.#address);
    } catch (error) {
      throw error instanceof EndpointError ? error : noAnswer(error, timeoutMs);
    }
  }

  #parse(status: number, text: string): T {
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch (cause) {
      const problem = cause instanceof z.ZodError ? `JSON of another shape (${issueOf(cause)})` : 'no JSON';
      throw unusable(status, problem, text, cause);
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

/** Credentials in an address, which are no part of what is sent as such. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'unusable';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
