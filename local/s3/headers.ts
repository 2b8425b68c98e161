import { type IncomingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import { notImplemented, S3Error } from './errors.ts';

/** What HTTP knows of a content: stored as it was sent, and answered as it was stored or as a presigned address wants it. */
export const CONTENT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

const KEPT = [...CONTENT_HEADERS, 'x-amz-website-redirect-location'];

const METADATA = 'x-amz-meta-';

/** Bytes of names and values: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const MAX_METADATA_BYTES = 2 * 1024;

/** Access lists that change nothing in a bucket whose owner owns all: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
const IDLE_ACLS = ['private', 'bucket-owner-full-control'];

/**
 * The headers that are stored with an object.
 *
 * @param headers of a request, or fields of a form
 * @throws S3Error MetadataTooLarge, AccessControlListNotSupported, NotImplemented, InvalidArgument
 */
export function storedHeadersOf(headers: IncomingHttpHeaders): Record<string, string> {
  assertKnown(headers);
  const stored = Object.entries(headers)
    .filter(([name]) => KEPT.includes(name) || name.startsWith(METADATA))
    .map(([name, value]): [string, string] => [name, String(value)])
    .map(([name, value]): [string, string] => [name, name === 'content-encoding' ? withoutChunked(value) : value])
    .filter(([name, value]) => name !== 'content-encoding' || value !== '');
  for (const [name] of stored) assertHeaderName(name);
  assertSize(stored.filter(([name]) => name.startsWith(METADATA)));
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries(stored) };
}

/**
 * Stored headers as they are answered. What is not ASCII was read byte by byte, and is told by RFC 2047, as S3 does.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function answeredHeaders(stored: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, /^[\x20-\x7e\t]*$/.test(value) ? value : encodedWord(value)]),
  );
}

/** @throws S3Error InvalidArgument for a value that is answered as it is, and that HTTP cannot carry */
export function assertHeaderValue(argument: string, value: string): void {
  try {
    validateHeaderValue(argument, value);
  } catch {
    const message = 'Header value cannot be represented using ISO-8859-1.';
    throw new S3Error('InvalidArgument', message, { ArgumentName: argument, ArgumentValue: value });
  }
}

/** The fields of forms may have other names. */
function assertHeaderName(name: string): void {
  try {
    validateHeaderName(name);
  } catch {
    throw new S3Error('InvalidArgument', 'No header can have this name.', { ArgumentName: name });
  }
}

function encodedWord(value: string): string {
  return `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

/** As S3 does: aws-chunked is of the transfer, anything else is of the object. */
function withoutChunked(encodings: string): string {
  const all = encodings.split(',').filter((encoding) => encoding.trim() !== 'aws-chunked');
  return all.join(',').trim();
}

function assertKnown(headers: IncomingHttpHeaders): void {
  assertIdleAcl(headers);
  if (headers['x-amz-tagging'] !== undefined) throw notImplemented('tags of objects');
  if (headers['x-amz-server-side-encryption-customer-key'] !== undefined) throw notImplemented('keys of customers');
  if (headers['x-amz-object-lock-mode'] !== undefined) throw notImplemented('object locks');
}

/** @throws S3Error AccessControlListNotSupported for a list that would let others in */
export function assertIdleAcl(headers: IncomingHttpHeaders): void {
  const acl = headers['x-amz-acl'];
  const isGranting = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (isGranting || (acl !== undefined && !IDLE_ACLS.includes(String(acl)))) throw aclNotSupported();
}

export function aclNotSupported(): S3Error {
  return new S3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs.');
}

function assertSize(metadata: readonly [string, string][]): void {
  const size = metadata.reduce((sum, [name, value]) => sum + name.length - METADATA.length + value.length, 0);
  if (size <= MAX_METADATA_BYTES) return;
  throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.', {
    Size: size,
    MaxSizeAllowed: MAX_METADATA_BYTES,
  });
}
