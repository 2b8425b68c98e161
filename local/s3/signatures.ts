import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ChunkSignatures } from './aws-chunked.ts';
import { S3Error } from './errors.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Of a presigned address that has no say in what is sent. */
const UNSIGNED = 'UNSIGNED-PAYLOAD';

const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** A request as far as it is signed. */
export interface SignedRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  headers: IncomingHttpHeaders;
}

/** What a request says of its signature (Signature Version 4), in its headers or in its address. */
export interface Claim {
  accessKeyId: string;
  /** Day, region, service and `aws4_request`. */
  scope: string;
  /** Names, in lower case and in the order in which they were signed. */
  signedHeaders: string[];
  /** As in 20240131T101502Z. */
  time: string;
  /** Seconds from then on; undefined when the time is that of the request. */
  expires: number | undefined;
  signature: string;
}

/**
 * @returns undefined when there is none, or one of another kind
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
export function claimOf({ url, headers }: SignedRequest): Claim | undefined {
  if (headers.authorization !== undefined) {
    return claim(headers.authorization, String(headers['x-amz-date']), undefined);
  }
  const [, query] = partsOf(url);
  const value = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  const parts = ['Credential', 'SignedHeaders', 'Signature'].map((name) => `${name}=${value(name)}`);
  return claim(`${value('Algorithm')} ${parts.join(',')}`, value('Date'), Number(value('Expires') || Number.NaN));
}

/**
 * The signatures that a request of this claim may bear: clients sign the path as they send it, or as AWS would have
 * written it.
 *
 * @throws URIError when the path is none
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signaturesOf(request: SignedRequest, made: Claim, secretAccessKey: string): string[] {
  const [path, query] = partsOf(request.url);
  const rewritten = path
    .split('/')
    .map((segment) => encoded(decodeURIComponent(segment)))
    .join('/');
  const { method, headers } = request;
  const values = made.signedHeaders.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`);
  const key = signingKey(secretAccessKey, made.scope);
  return [...new Set([path, rewritten])].map((uri) => {
    const parts = [
      method,
      uri,
      canonicalQuery(query),
      values.join(''),
      made.signedHeaders.join(';'),
      contentHashOf(request),
    ];
    const hash = createHash('sha256').update(parts.join('\n'), 'latin1').digest('hex');
    return hmac(key, [ALGORITHM, made.time, made.scope, hash].join('\n')).toString('hex');
  });
}

/** What a request says of its body, and what is signed of that: its SHA-256 in hex, or how it comes. */
export function contentHashOf({ url, headers }: SignedRequest): string {
  return headers['x-amz-content-sha256']?.toString() ?? partsOf(url)[1].get('X-Amz-Content-Sha256') ?? UNSIGNED;
}

/**
 * Compares the signatures of a body in chunks, each of which is also of the one before it.
 *
 * @param made that of the request, with which they begin
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class SignedChunks implements ChunkSignatures {
  readonly #claim: Claim;
  readonly #key: Buffer;
  #previous: string;

  constructor(made: Claim, secretAccessKey: string) {
    this.#claim = made;
    this.#key = signingKey(secretAccessKey, made.scope);
    this.#previous = made.signature;
  }

  checkChunk(sha256: string, signature: string): void {
    this.#check('PAYLOAD', [EMPTY_SHA256, sha256], signature);
  }

  checkTrailers(sha256: string, signature: string): void {
    this.#check('TRAILER', [sha256], signature);
  }

  #check(kind: string, hashes: readonly string[], signature: string): void {
    const { time, scope } = this.#claim;
    const text = [`${ALGORITHM}-${kind}`, time, scope, this.#previous, ...hashes].join('\n');
    if (!isSame(hmac(this.#key, text).toString('hex'), signature)) throw wrongSignature();
    this.#previous = signature;
  }
}

/** What texts of a day, region and service are signed with. */
export function signingKey(secretAccessKey: string, scope: string): Buffer {
  return scope.split('/').reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

export function wrongSignature(): S3Error {
  return new S3Error('SignatureDoesNotMatch', 'The signature is not of this request, or not of this secret key.');
}

/** Without telling by the time that it takes where they differ. */
export function isSame(signature: string, given: string): boolean {
  const [one, other] = [Buffer.from(signature), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function claim(text: string, time: string, expires: number | undefined): Claim | undefined {
  const parts =
    /^AWS4-HMAC-SHA256 +Credential=([^/,]+)\/(\d{8}\/[^/,]+\/s3\/aws4_request), *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      text,
    );
  const [, accessKeyId, scope, signedHeaders, signature] = parts ?? [];
  if (!accessKeyId || !scope || !signedHeaders || !signature) return undefined;
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), time, expires, signature };
}

function partsOf(url: string): [path: string, query: URLSearchParams] {
  const [path = '', query] = url.split(/\?(.*)/s);
  return [path, new URLSearchParams(query)];
}

/** Sorted by name and value, and without the signature itself. */
function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .toSorted(([a, one], [b, other]) => compare(a, b) || compare(one, other))
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** As AWS encodes: all but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
