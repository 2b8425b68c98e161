import { setTimeout as delay } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { Pool } from 'undici';
import { shownAddress } from '../address.ts';
import { now, within } from '../timing/clock.ts';
import { type Contract, headerOf, parseAnswer, textOf, UnusableAnswerError } from './answer.ts';
import type { Answer, CallOptions, CallState } from './call.ts';
import type { Callable } from './callable.ts';
import { Circuit, CircuitOpenError, type Outage } from './circuit.ts';
import { type HeaderSource, NO_CREDENTIALS } from './credentials.ts';
import {
  CallFailedError,
  EndpointError,
  isRefusal,
  noAnswer,
  rejection,
  unusable,
  withoutCredentials,
} from './errors.ts';
import type { HttpAnswer } from './exchange.ts';
import { CredentialsError, type RequestHeaders } from './headers.ts';
import { HttpClient } from './http-client.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { Redactor } from './redactor.ts';
import { RequestStatistics } from './request-statistics.ts';
import { DEFAULT_RESILIENCE, type Resilience, retryDelay } from './resilience.ts';

export interface EndpointOptions<T> {
  /** See `endpointIdOf`. */
  id: string;
  /** What people call it. */
  label: string;
  url: URL;
  pool: Pool;
  contract: Contract<T>;
  credentials?: HeaderSource;
  resilience?: Partial<Resilience>;
  /** Shared by the endpoints that keep to one limit together. Without it, requests are sent as they come. */
  rateLimiter?: RateLimiter | undefined;
  /** Lets so many requests be under way at a time. Without it, only connections limit them. */
  concurrency?: LimitFunction | undefined;
}

/** One of the customer's services: JSON over HTTP, tried again when that may help, left alone when it is down. */
export class Endpoint<T> implements Callable<T> {
  readonly id: string;
  readonly label: string;
  readonly #client: HttpClient;
  readonly #path: string;
  /** The endpoint's address without what may be secret. */
  readonly address: string;
  readonly #credentials: HeaderSource;
  readonly #query = new Redactor();
  readonly #contract: Contract<T>;
  readonly #resilience: Resilience;
  readonly #circuit: Circuit;
  readonly #rateLimiter: RateLimiter | undefined;
  readonly #concurrency: LimitFunction | undefined;
  /** The latest body that got a usable answer, and whether the latest probe was that. */
  #answerable: string | undefined;
  #wasProbedByIt = false;

  constructor({
    id,
    label,
    url,
    pool,
    contract,
    credentials = NO_CREDENTIALS,
    resilience,
    rateLimiter,
    concurrency,
  }: EndpointOptions<T>) {
    this.id = id;
    this.label = label;
    this.#client = new HttpClient(pool, url.origin);
    this.#path = `${url.pathname}${url.search}`;
    this.address = shownAddress(url);
    this.#query.add(Object.fromEntries(url.searchParams));
    this.#credentials = credentials;
    this.#contract = contract;
    this.#resilience = { ...DEFAULT_RESILIENCE, ...resilience };
    this.#circuit = new Circuit(this.#resilience);
    this.#rateLimiter = rateLimiter;
    this.#concurrency = concurrency;
  }

  /** See `Circuit.renewWait`. */
  renewWait(): void {
    this.#circuit.renewWait();
  }

  /** See `Circuit.takeOpenings`. */
  takeOpenings(): number {
    return this.#circuit.takeOpenings();
  }

