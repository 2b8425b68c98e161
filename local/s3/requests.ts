import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ChunkSignatures } from './aws-chunked.ts';
import { S3Error } from './errors.ts';

/** A request, taken apart. */
export interface S3Request {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  /** Empty when it is of the service, or of a bucket. */
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Buffer>;
  /** Of a body that is signed chunk by chunk. */
  signatures?: ChunkSignatures | undefined;
}

/** What is answered. */
export interface S3Answer {
  /** 200 unless given. */
  status?: number;
  headers?: Record<string, string | number | undefined>;
  body?: string | Readable;
}

/** @throws S3Error InvalidURI */
export function requestOf(message: IncomingMessage): Omit<S3Request, 'body'> {
  const { method = 'GET', headers } = message;
  // A client that goes by way of a proxy asks for the whole address: https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form
  const url = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const [path = '', query] = url.split(/\?(.*)/s);
  const [, bucket = '', key = ''] = /^\/*([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return {
    method,
    url,
    bucket: decoded(bucket),
    key: decoded(key),
    query: new URLSearchParams(query),
    headers,
  };
}

/** @throws S3Error InvalidURI */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', `Couldn't parse the specified URI: ${text}`);
  }
}

/** Where an object that a request has made is to be had. */
export function locationOf({ headers, bucket }: S3Request, key: string): string {
  return `http://${headers.host}/${bucket}/${encodeURIComponent(key)}`;
}

/** A short body as text. @throws S3Error MalformedXML when it is longer than what S3 takes there */
export async function bodyText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_TEXT_BYTES) throw new S3Error('MalformedXML', 'The XML you provided is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** More than 10,000 parts, or 1,000 keys of 1,024 bytes, need. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;
