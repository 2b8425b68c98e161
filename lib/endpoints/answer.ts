import { isUtf8 } from 'node:buffer';
import { isNativeError } from 'node:util/types';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { UnusableAnswerError } from '../protocols/protocol.ts';
import type { HttpAnswer } from './exchange.ts';

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
 * @param maxBytes what an answer can be, see `maxAnswerBytes`
 * @throws UnusableAnswerError when it is larger than that
 */
export function textOf({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>, maxBytes: number): string {
  const bytes = unpacked(body, maxBytes, headerOf(headers, 'content-encoding'));
  const charset = /charset\s*=\s*["']?([^\s;"']+)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1];
  // What is readable as UTF-8 is hardly ever another encoding, whatever it calls itself, but for those of two bytes.
  const isJson = isUtf8(bytes) && !bytes.includes(0);
  return isJson ? bytes.toString().replace(/^\uFEFF/, '') : decoderOf(charset).decode(bytes);
}

/** A header's first value. */
export function headerOf(headers: HttpAnswer['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What cannot be unpacked is taken as it is: some servers name an encoding and do not use it. */
function unpacked(body: Buffer, maxOutputLength: number, encoding = 'identity'): Buffer {
  const name = encoding.trim().toLowerCase();
  const unpack = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  try {
    return unpack?.(body, { maxOutputLength }) ?? body;
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
