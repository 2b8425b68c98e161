import type { IncomingHttpHeaders } from 'node:http';
import { noSuchKey, notImplemented, S3Error } from './errors.ts';

/** An object as far as conditions look at it. */
export interface Conditioned {
  /** Without quotes. */
  etag: string;
  /** Milliseconds since the epoch. */
  storedAt: number;
}

/** What must hold for a write or a delete, as its headers have it. What is not there is not asked for. */
export interface WriteConditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/** What must hold for a read, as its headers have it. */
export interface ReadConditions extends WriteConditions {
  ifModifiedSince?: string | undefined;
  ifUnmodifiedSince?: string | undefined;
}

/** @throws S3Error NotImplemented, for what S3 has not for writes either */
export function writeConditionsOf(headers: IncomingHttpHeaders): WriteConditions {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match on a write but *');
  if (ifNoneMatch !== undefined && ifMatch !== undefined) {
    throw notImplemented('If-Match and If-None-Match on one write');
  }
  return { ifMatch, ifNoneMatch };
}

/** @param prefix `x-amz-copy-source-` for those on the object that is copied */
export function readConditionsOf(headers: IncomingHttpHeaders, prefix = ''): ReadConditions {
  const value = (name: string) => headers[prefix + name]?.toString();
  return {
    ifMatch: value('if-match'),
    ifNoneMatch: value('if-none-match'),
    ifModifiedSince: value('if-modified-since'),
    ifUnmodifiedSince: value('if-unmodified-since'),
  };
}

/**
 * @param there the object with the key; undefined when there is none
 * @throws S3Error PreconditionFailed, NoSuchKey
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function assertWritable(conditions: WriteConditions, key: string, there: Conditioned | undefined): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined && there !== undefined) throw failed('If-None-Match');
  if (ifMatch === undefined) return;
  if (there === undefined) throw noSuchKey(key);
  if (!names(ifMatch, there.etag)) throw failed('If-Match');
}

/**
 * A time counts only where no ETag is asked for.
 *
 * @throws S3Error PreconditionFailed, NotModified
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function assertReadable(conditions: ReadConditions, { etag, storedAt }: Conditioned): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag)) throw failed('If-Match');
  } else if (isLaterThan(storedAt, ifUnmodifiedSince)) throw failed('If-Unmodified-Since');
  if (ifNoneMatch === undefined ? isLaterThan(storedAt, ifModifiedSince) !== false : !names(ifNoneMatch, etag)) return;
  const headers = { etag: `"${etag}"`, 'last-modified': new Date(storedAt).toUTCString() };
  throw new S3Error('NotModified', 'The object is as it was.', {}, headers);
}

/** A copy's conditions fail in one way only. @throws S3Error PreconditionFailed */
export function assertCopyable(conditions: ReadConditions, source: Conditioned): void {
  try {
    assertReadable(conditions, source);
  } catch {
    throw failed('x-amz-copy-source-If-…');
  }
}

/** An ETag as headers have it, or without its quotes already. */
export function unquoted(etag: string): string {
  return etag.replace(/^(W\/)?"(.*)"$/, '$2');
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || unquoted(item.trim()) === etag);
}

/** By whole seconds, which is what headers have; undefined when there is no such time. */
function isLaterThan(storedAt: number, time: string | undefined): boolean | undefined {
  const limit = Date.parse(time ?? '');
  return Number.isNaN(limit) ? undefined : Math.floor(storedAt / 1000) > Math.floor(limit / 1000);
}

function failed(condition: string): S3Error {
  const message = 'At least one of the pre-conditions you specified did not hold.';
  return new S3Error('PreconditionFailed', message, { Condition: condition });
}
