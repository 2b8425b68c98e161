import { checksumElements } from './checksums.ts';
import { S3Error } from './errors.ts';
import { type Entry, isVersion } from './objects.ts';
import { type Page, pageOf } from './page.ts';
import type { S3Answer, S3Request } from './requests.ts';
import type { LocalObject, Store } from './store.ts';
import { timeText, toXml } from './xml.ts';

/** The most, and the usual, number of entries of a page. */
const MAX_KEYS = 1000;

/** Who owns all there is. */
export const OWNER = { ID: '0'.repeat(64), DisplayName: 'local' };

/** What a listing was asked for. */
interface Wanted {
  prefix: string;
  delimiter: string | undefined;
  maxKeys: number;
  /** Spells keys in a way that XML can carry. */
  spell: (key: string) => string;
  encoding: string | undefined;
}

/** ListObjectsV2. @throws S3Error NoSuchBucket, InvalidArgument */
export function listObjectsV2({ bucket, query }: S3Request, store: Store): S3Answer {
  const wanted = wantedOf(query, 'max-keys');
  const { prefix, spell } = wanted;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? undefined;
  const after = token ? Buffer.from(token, 'base64url').toString() : (startAfter ?? '');
  const page = pageOf(store.bucket(bucket).objects.list(prefix, after), { ...wanted, after });
  const isOwned = query.get('fetch-owner') === 'true';
  return {
    body: toXml('ListBucketResult', {
      ...common(bucket, wanted),
      MaxKeys: wanted.maxKeys,
      KeyCount: page.items.length + page.commonPrefixes.length,
      StartAfter: startAfter && spell(startAfter),
      ContinuationToken: token ?? undefined,
      IsTruncated: page.next !== undefined,
      NextContinuationToken: page.next && Buffer.from(page.next).toString('base64url'),
      ...contents(page, wanted, isOwned),
    }),
  };
}

/** ListObjects. @throws S3Error NoSuchBucket, InvalidArgument */
export function listObjects({ bucket, query }: S3Request, store: Store): S3Answer {
  const wanted = wantedOf(query, 'max-keys');
  const { prefix, delimiter, spell } = wanted;
  const marker = query.get('marker') ?? '';
  const page = pageOf(store.bucket(bucket).objects.list(prefix, marker), { ...wanted, after: marker });
  return {
    body: toXml('ListBucketResult', {
      ...common(bucket, wanted),
      Marker: spell(marker),
      MaxKeys: wanted.maxKeys,
      IsTruncated: page.next !== undefined,
      NextMarker: delimiter && page.next && spell(page.next),
      ...contents(page, wanted, true),
    }),
  };
}

/** ListObjectVersions. @throws S3Error NoSuchBucket, InvalidArgument */
export function listVersions({ bucket, query }: S3Request, store: Store): S3Answer {
  const wanted = wantedOf(query, 'max-keys');
  const { prefix, spell } = wanted;
  const { objects } = store.bucket(bucket);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  // An id is a sequencer, but for `null`; by that a page goes on also behind a version that is gone.
  const before = objects.entry(keyMarker, versionMarker)?.sequencer ?? versionMarker.toUpperCase();
  const entries = objects
    .entries(prefix, keyMarker)
    .filter((entry) => entry.key !== keyMarker || entry.sequencer < before);
  const page = pageOf(entries, { ...wanted, after: keyMarker });
  const last = page.items.at(-1);
  const told = (entry: Entry<string>) => ({
    Key: spell(entry.key),
    VersionId: entry.versionId,
    IsLatest: entry === objects.entry(entry.key),
    LastModified: timeText(entry.storedAt),
    Owner: OWNER,
  });
  return {
    body: toXml('ListVersionsResult', {
      ...common(bucket, wanted),
      KeyMarker: spell(keyMarker),
      VersionIdMarker: versionMarker,
      MaxKeys: wanted.maxKeys,
      IsTruncated: page.next !== undefined,
      NextKeyMarker: page.next && spell(page.next),
      NextVersionIdMarker: page.next === last?.key ? last?.sequencer.toLowerCase() : undefined,
      Version: page.items.filter(isVersion).map((version) => ({ ...told(version), ...stored(version) })),
      DeleteMarker: page.items.filter((entry) => !isVersion(entry)).map(told),
      ...prefixes(page, wanted),
    }),
  };
}

