import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { Bodies } from './bodies.ts';
import { type Algorithm, announcedChecksum, assertChecksum } from './checksums.ts';
import { S3Error } from './errors.ts';
import { Measured } from './measured.ts';
import type { S3Request } from './requests.ts';
import { contentHashOf } from './signatures.ts';

/** The most that one request may bring: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
const MAX_BYTES = 5 * 1024 ** 3;

/** A body that is what its sender says. */
export interface Received extends Pick<Measured, 'size' | 'md5' | 'checksum'> {
  body: string;
}

/**
 * Takes a request's body in, and compares it with all that was said of it: length, hash, MD5 and checksum, in front of
 * it or behind it. Nothing is left of it when one of them differs.
 *
 * @param algorithm of the checksum that is wanted where the request brings none
 * @throws S3Error MissingContentLength, EntityTooLarge, IncompleteBody, InvalidDigest, InvalidRequest, BadDigest,
 *   XAmzContentSHA256Mismatch, and what a signature is refused with
 */
export async function receive(request: S3Request, bodies: Bodies, algorithm?: Algorithm): Promise<Received> {
  const body = new CheckedBody(request, algorithm);
  const stored = await bodies.write(body);
  const { size, md5, checksum } = body.measured;
  return { body: stored, size, md5, checksum };
}

/** A request's body, which ends with an error when it is not what was said of it. */
export class CheckedBody {
  readonly #request: S3Request;
  readonly #size: number;
  readonly #md5: string | undefined;
  readonly #announced: ReturnType<typeof announcedChecksum>;
  readonly #trailers = new Map<string, string>();
  readonly measured: Measured;

  /** @throws S3Error as `receive` */
  constructor(request: S3Request, algorithm?: Algorithm) {
    this.#request = request;
    this.#size = sizeOf(request);
    this.#announced = announcedChecksum(request.headers);
    this.#md5 = request.headers['content-md5']?.toString();
    assertMd5(this.#md5);
    this.measured = new Measured(this.#announced?.algorithm ?? algorithm);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const sha256 = createHash('sha256');
    const said = contentHashOf(this.#request);
    const isHashed = /^[0-9a-f]{64}$/.test(said);
    for await (const chunk of this.measured.of(plainBody(this.#request, this.#trailers))) {
      if (this.measured.size > this.#size) break;
      if (isHashed) sha256.update(chunk);
      yield chunk;
    }
    this.#assertSize();
    this.#assertMd5();
    this.#assertChecksum();
    if (!isHashed || sha256.digest('hex') === said) return;
    const message = 'The provided x-amz-content-sha256 header does not match what was computed.';
    throw new S3Error('XAmzContentSHA256Mismatch', message);
  }

  #assertSize(): void {
    const { size } = this.measured;
    if (size === this.#size) return;
    const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header.';
    throw new S3Error('IncompleteBody', message, { NumberBytesExpected: this.#size, NumberBytesProvided: size });
  }

  #assertMd5(): void {
    const said = this.#md5;
    const md5 = Buffer.from(this.measured.md5, 'hex').toString('base64');
    if (said === undefined || said === md5) return;
    const message = 'The Content-MD5 you specified did not match what we received.';
    throw new S3Error('BadDigest', message, { ExpectedDigest: said, CalculatedDigest: md5 });
  }

  #assertChecksum(): void {
    const { checksum } = this.measured;
    if (checksum === undefined || this.#announced === undefined) return;
    const trailer = this.#request.headers['x-amz-trailer'];
    const said = this.#announced.value ?? this.#trailers.get(`x-amz-checksum-${checksum.algorithm}`);
    if (said === undefined && trailer !== undefined) {
      throw new S3Error('IncompleteBody', `The trailer ${trailer} did not come.`);
    }
    assertChecksum(checksum, said);
  }
}

/** Whether something is said of a body by which it can be told from a damaged one. */
export function isVerified(headers: IncomingHttpHeaders): boolean {
  return headers['content-md5'] !== undefined || announcedChecksum(headers) !== undefined;
}

function plainBody(request: S3Request, trailers: Map<string, string>): AsyncIterable<Buffer> {
  const { body, signatures } = request;
  return isChunked(request) ? decodeAwsChunked(body, trailers, signatures) : body;
}

function isChunked(request: S3Request): boolean {
  return contentHashOf(request).startsWith('STREAMING-');
}

function sizeOf(request: S3Request): number {
  const { headers } = request;
  const length = isChunked(request) ? headers['x-amz-decoded-content-length'] : headers['content-length'];
  if (length === undefined) {
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const size = Number(length);
  if (!(size > MAX_BYTES)) return size;
  const message = 'Your proposed upload exceeds the maximum allowed size';
  throw new S3Error('EntityTooLarge', message, { ProposedSize: size, MaxSizeAllowed: MAX_BYTES });
}

function assertMd5(md5: string | undefined): void {
  if (md5 === undefined || /^[A-Za-z0-9+/]{22}==$/.test(md5)) return;
  throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': md5 });
}
