import * as http from 'node:http';
import * as https from 'node:https';
import type { Pool } from 'undici';
import { AnswerTooLargeError, type HttpAnswer, type HttpPost, post } from './exchange.ts';

/**
 * The way to an endpoint: its pool, or Node's own client for a server that sends 100 Continue without having been asked.
 * Any client must pass over that, and undici hangs up.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.2
 */
export class HttpClient {
  readonly #pool: Pool;
  readonly #origin: string;
  #sendsContinue = false;

  /** @param origin of the pool */
  constructor(pool: Pool, origin: string) {
    this.#pool = pool;
    this.#origin = origin;
  }

  /** See `post`. The request that finds out what kind of server it is goes to it twice. */
  async post(request: HttpPost): Promise<HttpAnswer> {
    if (this.#sendsContinue) return this.#postByNode(request);
    try {
      return await post(this.#pool, request);
    } catch (error) {
      if (!isUnaskedContinue(error)) throw error;
      this.#sendsContinue = true;
      return this.#postByNode(request);
    }
  }

  /** Each on a connection of its own: few servers are of this kind, and none can then close one under a request. */
  #postByNode({ path, headers, body, timeoutMs, maxBytes }: HttpPost): Promise<HttpAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const signal = AbortSignal.timeout(timeoutMs);
    // Put together, not resolved: a path that begins with two slashes would name another host.
    const url = new URL(`${this.#origin}${path}`);
    const client = url.protocol === 'https:' ? https : http;
    const request = client.request(url, { method: 'POST', headers, agent: false, signal });
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    request.once('response', (response) => wholeAnswer(response, maxBytes).then(resolve, reject));
    request.end(body);
    return promise;
  }
}

async function wholeAnswer(response: http.IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AnswerTooLargeError('the rest was not read');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Undici's SocketError says no more than this of it. */
function isUnaskedContinue(error: unknown): boolean {
  return error instanceof Error && error.message === 'bad response';
}