/** ListMultipartUploads: all of a prefix. @throws S3Error NoSuchBucket */
export function listUploads({ bucket, query }: S3Request, store: Store): S3Answer {
  const wanted = wantedOf(query, 'max-uploads');
  const uploads = store.bucket(bucket).uploads.list(wanted.prefix);
  const told = { Owner: OWNER, Initiator: OWNER, StorageClass: 'STANDARD' };
  return {
    body: toXml('ListMultipartUploadsResult', {
      Bucket: bucket,
      Prefix: wanted.spell(wanted.prefix),
      EncodingType: wanted.encoding,
      MaxUploads: MAX_KEYS,
      IsTruncated: false,
      Upload: uploads.map(({ key, id, startedAt }) => ({
        Key: wanted.spell(key),
        UploadId: id,
        Initiated: timeText(startedAt),
        ...told,
      })),
    }),
  };
}

/** ListParts. @throws S3Error NoSuchUpload, InvalidArgument */
export function listParts({ bucket, key, query }: S3Request, store: Store): S3Answer {
  const id = query.get('uploadId') ?? '';
  const { parts } = store.bucket(bucket).uploads.find(key, id);
  const maxParts = countOf(query, 'max-parts');
  const marker = countOf(query, 'part-number-marker', 0);
  const later = [...parts].filter(([number]) => number > marker).toSorted(([a], [b]) => a - b);
  const page = later.slice(0, maxParts);
  return {
    body: toXml('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: id,
      Owner: OWNER,
      Initiator: OWNER,
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.[0] ?? 0,
      MaxParts: maxParts,
      IsTruncated: page.length < later.length,
      Part: page.map(([PartNumber, { etag, size, storedAt, checksum }]) => ({
        PartNumber,
        LastModified: timeText(storedAt),
        ETag: `"${etag}"`,
        Size: size,
        ...checksumElements(checksum),
      })),
    }),
  };
}

function wantedOf(query: URLSearchParams, limit: string): Wanted {
  const encoding = query.get('encoding-type') ?? undefined;
  if (encoding !== undefined && encoding !== 'url')
    throw invalid('encoding-type', 'Invalid Encoding Method specified in Request');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') || undefined,
    maxKeys: countOf(query, limit),
    spell: encoding === undefined ? (key) => key : (key) => encodeURIComponent(key).replaceAll('%2F', '/'),
    encoding,
  };
}

function countOf(query: URLSearchParams, name: string, preset = MAX_KEYS): number {
  const text = query.get(name);
  if (text === null || text === '') return preset;
  if (!/^\d{1,10}$/.test(text)) throw invalid(name, `Provided ${name} not an integer or within integer range`);
  return name === 'part-number-marker' ? Number(text) : Math.min(Number(text), MAX_KEYS);
}

function common(bucket: string, { prefix, delimiter, spell, encoding }: Wanted) {
  return { Name: bucket, Prefix: spell(prefix), Delimiter: delimiter && spell(delimiter), EncodingType: encoding };
}

function contents(page: Page<LocalObject>, wanted: Wanted, isOwned: boolean) {
  const Contents = page.items.map((object) => ({
    Key: wanted.spell(object.key),
    LastModified: timeText(object.storedAt),
    ...stored(object),
    ...(isOwned ? { Owner: OWNER } : {}),
  }));
  return { Contents, ...prefixes(page, wanted) };
}

function prefixes({ commonPrefixes }: Page<unknown>, { spell }: Wanted) {
  return { CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: spell(prefix) })) };
}

function stored({ etag, size, checksum }: LocalObject) {
  return {
    ETag: `"${etag}"`,
    Size: size,
    StorageClass: 'STANDARD',
    ChecksumAlgorithm: checksum?.algorithm.toUpperCase(),
    ChecksumType: checksum?.type,
  };
}

function invalid(argument: string, message: string): S3Error {
  return new S3Error('InvalidArgument', message, { ArgumentName: argument });
}
