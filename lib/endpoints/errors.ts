import { excerpt } from '../excerpt.ts';

/** Why an endpoint gave no usable answer, in words for whoever runs the campaign. */
export class EndpointError extends Error {
  override name = 'EndpointError';
  /** Whether the same request may succeed when it is sent again. */
  readonly isTransient: boolean;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** How long the endpoint asked to be left alone, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { cause?: unknown; isTransient: boolean; status?: number; retryAfterMs?: number | undefined },
  ) {
    super(message, { cause: options.cause });
    this.isTransient = options.isTransient;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;
const LONGEST_QUOTE = 200;

/** An answer that is not 2xx. Only 429 and 5xx are worth another attempt. */
export function rejection(status: number, body: string, retryAfter: string | undefined): EndpointError {
  const shown = excerpt(body.trim().replace(/\s+/g, ' '), LONGEST_QUOTE);
  return new EndpointError(`answered ${status}${shown === '' ? '' : `: ${shown}`}`, {
    isTransient: status === TOO_MANY_REQUESTS || status >= SERVER_ERROR,
    status,
    retryAfterMs: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter),
  });
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

/** No answer at all: the connection failed, was reset, or the time was up. */
export function noAnswer(cause: unknown, timeoutMs: number): EndpointError {
  const isTimeout = cause instanceof Error && (cause.name === 'TimeoutError' || /Timeout/.test(cause.name));
  const problem = isTimeout ? `did not answer within ${timeoutMs} ms` : `could not be reached: ${messageOf(cause)}`;
  return new EndpointError(problem, { cause, isTransient: true });
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
