import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from './bodies.ts';
import { checksumHeaders } from './checksums.ts';
import { assertReadable, readConditionsOf } from './conditions.ts';
import { noSuchKey, S3Error } from './errors.ts';
import { answeredHeaders, assertHeaderValue, CONTENT_HEADERS } from './headers.ts';
import { type DeleteMarker, isVersion, NULL_VERSION } from './objects.ts';
import { partRange, rangeOf } from './ranges.ts';
import type { S3Answer, S3Request } from './requests.ts';
import type { LocalObject, Store } from './store.ts';
import { partNumberOf } from './uploads.ts';

/** GetObject and HeadObject. @throws S3Error NoSuchKey, NoSuchVersion, PreconditionFailed, NotModified, InvalidRange, InvalidArgument */
export function getObject(request: S3Request, store: Store): S3Answer {
  const { headers, query } = request;
  const object = findObject(store, request.bucket, request.key, query.get('versionId'));
  assertReadable(readConditionsOf(headers), object);
  const isPart = query.has('partNumber');
  const range = isPart ? rangeOfPart(object, query.get('partNumber')) : rangeOf(headers.range, object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const isRange = range !== undefined && object.size > 0;
  return {
    status: isRange ? 206 : 200,
    headers: {
      ...described(object),
      ...(isChecksumWanted(headers) && range === undefined ? checksumHeaders(object.checksum) : {}),
      ...(isPart && object.parts !== undefined ? { 'x-amz-mp-parts-count': object.parts.length } : {}),
      ...(isRange ? { 'content-range': `bytes ${start}-${end}/${object.size}` } : {}),
      ...overridden(query),
      // Last: Node spells a content-disposition that comes behind it in another encoding than the line that it is in.
      'content-length': end - start + 1,
    },
    body: request.method === 'HEAD' ? '' : store.bodies.open(object.body, { start, end }),
  };
}

/** @param versionId null for the latest @throws S3Error NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function findObject(store: Store, bucket: string, key: string, versionId: string | null): LocalObject {
  const entry = store.bucket(bucket).objects.entry(key, versionId ?? undefined);
  if (entry !== undefined && isVersion(entry)) return entry;
  if (versionId === null) throw noSuchKey(key, entry && markerHeaders(entry));
  if (entry === undefined) throw new S3Error('NoSuchVersion', 'The specified version does not exist.', { Key: key });
  const headers = { ...markerHeaders(entry), allow: 'DELETE' };
  throw new S3Error('MethodNotAllowed', 'A delete marker has nothing to read.', {}, headers);
}

function markerHeaders({ versionId }: DeleteMarker): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId };
}

/** Names the version where the bucket keeps them. */
export function versionHeaders(versionId: string): Record<string, string> {
  return versionId === NULL_VERSION ? {} : { 'x-amz-version-id': versionId };
}

function described(object: LocalObject): Record<string, string | number> {
  return {
    ...answeredHeaders(object.headers),
    ...versionHeaders(object.versionId),
    'accept-ranges': 'bytes',
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.storedAt).toUTCString(),
  };
}

function isChecksumWanted(headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-checksum-mode']).toUpperCase() === 'ENABLED';
}

/** What was not uploaded in parts is one. */
function rangeOfPart({ parts, size }: LocalObject, number: string | null): ByteRange {
  return partRange(parts ?? [size], partNumberOf(number));
}

/** @throws S3Error InvalidArgument for what HTTP cannot carry */
function overridden(query: URLSearchParams): Record<string, string> {
  const given = CONTENT_HEADERS.map((name) => [name, query.get(`response-${name}`)] as const);
  for (const [name, value] of given) if (value !== null) assertHeaderValue(`response-${name}`, value);
  return Object.fromEntries(given.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
