import type { AccessKeys } from './access-keys.ts';
import { S3Error } from './errors.ts';
import {
  type Claim,
  claimOf,
  contentHashOf,
  isSame,
  type SignedRequest,
  signaturesOf,
  wrongSignature,
} from './signatures.ts';

/** How far a client's clock may be off, and how long a presigned address may be good for, in milliseconds. */
const SKEW_MS = 15 * 60_000;
const MAX_EXPIRY_MS = 7 * 24 * 60 * 60_000;

const CONTENT_HASH =
  /^(?:[0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-(?:UNSIGNED-PAYLOAD-TRAILER|AWS4-HMAC-SHA256-PAYLOAD(?:-TRAILER)?))$/;

/**
 * Lets through what was signed with these keys, in headers or as a presigned address.
 *
 * @returns what it said of its signature, with which those of its body begin
 * @throws S3Error AccessDenied, InvalidAccessKeyId, RequestTimeTooSkewed, InvalidRequest, InvalidArgument,
 *   SignatureDoesNotMatch, InvalidURI
 */
export function authenticate(request: SignedRequest, keys: AccessKeys, nowMs: number): Claim {
  assertVersion4(request);
  const claim = claimOf(request);
  if (claim === undefined || !claim.signedHeaders.includes('host')) {
    throw new S3Error('AccessDenied', 'Sign the request (Signature Version 4) with the keys that npm start prints.');
  }
  assertAccessKey(claim.accessKeyId, keys);
  assertTime(claim, nowMs);
  assertAllSigned(claim, request.headers);
  assertContentHash(request, claim);
  if (!isSignedWith(keys.secretAccessKey, request, claim)) throw wrongSignature();
  return claim;
}

/**
 * Version 2 is what some clients use for presigned addresses unless told otherwise. S3 takes it for buckets of before
 * 24 June 2020 only.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/VersionSigning.html
 */
function assertVersion4({ url, headers }: SignedRequest): void {
  if (!headers.authorization?.startsWith('AWS ') && !/[?&]AWSAccessKeyId=/.test(url)) return;
  const message = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
  throw new S3Error('InvalidRequest', `${message} In the AWS CLI and boto3 this is signature_version = s3v4.`);
}

/** @throws S3Error InvalidAccessKeyId */
export function assertAccessKey(accessKeyId: string, keys: AccessKeys): void {
  if (accessKeyId === keys.accessKeyId) return;
  throw new S3Error('InvalidAccessKeyId', 'This is not the access key of this stack, which npm start prints.');
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function assertAllSigned({ signedHeaders }: Claim, headers: SignedRequest['headers']): void {
  const known = [...signedHeaders, 'x-amz-content-sha256'];
  const others = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !known.includes(name));
  if (others.length === 0) return;
  const message = 'There were headers present in the request which were not signed';
  throw new S3Error('AccessDenied', message, { HeadersNotSigned: others.join(', ') });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function assertContentHash(request: SignedRequest, { expires }: Claim): void {
  if (expires === undefined && request.headers['x-amz-content-sha256'] === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (CONTENT_HASH.test(contentHashOf(request))) return;
  const message =
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.';
  throw new S3Error('InvalidArgument', message, { ArgumentName: 'x-amz-content-sha256' });
}

function assertTime({ time, scope, expires }: Claim, nowMs: number): void {
  const atMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const lastsMs = expires === undefined ? SKEW_MS : expires * 1000;
  if (!time.startsWith(scope.slice(0, 8)) || !(lastsMs <= MAX_EXPIRY_MS)) {
    throw new S3Error('AccessDenied', 'The signature names no time, another day, or a time of more than a week.');
  }
  if (nowMs >= atMs - SKEW_MS && nowMs <= atMs + lastsMs) return;
  throw expires === undefined
    ? new S3Error('RequestTimeTooSkewed', 'The request was signed more than 15 minutes from now.')
    : new S3Error('AccessDenied', 'The request has expired, or was signed for later.');
}

function isSignedWith(secretAccessKey: string, request: SignedRequest, claim: Claim): boolean {
  try {
    return signaturesOf(request, claim, secretAccessKey).some((signature) => isSame(signature, claim.signature));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new S3Error('InvalidURI', 'The address cannot be read: "%" is not followed by two hexadecimal digits.');
  }
}
