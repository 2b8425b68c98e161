import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { Pool } from 'undici';
import { shownAddress } from '../address.ts';
import type { Protocol, Row } from '../protocols/protocol.ts';
import { now, within } from '../timing/clock.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Answer, Answers, CallHistory, CallOptions, CallState, RowAnswer, RowsRequest } from './call.ts';
import { type Callable, ONE_ROW, type RequestLimits } from './callable.ts';
import { Circuit, CircuitOpenError, type Outage } from './circuit.ts';
import { type HeaderSource, NO_CREDENTIALS } from './credentials.ts';
import {
  CallFailedError,
  EndpointError,
  isRefusal,
  noAnswer,
  unsendable,
  unsigned,
  withoutCredentials,
} from './errors.ts';
import { type HttpAnswer, maxAnswerBytes } from './exchange.ts';
import { CredentialsError, type RequestHeaders } from './headers.ts';
import { HttpClient } from './http-client.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { Redactor } from './redactor.ts';
import { RequestStatistics } from './request-statistics.ts';
import type { RowContract } from './requests.ts';
import { DEFAULT_RESILIENCE, type Resilience, retryDelay } from './resilience.ts';
import { RowRequests } from './row-requests.ts';
import type { Signer } from './signer.ts';

export interface EndpointOptions<T> {
  /** See `endpointIdOf`. */
  id: string;
  /** What people call it. */
  label: string;
  url: URL;
  pool: Pool;
  protocol: Protocol;
  contract: RowContract<T>;
  /** One row per request unless given. */
  limits?: RequestLimits | undefined;
  credentials?: HeaderSource;
  /** Of an endpoint that wants each request signed. */
  signer?: Signer | undefined;
  resilience?: Partial<Resilience>;
  /** Shared by the endpoints that keep to one limit together. Without it, requests are sent as they come. */
  rateLimiter?: RateLimiter | undefined;
  /** Lets so many requests be under way at a time. Without it, only connections limit them. */
  concurrency?: LimitFunction | undefined;
}

/**
 * Rows that failed twice together are sent in smaller requests: once may be chance. What is surely theirs, such as a 400, is
 * not sent again as it is.
 */
const FAILURES_TOGETHER = 2;

/** The same for all attempts: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header */
const TOKEN_HEADER = 'idempotency-key';

/** One of the customer's services: rows over HTTP, tried again when that may help, left alone when it is down. */
export class Endpoint<T> implements Callable<T> {
  readonly id: string;
  readonly label: string;
  readonly limits: RequestLimits;
  readonly #client: HttpClient;
  readonly #path: string;
  /** The endpoint's address without what may be secret. */
  readonly address: string;
  readonly #url: URL;
  readonly #credentials: HeaderSource;
  readonly #signer: Signer | undefined;
  readonly #query = new Redactor();
  readonly #headers: RequestHeaders;
  readonly #requests: RowRequests;
  readonly #answers: AnswerReader<T>;
  readonly #resilience: Resilience;
  readonly #circuit: Circuit;
  readonly #rateLimiter: RateLimiter | undefined;
  readonly #concurrency: LimitFunction | undefined;
  /** The latest row that got a usable answer, and whether the latest probe was that. */
  #answerable: Row | undefined;
  #wasProbedByIt = false;

