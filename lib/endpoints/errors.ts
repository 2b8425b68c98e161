import { isNativeError } from 'node:util/types';
import { shownAddress } from '../address.ts';
import { excerpt } from '../excerpt.ts';
import { AnswerTooLargeError } from './exchange.ts';

/**
 * What an error says something about.
 *
 * - `service`: nothing answers, or what answers is overloaded; what was sent does not matter.
 * - `unclear`: the service failed, at this input or at all: see whether others are answered.
 * - `contract`: the address, the credentials or the form of the answers are others than agreed.
 * - `input`: this one request was refused.
 * - `rows`: the answer to several rows is none to each: which of them, or whether their number is why, is not known.
 */
export type Concern = 'service' | 'unclear' | 'contract' | 'input' | 'rows';

/**
 * Whether fewer rows may be answered where several were not. A server fails as a whole, or does not answer in time, both
 * at one of the rows and by chance.
 */
export type Divisible = 'no' | 'perhaps' | 'yes';

interface EndpointErrorOptions {
  concern: Concern;
  isTransient: boolean;
  divisible?: Divisible;
  ofRows?: readonly EndpointError[];
  status?: number | undefined;
  retryAfterMs?: number | undefined;
}

/**
 * Why an endpoint gave no usable answer, in words for whoever runs the campaign. It has no cause: that might hold what
 * the endpoint sent, and in it credentials that it was sent itself.
 */
export class EndpointError extends Error {
  override name = 'EndpointError';
  readonly concern: Concern;
  /** Whether the same request may succeed when it is sent again. */
  readonly isTransient: boolean;
  readonly divisible: Divisible;
  /** What is wrong with each of the request's rows, when that is known. */
  readonly ofRows: readonly EndpointError[];
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** How long the endpoint asked to be left alone, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether the endpoint says that it has too much to do. */
  readonly isOverload: boolean;

  constructor(message: string, options: EndpointErrorOptions) {
    super(message);
    this.concern = options.concern;
    this.isTransient = options.isTransient;
    this.divisible = options.divisible ?? 'no';
    this.ofRows = options.ofRows ?? [];
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.isOverload = options.retryAfterMs !== undefined || OVERLOADED.includes(options.status ?? 0);
  }
}

/** A call that failed for good, and how many requests were sent for it. */
export class CallFailedError extends Error {
  override name = 'CallFailedError';
  readonly attempts: number;
  /** HTTP status of the last answer, when there was one. */
  readonly status: number | undefined;
  /** Of the last failure, as the next. */
  readonly divisible: Divisible;
  readonly ofRows: readonly EndpointError[];

  constructor(message: string, attempts: number, cause: unknown) {
    super(message, { cause });
    this.attempts = attempts;
    this.divisible = cause instanceof EndpointError ? cause.divisible : 'no';
    this.ofRows = cause instanceof EndpointError ? cause.ofRows : [];
    this.status = cause instanceof EndpointError ? cause.status : undefined;
  }
}

/** An answer as far as it explains a refusal; texts are without credentials. */
export interface Refusal {
  status: number;
  /** What that amounts to, where the protocol has other words for it. */
  meaning?: number | undefined;
  body: string;
  retryAfter?: string | undefined;
  location?: string | undefined;
}

export const TOO_MANY_REQUESTS = 429;
export const CONTENT_TOO_LARGE = 413;
const SERVER_ERROR = 500;
const SERVICE_UNAVAILABLE = 503;
const OVERLOADED = [TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE];
/** And Request Timeout, Too Early, Bad Gateway, Gateway Timeout. */
const BUSY = [...OVERLOADED, 408, 425, 502, 504];
/** Of those, what may be so because there was too much to do at once: Request Timeout, Gateway Timeout. */
const TIMED_OUT = [408, 504];
/** Unauthorized, Forbidden: others may be let in. */
const REFUSALS = [401, 403];
/** And Not Found, Method Not Allowed: what is sent does not matter to them. */
const MISDIRECTED = [...REFUSALS, 404, 405];
const MAX_QUOTE_LENGTH = 200;

/** Whether an answer of this status may be another one with other credentials. */
export function isRefusal(status: number): boolean {
  return REFUSALS.includes(status);
}

/**
 * An answer that is not 2xx. Only 408, 425, 429 and 5xx are worth another attempt; redirects are not followed, because a
 * POST of a member's data goes to nobody but the service that was named.
 *
 * @param address of the endpoint, which a Location may be relative to
 */
