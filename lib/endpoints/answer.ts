import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type * as z from 'zod';
import { type HttpAnswer, LARGEST_ANSWER_BYTES } from './exchange.ts';

/** What an endpoint must answer. */
export interface Contract<T> {
  schema: z.ZodType<T>;
  /** A usable answer, for people. */
  example: string;
}

/** An answer that cannot be used; the message says what it is instead. Quotes nothing of it. */
export class UnusableAnswerError extends Error {
  override readonly name = 'UnusableAnswerError';
}

/** Nothing of this is asked for, but some servers and what stands before them send it all the same. */
const DECODERS: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/**
 * The text of an answer: unpacked, in the encoding that it names (UTF-8, unless it names one), without a byte-order mark.
 *
 * @throws UnusableAnswerError when it is in another encoding than it says
 */
export function textOf({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>): string {
  const bytes = unpacked(body, headerOf(headers, 'content-encoding'));
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1] ?? 'utf-8';
  if (/^utf-?8$/i.test(charset) && isUtf8(bytes)) return bytes.toString().replace(/^\uFEFF/, '');
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UnusableAnswerError(`text that is not in the encoding ${JSON.stringify(charset)}`, { cause: error });
  }
}

/**
 * What an answer says.
 *
 * @param text of the answer
 * @throws UnusableAnswerError when it is not as agreed
 */
export function parseAnswer<T>(text: string, { schema, example }: Contract<T>): T {
  const parsed = schema.safeParse(jsonOf(text, example));
  if (parsed.success) return parsed.data;
  throw new UnusableAnswerError(`JSON of another shape than ${example} (${issueOf(parsed.error)})`);
}

/** A header's first value. */
export function headerOf(headers: HttpAnswer['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function jsonOf(text: string, example: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // As Python writes them unless it is told not to.
    const token = /(?<=[:[,]\s*)-?(?:NaN|Infinity)\b/.exec(text)?.[0];
    const problem =
      token === undefined ? `no JSON such as ${example}` : `${token}, which is no number in JSON such as ${example}`;
    throw new UnusableAnswerError(problem, { cause: error });
  }
}

/** Encodings stand in the order in which they were applied. */
function unpacked(body: Buffer, encodings: string | undefined): Buffer {
  let bytes = body;
  for (const encoding of (encodings ?? '').toLowerCase().split(',').reverse()) {
    const name = encoding.trim();
    if (name === '' || name === 'identity') continue;
    bytes = decoded(bytes, name);
  }
  return bytes;
}

function decoded(bytes: Buffer, encoding: string): Buffer {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  try {
    if (decoder !== undefined) return decoder(bytes, { maxOutputLength: LARGEST_ANSWER_BYTES });
  } catch (error) {
    const problem = isTooLarge(error) ? 'more than a prediction or an offer can be' : 'something else than it says';
    throw new UnusableAnswerError(`${problem}, packed with ${encoding}`, { cause: error });
  }
  throw new UnusableAnswerError(`what is packed with ${JSON.stringify(encoding)}, which is not known here`);
}

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'unusable';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}