  constructor({
    id,
    label,
    url,
    pool,
    protocol,
    contract,
    limits = ONE_ROW,
    credentials = NO_CREDENTIALS,
    signer,
    resilience,
    rateLimiter,
    concurrency,
  }: EndpointOptions<T>) {
    this.id = id;
    this.label = label;
    this.limits = limits;
    this.#client = new HttpClient(pool, url.origin);
    this.#url = url;
    this.#path = `${url.pathname}${url.search}`;
    this.address = shownAddress(url);
    this.#query.add(Object.fromEntries(url.searchParams));
    this.#credentials = credentials;
    this.#signer = signer;
    this.#headers = protocol.headers;
    this.#requests = new RowRequests(protocol, limits);
    const redact = (text: string) => this.#redact(text);
    this.#answers = new AnswerReader({ protocol, contract, address: this.address, redact });
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

  /** See `RowRequests.fit`. */
  fit(rows: readonly Row[]): RowsRequest {
    return this.#requests.fit(rows);
  }

  /** Calls for one row, in a request of its own. @throws CallFailedError as `callAll` */
  async call(row: Row, options: CallOptions = {}): Promise<Answer<T>> {
    const { rows, attempts } = await this.callAll(this.#requests.of([row]), options);
    const [answer] = rows;
    if (answer !== undefined && 'value' in answer) return { value: answer.value, attempts };
    throw this.failed('answered for no row', attempts, answer?.problem);
  }

  /**
   * Posts a request and parses the answer, of which a part may be unusable.
   *
   * @throws CallFailedError when attempts are exhausted, the request is refused, the endpoint is down or time is up, and
   *   when its rows had better be sent in smaller requests: see `CallFailedError.divisible`
   */
  async callAll(request: RowsRequest, options: CallOptions = {}): Promise<Answers<T>> {
    if (request.problem !== undefined) {
      const error = unsendable(request.problem);
      throw this.failed(error.message, 0, error);
    }
    const state = stateOf(options);
    if (request.rows.length === 1) this.#forgiveSome(state.history);
    for (;;) {
      if (now() >= state.deadline) throw this.#outOfTime(state);
      try {
        const rows = await this.#inTurn(state, () =>
          this.#circuit.run((isProbe) => this.#try(request, state, isProbe), state.history),
        );
        state.statistics.answer();
        if (rows !== undefined) return { rows, attempts: state.attempts };
      } catch (error) {
        await this.#beforeNext(error, state, request.rows.length);
      }
    }
  }

  /**
   * Waits until rows may be sent again whose part of an answer could not be used.
   *
   * @throws CallFailedError when they may not
   */
  async waitAfter(problem: EndpointError, options: CallOptions & { history: CallHistory }): Promise<void> {
    options.history.failures += 1;
    await this.#beforeNext(problem, stateOf(options), 1);
  }

  /**
   * Of a row that is alone by now: what failed before may have failed because of others that it was sent with, so it has
   * half of the attempts at least for itself. Otherwise a good row that stood beside a bad one would be lost by chance.
   */
  #forgiveSome(history: CallHistory): void {
    history.failures = Math.min(history.failures, Math.floor(this.#resilience.attempts / 2));
  }

  /** A call's end, for people. @param problem what follows on the endpoint's name */
  failed(problem: string, attempts: number, cause?: EndpointError): CallFailedError {
    return new CallFailedError(`${this.label} endpoint (${this.address}) ${problem}`, attempts, cause);
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
   * Sends the request, or, to find out whether the endpoint is down, a single row.
   *
   * @returns undefined when the endpoint is not down, and the request has not been sent yet
   */
  async #try(request: RowsRequest, state: CallState, isProbe: boolean): Promise<RowAnswer<T>[] | undefined> {
    const probed = isProbe ? this.#rowToProbeWith(request) : undefined;
    try {
      if (probed !== undefined) {
        await this.#ask(this.#requests.of([probed]), { ...state, token: randomUUID() });
        return undefined;
      }
      const answers = await this.#ask(request, state);
      this.#answerable = request.rows[answers.findIndex((answer) => 'value' in answer)];
      return answers;
    } catch (error) {
      if (error instanceof EndpointError) state.statistics.fail(error);
      // It answers, and so it is not down, whatever it says of that row.
      if (probed !== undefined && error instanceof EndpointError && error.concern === 'input') return undefined;
      // The circuit decides how long to go on probing.
      if (!isProbe) state.history.failures += 1;
      throw error;
    }
  }

  /**
   * A row that has been answered before. Of an endpoint that is down, each second probe has the request's own row: the other
   * one may be what it refuses by now. Several rows are never a probe: they may be too many.
   *
   * @returns undefined for the request itself
   */
  #rowToProbeWith({ rows }: RowsRequest): Row | undefined {
    const known = this.isDown && this.#wasProbedByIt ? undefined : this.#answerable;
    this.#wasProbedByIt = known !== undefined;
    return known ?? (rows.length > 1 ? rows[0] : undefined);
  }

  /** When credentials are refused and there are others by now, nothing has failed: these are tried at once. */
  async #ask(request: RowsRequest, state: CallState): Promise<RowAnswer<T>[]> {
    for (;;) {
      const headers = this.#credentials.current;
      const answer = await this.#send(request, headers, state);
      const isRenewed = isRefusal(answer.status) && (await this.#isRenewed(headers, answer.status, state));
      if (isRenewed === false) return this.#answers.read(answer, request.rows.length);
      if (isRenewed === undefined || now() >= state.deadline) throw this.#outOfTime(state);
    }
  }

  async #send({ rows, body }: RowsRequest, headers: RequestHeaders, state: CallState): Promise<HttpAnswer> {
    // A call that waits for its turn keeps its place: otherwise all members would wait for turns at the same time.
    if (this.#rateLimiter !== undefined) await this.#waitFor(this.#rateLimiter.take(), { ...state, rest: delay });
    state.attempts += 1;
    state.statistics.send(state.attempts > 1, rows.length);
    const { timeoutMs } = this.#resilience;
    const own = { ...this.#headers, ...headers, ...state.statistics.headers, [TOKEN_HEADER]: state.token };
    const sent = this.#signer === undefined ? own : await this.#signed(this.#signer, own, body);
    const from = now();
    try {
      const maxBytes = maxAnswerBytes(rows.length);
      return await this.#client.post({ path: this.#path, headers: sent, body, timeoutMs, maxBytes });
    } catch (error) {
      throw noAnswer(error, timeoutMs, (text) => this.#redact(text));
    } finally {
      state.statistics.end(from);
    }
  }

  /** Each attempt anew: a signature holds for some minutes. */
  async #signed(signer: Signer, headers: RequestHeaders, body: string): Promise<RequestHeaders> {
    try {
      return await signer.sign({ url: this.#url, headers, body });
    } catch (error) {
      throw error instanceof CredentialsError ? unsigned(error) : error;
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

  /** Without what the endpoint was sent and may be secret: many servers quote the address that they do not know. */
  #redact(text: string): string {
    const redacted = this.#query.redact(this.#credentials.redact(text));
    return this.#signer?.redact(redacted) ?? redacted;
  }

  /**
   * Waits until the call may go on.
   *
   * @param rows of its requests
   * @throws CallFailedError when it does not
   */
  async #beforeNext(error: unknown, state: CallState, rows: number): Promise<void> {
    if (error instanceof CircuitOpenError) return this.#waitForEndpoint(error, state);
    if (!(error instanceof EndpointError)) throw error;
    const { attempts, history } = state;
    const { failures, isRefusedAlone = false } = history;
    const isBetterDivided = rows > 1 && error.divisible !== 'no' && failures >= FAILURES_TOGETHER;
    if (!error.isTransient || failures >= this.#resilience.attempts || isBetterDivided) {
      throw this.failed(`${error.message}${attempts <= 1 ? '' : `, ${attempts} attempts`}`, attempts, error);
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
    return this.failed(problem, attempts, lastFailure);
  }

  #outOfTime({ attempts }: CallState): CallFailedError {
    return this.failed('was not called any more: the time for this batch was up', attempts);
  }
}

function stateOf({
  deadline = Number.POSITIVE_INFINITY,
  statistics = new RequestStatistics(),
  rest = delay,
  history = { failures: 0 },
}: CallOptions): CallState {
  return { deadline, statistics, rest, history, token: randomUUID(), attempts: 0 };
}