export function rejection(refusal: Refusal, address: string): EndpointError {
  const { status, meaning = status, body, retryAfter, location } = refusal;
  const shown = isRedirect(status) && location !== undefined ? redirectText(location, address) : quoted(body);
  const answered = meaning === status ? `answered ${status}` : `answered ${status}, which here means ${meaning}`;
  return new EndpointError(`${answered}${shown === '' ? '' : `: ${shown}`}`, {
    concern: concernOf(meaning),
    isTransient: BUSY.includes(meaning) || meaning >= SERVER_ERROR,
    divisible: divisibleOf(meaning),
    status: meaning,
    retryAfterMs: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter),
  });
}

function concernOf(status: number): Concern {
  if (BUSY.includes(status)) return 'service';
  if (status >= SERVER_ERROR) return 'unclear';
  return isRedirect(status) || MISDIRECTED.includes(status) ? 'contract' : 'input';
}

function divisibleOf(status: number): Divisible {
  const concern = concernOf(status);
  if (concern === 'input') return 'yes';
  return concern === 'unclear' || TIMED_OUT.includes(status) ? 'perhaps' : 'no';
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Credentials were refused, and whether there are others by now could not be found out. */
export function withoutCredentials(status: number, { message }: Error): EndpointError {
  return new EndpointError(`answered ${status}, and ${message}`, { concern: 'contract', isTransient: false, status });
}

/** The request could not be signed, and was not sent: who sends requests may get credentials a moment later. */
export function unsigned({ message }: Error): EndpointError {
  return new EndpointError(`was not asked: ${message}`, { concern: 'contract', isTransient: true });
}

/**
 * A success with an unusable body. The next one may be usable: the service may not be well, or it may be the input.
 *
 * @param problem what it is instead of what was expected
 * @param body without credentials
 * @param isOfRows whether it is the answer to several rows, and what is wrong may be one of them or their number
 */
export function unusable(status: number, problem: string, body: string, isOfRows = false): EndpointError {
  const shown = quoted(body);
  const ending = shown === '' ? ', nothing at all' : `: ${shown}`;
  const message = `answered with ${problem}${ending}`;
  if (isOfRows) return new EndpointError(message, { concern: 'rows', isTransient: false, divisible: 'yes', status });
  return new EndpointError(message, { concern: 'contract', isTransient: true, divisible: 'perhaps', status });
}

/** Nothing was sent: the protocol has no way to say what is in one of the rows. */
export function unsendable(problem: string): EndpointError {
  return new EndpointError(`cannot be asked: ${problem}`, { concern: 'input', isTransient: false, divisible: 'yes' });
}

/** A success of which no row can be used, each for a reason of its own: sent in smaller requests they would be no better. */
export function unusableRows(status: number, rows: readonly EndpointError[]): EndpointError {
  const { message = '' } = rows[0] ?? {};
  return new EndpointError(message, { concern: 'contract', isTransient: true, status, ofRows: rows });
}

/**
 * Reads a Retry-After header, seconds or an HTTP date, as milliseconds from now.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(header: string, nowMs = Date.now()): number | undefined {
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/**
 * No whole answer: the connection failed, was reset, the time was up, or there was too much to read.
 *
 * @param redact takes credentials out of a text
 */
export function noAnswer(reason: unknown, timeoutMs: number, redact: (text: string) => string): EndpointError {
  const isTooLarge = reason instanceof AnswerTooLargeError;
  const concern = isTooLarge ? 'contract' : 'service';
  // Servers also close connections on bodies that are too large for them.
  const divisible = isTooLarge || isTimeout(reason) || isHangUp(reason) ? 'perhaps' : 'no';
  return new EndpointError(problemOf(reason, timeoutMs, redact), { concern, isTransient: true, divisible });
}

/** The server, or what stands before it, has ended a connection that there was. */
function isHangUp(reason: unknown): boolean {
  if (!isNativeError(reason)) return false;
  return 'code' in reason && ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(String(reason.code));
}

/** A text of somebody else's on one line and in a length that a message can hold. */
function quoted(text: string): string {
  return excerpt(text.trim().replace(/\s+/g, ' '), MAX_QUOTE_LENGTH);
}

function redirectText(location: string, address: string): string {
  const url = URL.parse(location, address);
  const shown = url === null ? 'an address that cannot be read' : shownAddress(url);
  return `it redirects to ${quoted(shown)}, which is not followed`;
}

function problemOf(reason: unknown, timeoutMs: number, redact: (text: string) => string): string {
  if (isTimeout(reason)) return `did not answer within ${timeoutMs} ms`;
  if (reason instanceof AnswerTooLargeError) {
    return 'answered with more than a prediction or an offer can be; the rest was not read';
  }
  return `could not be reached: ${quoted(redact(messageOf(reason)))}`;
}

function isTimeout(reason: unknown): boolean {
  return (isNativeError(reason) || reason instanceof DOMException) && /Timeout/.test(reason.name);
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