  /** See `Circuit.outage`: for whoever has calls that fail. */
  outage(): Outage | undefined {
    return this.#circuit.outage();
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
    { deadline = Number.POSITIVE_INFINITY, statistics = new RequestStatistics(), rest = delay }: CallOptions = {},
  ): Promise<Answer<T>> {
    const state: CallState = { attempts: 0, failures: 0, deadline, statistics, rest };
    for (;;) {
      if (now() >= deadline) throw this.#outOfTime(state);
      try {
        const answer = await this.#inTurn(state, () =>
          this.#circuit.run((isProbe) => this.#try(body, state, isProbe), state),
        );
        statistics.answer();
        if (answer !== undefined) return answer;
      } catch (error) {
        await this.#beforeNext(error, state);
      }
    }
  }

  /** Before the circuit is asked: a call that has waited is not sent to an endpoint that went down meanwhile. */
  #inTurn<R>(state: CallState, send: () => Promise<R>): Promise<R> {
    if (this.#concurrency === undefined) return send();
    return this.#concurrency(() => {
      if (now() >= state.deadline) throw this.#outOfTime(state);
      return send();
    });
  }

  /**
   * Sends the body, or, to find out whether the endpoint is down, one that has been answered before. Of one that is down
   * each second probe is a call's own body: the other one may be what it refuses by now.
   *
   * @returns undefined when the endpoint is not down, and the body has not been sent yet
   */
  async #try(body: string, state: CallState, isProbe: boolean): Promise<Answer<T> | undefined> {
    try {
      const answerable = isProbe && !(this.isDown && this.#wasProbedByIt) ? this.#answerable : undefined;
      if (isProbe) this.#wasProbedByIt = answerable !== undefined;
      if (answerable !== undefined) {
        await this.#ask(answerable, { ...state });
        return undefined;
      }
      const value = await this.#ask(body, state);
      this.#answerable = body;
      return { value, attempts: state.attempts };
    } catch (error) {
      if (error instanceof EndpointError) state.statistics.fail(error);
      // The circuit decides how long to go on probing.
      if (!isProbe) state.failures += 1;
      throw error;
    }
  }

  /** When credentials are refused and there are others by now, nothing has failed: these are tried at once. */
  async #ask(body: string, state: CallState): Promise<T> {
    for (;;) {
      const headers = this.#credentials.current;
      const answer = await this.#send(body, headers, state);
      const isRenewed = isRefusal(answer.status) && (await this.#isRenewed(headers, answer.status, state));
      if (isRenewed === false) return this.#read(answer);
      if (isRenewed === undefined || now() >= state.deadline) throw this.#outOfTime(state);
    }
  }

  async #send(body: string, headers: RequestHeaders, state: CallState): Promise<HttpAnswer> {
    // A call that waits for its turn keeps its place: otherwise all members would wait for turns at the same time.
    if (this.#rateLimiter !== undefined) await this.#waitFor(this.#rateLimiter.take(), { ...state, rest: delay });
    state.attempts += 1;
    state.statistics.send(state.attempts > 1);
    const { timeoutMs } = this.#resilience;
    const sent = { ...headers, ...state.statistics.headers };
    const from = now();
    try {
      return await this.#client.post({ path: this.#path, headers: sent, body, timeoutMs });
    } catch (error) {
      throw noAnswer(error, timeoutMs, (text) => this.#redact(text));
    } finally {
      state.statistics.end(from);
    }
  }

  /** Undefined when time is up before that is known. */
  async #isRenewed(refused: RequestHeaders, status: number, { deadline }: CallState): Promise<boolean | undefined> {
    try {
      return await within(deadline - now(), this.#credentials.isRenewed(refused));
    } catch (error) {
      throw error instanceof CredentialsError ? withoutCredentials(status, error) : error;
    }
  }

  #read(answer: HttpAnswer): T {
    const { status, headers } = answer;
    if (status >= 200 && status <= 299) return this.#value(answer);
    const location = headerOf(headers, 'location');
    const refusal = {
      status,
      body: this.#redact(quotable(answer)),
      retryAfter: headerOf(headers, 'retry-after'),
      location: location === undefined ? undefined : this.#redact(location),
    };
    throw rejection(refusal, this.address);
  }

  #value(answer: HttpAnswer): T {
    try {
      return parseAnswer(textOf(answer), this.#contract);
    } catch (error) {
      if (!(error instanceof UnusableAnswerError)) throw error;
      throw unusable(answer.status, error.message, this.#redact(quotable(answer)));
    }
  }

  /** Without what the endpoint was sent and may be secret: many servers quote the address that they do not know. */
  #redact(text: string): string {
    return this.#query.redact(this.#credentials.redact(text));
  }

  /** Waits until the call may go on. @throws CallFailedError when it does not */
  async #beforeNext(error: unknown, state: CallState): Promise<void> {
    if (error instanceof CircuitOpenError) return this.#waitForEndpoint(error, state);
    if (!(error instanceof EndpointError)) throw error;
    const { attempts, failures, isRefusedAlone = false } = state;
    if (!error.isTransient || failures >= this.#resilience.attempts) {
      throw this.#failed(`${error.message}${attempts === 1 ? '' : `, ${attempts} attempts`}`, attempts, error);
    }
    const isBrief = error.concern === 'contract' || (error.concern === 'unclear' && isRefusedAlone);
    const milliseconds = retryDelay(this.#resilience, { failures, askedMs: error.retryAfterMs, isBrief });
    // An overloaded service gets fewer requests: the call keeps its place, so that no other member is called for instead.
    await this.#waitFor(milliseconds, error.isOverload ? { ...state, rest: delay } : state);
  }

  async #waitForEndpoint(closed: CircuitOpenError, state: CallState): Promise<void> {
    const outage = this.#circuit.outage();
    if (outage?.waitLeftMs === 0) throw this.#down(outage, state.attempts);
    const maxWaitMs = outage?.waitLeftMs ?? this.#resilience.timeoutMs;
    await this.#circuit.change(closed, Math.min(maxWaitMs, state.deadline - now()));
  }

  async #waitFor(milliseconds: number, state: CallState): Promise<void> {
    if (now() + milliseconds >= state.deadline) throw this.#outOfTime(state);
    if (milliseconds > 0) await state.rest(milliseconds);
  }

  #down({ downForMs, isBroken, lastFailure }: Outage, attempts: number): CallFailedError {
    const { message } = lastFailure;
    const seconds = Math.round(downForMs / 1000);
    const problem = isBroken
      ? `${message}; none of its last answers could be used, and it is not called any more`
      : `is down: no call has succeeded for ${seconds} s; it was left alone; before that it ${message}`;
    return this.#failed(problem, attempts, lastFailure);
  }

  #outOfTime({ attempts }: CallState): CallFailedError {
    return this.#failed('was not called any more: the time for this batch was up', attempts);
  }

  #failed(problem: string, attempts: number, cause?: EndpointError): CallFailedError {
    return new CallFailedError(`${this.label} endpoint (${this.address}) ${problem}`, attempts, cause);
  }
}

/** An answer as a message can quote it, whatever it is. */
function quotable(answer: HttpAnswer): string {
  try {
    return textOf(answer);
  } catch {
    return answer.body.toString();
  }
}
