import { type Checksum, checksumElements } from './checksums.ts';
import { assertCopyable, readConditionsOf, writeConditionsOf } from './conditions.ts';
import { S3Error } from './errors.ts';
import { storedHeadersOf } from './headers.ts';
import { Measured } from './measured.ts';
import { findObject, versionHeaders } from './object-reads.ts';
import { assertKey, type Content } from './objects.ts';
import { decoded, type S3Answer, type S3Request } from './requests.ts';
import type { LocalObject, Store } from './store.ts';
import { timeText, toXml } from './xml.ts';

/** What a request wants to copy. */
export interface CopySource {
  object: LocalObject;
  bucket: string;
  /** Of the answer. */
  headers: Record<string, string>;
}

/** CopyObject. @throws S3Error InvalidRequest, and as `copySourceOf`, `storedHeadersOf` and `Objects.put` */
export async function copyObject(request: S3Request, store: Store): Promise<S3Answer> {
  const { bucket, key } = request;
  store.bucket(bucket);
  assertKey(key);
  const source = copySourceOf(request, store);
  const isReplaced = request.headers['x-amz-metadata-directive'] === 'REPLACE';
  if (source.bucket === bucket && source.object === store.bucket(bucket).objects.find(key) && !isReplaced) {
    const message =
      'This copy request is illegal because it is trying to copy an object to itself without changing it.';
    throw new S3Error('InvalidRequest', message);
  }
  const headers = isReplaced ? storedHeadersOf(request.headers) : source.object.headers;
  const conditions = writeConditionsOf(request.headers);
  const content = { ...(await copyOf(source.object, store)), headers };
  const { etag, storedAt, versionId } = store.put(bucket, key, content, conditions, 'Copy');
  const result = { ETag: `"${etag}"`, LastModified: timeText(storedAt), ...checksumElements(content.checksum) };
  return {
    headers: { ...versionHeaders(versionId), ...source.headers },
    body: toXml('CopyObjectResult', result),
  };
}

/** On the conditions that the request has for it. @throws S3Error InvalidURI, NoSuchBucket, NoSuchKey, PreconditionFailed */
export function copySourceOf({ headers }: S3Request, store: Store): CopySource {
  const [path = '', versionId = null] = String(headers['x-amz-copy-source']).split('?versionId=');
  const [, bucket = '', key = ''] = /^\/?([^/]*)\/(.*)$/s.exec(decoded(path)) ?? [];
  const object = findObject(store, bucket, key, versionId);
  assertCopyable(readConditionsOf(headers, 'x-amz-copy-source-'), object);
  const version = versionHeaders(object.versionId)['x-amz-version-id'];
  return { object, bucket, headers: version === undefined ? {} : { 'x-amz-copy-source-version-id': version } };
}

/** A copy is not in parts any more: its ETag and checksum are those of the whole. */
async function copyOf(source: LocalObject, store: Store): Promise<Omit<Content<string>, 'headers'>> {
  const body = store.bodies.copy(source.body);
  const { size, etag, checksum } = source;
  if (source.parts === undefined) return { body, size, etag, checksum };
  const measured = new Measured(checksum?.algorithm);
  for await (const _ of measured.of(store.bodies.readAll([body])));
  return { body, size, etag: measured.md5, checksum: wholeChecksum(measured) };
}

function wholeChecksum({ checksum }: Measured): Checksum | undefined {
  return checksum && { ...checksum, type: 'FULL_OBJECT' };
}
