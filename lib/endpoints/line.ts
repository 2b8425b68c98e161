import * as http from 'node:http';
import * as https from 'node:https';
import type { Pool } from 'undici';
import { type HttpAnswer, type HttpPost, LARGEST_ANSWER_BYTES, post } from './exchange.ts';

/** As undici's error is called, which the pool fails with. */
class ResponseExceededMaxSizeError extends Error {
  override readonly name = 'ResponseExceededMaxSizeError';
}

/**
 * The way to an endpoint: its pool, or Node's own client for a server that sends 100 Continue without having been asked.
 * Any client must pass over that, and undici hangs up.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.2
 */
export class Line {
  readonly #pool: Pool;
  readonly #origin: string;
  #agent: http.Agent | undefined;

  /** @param origin of the pool */
  constructor(pool: Pool, origin: string) {
    this.#pool = pool;
    this.#origin = origin;
  }

  /** See `post`. The request that finds out what kind of server it is goes to it twice. */
  async post(request: HttpPost): Promise<HttpAnswer> {
    if (this.#agent !== undefined) return this.#postByNode(request, this.#agent);
    try {
      return await post(this.#pool, request);
    } catch (error) {
      if (!isUnaskedContinue(error)) throw error;
      this.#agent ??= this.#isSecure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
      return this.#postByNode(request, this.#agent);
    }
  }

  get #isSecure(): boolean {
    return this.#origin.startsWith('https:');
  }

  #postByNode({ path, headers, body, timeoutMs }: HttpPost, agent: http.Agent): Promise<HttpAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const signal = AbortSignal.timeout(timeoutMs);
    const url = new URL(path, this.#origin);
    const request = (this.#isSecure ? https : http).request(url, { method: 'POST', headers, agent, signal });
    request.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    request.once('response', (response) => wholeAnswer(response).then(resolve, reject));
    request.end(body);
    return promise;
  }
}

async function wholeAnswer(response: http.IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) throw new ResponseExceededMaxSizeError('too large');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Undici's SocketError says no more than this of it. */
function isUnaskedContinue(error: unknown): boolean {
  return error instanceof Error && error.message === 'bad response';
}
