import { isUtf8 } from 'node:buffer';
import { isNativeError } from 'node:util/types';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type * as z from 'zod';
import { type HttpAnswer, MAX_ANSWER_BYTES } from './exchange.ts';

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
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * The text of an answer: unpacked, without a byte-order mark, in UTF-8, as JSON is, or else in the encoding that it names.
 * What neither is shows as U+FFFD.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 * @throws UnusableAnswerError when it is larger than an answer can be
 */
export function textOf({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>): string {
  const bytes = unpacked(body, headerOf(headers, 'content-encoding'));
  const charset = /charset\s*=\s*["']?([^\s;"']+)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1];
  // What is readable as UTF-8 is hardly ever another encoding, whatever it calls itself, but for those of two bytes.
  const isJson = isUtf8(bytes) && !bytes.includes(0);
  return isJson ? bytes.toString().replace(/^\uFEFF/, '') : decoderOf(charset).decode(bytes);
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

/** What cannot be unpacked is taken as it is: some servers name an encoding and do not use it. */
function unpacked(body: Buffer, encoding = 'identity'): Buffer {
  const name = encoding.trim().toLowerCase();
  const unpack = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  try {
    return unpack?.(body, { maxOutputLength: MAX_ANSWER_BYTES }) ?? body;
  } catch (error) {
    if (!isTooLarge(error)) return body;
    throw new UnusableAnswerError('more than a prediction or an offer can be', { cause: error });
  }
}

/** No name, and names that nobody knows, are taken for UTF-8. */
function decoderOf(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

function isTooLarge(error: unknown): boolean {
  return isNativeError(error) && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'unusable';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}
