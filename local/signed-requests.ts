import { timingSafeEqual } from 'node:crypto';
import type { Middleware } from '@20minutes/s3rver';
import S3Error from '@20minutes/s3rver/lib/models/error.js';
import type { AccessKeys } from './access-keys.ts';
import { type Claim, claimOf, type SignedRequest, signaturesOf } from './signatures.ts';

/** How far a client's clock may be off, and how long a presigned address may be good for, in milliseconds. */
const SKEW_MS = 15 * 60_000;
const LONGEST_MS = 7 * 24 * 60 * 60_000;

/**
 * Lets through what was signed with these keys, in headers or as a presigned address, and nothing else: no form (POST
 * policy) either. What the body's hash is said to be is signed; whether it is, is not checked. Goes in front of
 * everything, because the emulator takes some of the current SDK's signatures for wrong.
 */
export function signedRequests(keys: AccessKeys): Middleware {
  return async ({ method, originalUrl, headers }, next) => {
    assertSigned({ method, url: originalUrl, headers }, keys, Date.now());
    await next();
  };
}

/** @throws S3Error AccessDenied, InvalidAccessKeyId, RequestTimeTooSkewed, InvalidRequest, SignatureDoesNotMatch, InvalidURI */
function assertSigned(request: SignedRequest, keys: AccessKeys, nowMs: number): void {
  const claim = claimOf(request);
  if (claim === undefined || !claim.signedHeaders.includes('host')) {
    throw new S3Error('AccessDenied', 'Sign the request (Signature Version 4) with the keys that npm start prints.');
  }
  if (claim.accessKeyId !== keys.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', 'This is not the access key of this stack, which npm start prints.');
  }
  assertTime(claim, nowMs);
  if (claim.expires === undefined && request.headers['x-amz-content-sha256'] === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (!isSignedWith(keys.secretAccessKey, request, claim)) {
    throw new S3Error('SignatureDoesNotMatch', 'The signature is not of this request, or not of this secret key.');
  }
}

function assertTime({ time, scope, expires }: Claim, nowMs: number): void {
  const atMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const lastsMs = expires === undefined ? SKEW_MS : expires * 1000;
  if (!time.startsWith(scope.slice(0, 8)) || !(lastsMs <= LONGEST_MS)) {
    throw new S3Error('AccessDenied', 'The signature names no time, another day, or a time of more than a week.');
  }
  if (nowMs >= atMs - SKEW_MS && nowMs <= atMs + lastsMs) return;
  throw expires === undefined
    ? new S3Error('RequestTimeTooSkewed', 'The request was signed more than 15 minutes from now.')
    : new S3Error('AccessDenied', 'The request has expired, or was signed for later.');
}

function isSignedWith(secretAccessKey: string, request: SignedRequest, claim: Claim): boolean {
  const given = Buffer.from(claim.signature);
  try {
    return signaturesOf(request, claim, secretAccessKey).some((signature) =>
      timingSafeEqual(Buffer.from(signature), given),
    );
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new S3Error('InvalidURI', 'The address cannot be read: "%" is not followed by two hexadecimal digits.');
  }
}
