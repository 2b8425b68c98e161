import type { IncomingHttpHeaders } from 'node:http';
import S3Error from '@20minutes/s3rver/lib/models/error.js';

/** What must hold for a write to take place; ETags without quotes. What is not there is not asked for. */
export interface WriteConditions {
  /** There is no object with the key. */
  ifAbsent?: boolean;
  /** The object with the key has this ETag. */
  ifMatch?: string;
  /** The object that is copied has this ETag. */
  sourceIfMatch?: string;
}

/**
 * What a request to write asks for.
 *
 * @throws S3Error NotImplemented
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writeConditions(headers: IncomingHttpHeaders): WriteConditions {
  const { 'if-match': etag, 'if-none-match': none, 'x-amz-copy-source-if-match': sourceEtag } = headers;
  if (none !== undefined && none !== '*') throw notImplemented('If-None-Match on a write has to be *');
  if (etag === '*') throw notImplemented('If-Match on a write has to be an ETag');
  if (none !== undefined && etag !== undefined) throw notImplemented('If-Match and If-None-Match exclude each other');
  return {
    ifAbsent: none !== undefined,
    ...(etag === undefined ? {} : { ifMatch: unquoted(etag) }),
    ...(sourceEtag === undefined ? {} : { sourceIfMatch: unquoted(String(sourceEtag)) }),
  };
}

/**
 * @param etag of the object with the key; undefined when there is none
 * @throws S3Error PreconditionFailed, NoSuchKey
 */
export function assertWritable({ ifAbsent, ifMatch }: WriteConditions, key: string, etag: string | undefined): void {
  if (ifAbsent && etag !== undefined) throw failed('An object with this key exists', 'If-None-Match');
  if (ifMatch === undefined || ifMatch === etag) return;
  if (etag === undefined) throw noSuchKey(key);
  throw failed('The object with this key has another ETag', 'If-Match');
}

/**
 * @param etag of the object that is to be copied; undefined when there is none, which is no matter of conditions
 * @throws S3Error PreconditionFailed
 */
export function assertCopyable({ sourceIfMatch }: WriteConditions, etag: string | undefined): void {
  if (sourceIfMatch === undefined || etag === undefined || sourceIfMatch === etag) return;
  throw failed('The object to copy has another ETag', 'x-amz-copy-source-If-Match');
}

/** An ETag as headers have it, or without its quotes already. */
export function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

export function noSuchKey(key: string): S3Error {
  return new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
}

function failed(message: string, condition: string): S3Error {
  return new S3Error('PreconditionFailed', message, { Condition: condition });
}

function notImplemented(message: string): S3Error {
  return new S3Error('NotImplemented', message);
}
