import type { Dispatcher, Pool } from 'undici';
import type { RequestHeaders } from './headers.ts';

type Headers = Dispatcher.ResponseData['headers'];

/** No answer for one row comes near this size. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What each further row adds, which is more than a prediction with all that servers put beside it. */
const MAX_BYTES_PER_ROW = 4 * 1024;

/** The largest answer that is read. @param rows of the request */
export function maxAnswerBytes(rows: number): number {
  return MAX_ANSWER_BYTES + (rows - 1) * MAX_BYTES_PER_ROW;
}

/** A whole answer, whatever its status; the body as it was sent. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

export interface HttpPost {
  path: string;
  headers: RequestHeaders;
  body: string;
  /** From sending, or waiting for a connection, to the last byte of the answer; milliseconds. */
  timeoutMs: number;
  /** More than that is not read. */
  maxBytes: number;
}

/** There is more to read than an answer can be. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

/** There was no whole answer within the time for one. */
export class AnswerTimeoutError extends Error {
  override readonly name = 'AnswerTimeoutError';
}

/**
 * Posts a body and reads the answer to its end.
 *
 * Speaks to undici by `dispatch`, because its `request` makes a stream, an async resource and an abort signal of each
 * answer: that took as long as everything else about a call.
 *
 * @throws AnswerTimeoutError; AnswerTooLargeError; undici's errors, when there is no whole answer
 */
export function post(pool: Pool, { path, headers, body, timeoutMs, maxBytes }: HttpPost): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(resolve, reject, { timeoutMs, maxBytes });
    pool.dispatch({ method: 'POST', path, headers, body }, exchange);
  });
}

/** One request under way. Whatever comes after its end is of no interest. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (reason: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #timedOut: AnswerTimeoutError | undefined;
  #status = 0;
  #headers: Headers = {};
  readonly #chunks: Buffer[] = [];
  #bytesLeft: number;

  constructor(
    resolve: (answer: HttpAnswer) => void,
    reject: (reason: Error) => void,
    { timeoutMs, maxBytes }: Pick<HttpPost, 'timeoutMs' | 'maxBytes'>,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#bytesLeft = maxBytes;
    this.#timer = setTimeout(() => this.#endAbandoned(timeoutMs), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its turn on a connection came when nobody waited any more.
    if (this.#timedOut !== undefined) controller.abort(this.#timedOut);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytesLeft -= chunk.length;
    if (this.#bytesLeft < 0) controller.abort(new AnswerTooLargeError('the rest was not read'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }

  #endAbandoned(timeoutMs: number): void {
    this.#timedOut = new AnswerTimeoutError(`no answer within ${timeoutMs} ms`);
    this.#reject(this.#timedOut);
    this.#controller?.abort(this.#timedOut);
  }
}
