import * as z from 'zod';
import type { Bodies } from './bodies.ts';
import {
  type Algorithm,
  algorithmOf,
  assertChecksum,
  type Checksum,
  checksumElements,
  checksumHeaders,
  compositeChecksum,
  uploadChecksumOf,
} from './checksums.ts';
import { unquoted, writeConditionsOf } from './conditions.ts';
import { copySourceOf } from './copies.ts';
import { S3Error } from './errors.ts';
import { storedHeadersOf } from './headers.ts';
import { Measured } from './measured.ts';
import { versionHeaders } from './object-reads.ts';
import { assertKey, type Content } from './objects.ts';
import { copyRangeOf } from './ranges.ts';
import { CheckedBody, receive } from './received.ts';
import { bodyText, locationOf, type S3Answer, type S3Request } from './requests.ts';
import type { LocalObject, Store } from './store.ts';
import { chosenParts, etagOfParts, type NumberedPart, partNumberOf, type Upload, type WantedPart } from './uploads.ts';
import { fromXml, timeText, toXml } from './xml.ts';

const CHECKSUM_ELEMENT = /^Checksum([A-Z0-9]+)$/;

const completionSchema = z.object({
  CompleteMultipartUpload: z.object({
    Part: z
      .array(z.looseObject({ PartNumber: z.string().regex(/^\d+$/).transform(Number), ETag: z.string() }))
      .default([]),
  }),
});

/** CreateMultipartUpload. @throws S3Error NoSuchBucket, KeyTooLongError, and as `storedHeadersOf` and `uploadChecksumOf` */
export function createUpload({ bucket, key, headers }: S3Request, store: Store): S3Answer {
  assertKey(key);
  const upload = store.bucket(bucket).uploads.start(key, {
    headers: storedHeadersOf(headers),
    checksum: uploadChecksumOf(headers),
    startedAt: Date.now(),
  });
  const { checksum } = upload;
  return {
    headers: checksum && {
      'x-amz-checksum-algorithm': checksum.algorithm.toUpperCase(),
      'x-amz-checksum-type': checksum.type,
    },
    body: toXml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.id }),
  };
}

/** UploadPart. @throws S3Error NoSuchUpload, InvalidArgument, InvalidRequest, and as `receive` */
export async function uploadPart(request: S3Request, store: Store): Promise<S3Answer> {
  const { uploads } = store.bucket(request.bucket);
  const upload = uploadOf(request, store);
  const number = partNumberOf(request.query.get('partNumber'));
  const { body, size, md5, checksum } = await receive(request, store.bodies, upload.checksum?.algorithm);
  if (upload.checksum !== undefined && checksum?.algorithm !== upload.checksum.algorithm) {
    store.bodies.remove(body);
    throw new S3Error(
      'InvalidRequest',
      `The upload was begun with ${upload.checksum.algorithm}, not ${checksum?.algorithm}.`,
    );
  }
  uploads.putPart(upload, number, { body, size, etag: md5, checksum, storedAt: Date.now() });
  return { headers: { etag: `"${md5}"`, ...checksumHeaders(checksum) } };
}

/** UploadPartCopy. @throws S3Error NoSuchUpload, InvalidArgument, and as `copySourceOf` */
export async function copyPart(request: S3Request, store: Store): Promise<S3Answer> {
  const { uploads } = store.bucket(request.bucket);
  const upload = uploadOf(request, store);
  const number = partNumberOf(request.query.get('partNumber'));
  const { object, headers } = copySourceOf(request, store);
  const range = copyRangeOf(request.headers['x-amz-copy-source-range']?.toString(), object.size);
  const measured = new Measured(upload.checksum?.algorithm);
  const body = await store.bodies.write(measured.of(store.bodies.open(object.body, range)));
  const { size, md5: etag, checksum } = measured;
  const storedAt = Date.now();
  uploads.putPart(upload, number, { body, size, etag, checksum, storedAt });
  const result = { ETag: `"${etag}"`, LastModified: timeText(storedAt), ...checksumElements(checksum) };
  return { headers, body: toXml('CopyPartResult', result) };
}

/**
 * CompleteMultipartUpload. The same again is answered as before: its answer may have got lost.
 *
 * @throws S3Error NoSuchUpload, MalformedXML, BadDigest, and as `chosenParts` and `Objects.put`
 */
export async function completeUpload(request: S3Request, store: Store): Promise<S3Answer> {
  const { bucket, key, query } = request;
  const { uploads } = store.bucket(bucket);
  const { CompleteMultipartUpload } = fromXml(
    await bodyText(new CheckedBody(withoutChecksums(request))),
    completionSchema,
  );
  const before = uploads.completed(key, query.get('uploadId') ?? '');
  const object = before ?? (await complete(request, CompleteMultipartUpload.Part.map(wantedPart), store));
  return completion(request, object);
}

async function complete(request: S3Request, wanted: readonly WantedPart[], store: Store): Promise<LocalObject> {
  const { bucket, key, headers } = request;
  const conditions = writeConditionsOf(headers);
  const { uploads } = store.bucket(bucket);
  const upload = uploadOf(request, store);
  const content = await joined(upload, chosenParts(upload, wanted), store.bodies);
  try {
    uploads.find(key, upload.id);
    assertWholeChecksum(content.checksum, headers);
    const object = store.put(bucket, key, content, conditions, 'CompleteMultipartUpload');
    uploads.complete(key, upload.id, object);
    return object;
  } catch (error) {
    store.bodies.remove(content.body);
    // Of two completions at once the other may have come first.
    const before = uploads.completed(key, upload.id);
    if (before === undefined) throw error;
    return before;
  }
}

/** Holds the parts as they are: others may come in their place, or the upload may end, before all are read. */
async function joined(
  upload: Upload<string>,
  parts: readonly NumberedPart<string>[],
  bodies: Bodies,
): Promise<Content<string>> {
  const measured = new Measured(upload.checksum?.type === 'FULL_OBJECT' ? upload.checksum.algorithm : undefined);
  const held = parts.map((part) => bodies.copy(part.body));
  try {
    const body = await bodies.write(measured.of(bodies.readAll(held)));
    const checksum = await checksumOf(upload, parts, measured);
    const sizes = parts.map(({ size }) => size);
    return { body, size: measured.size, etag: etagOfParts(parts), headers: upload.headers, checksum, parts: sizes };
  } finally {
    for (const body of held) bodies.remove(body);
  }
}

/** AbortMultipartUpload. @throws S3Error NoSuchUpload */
export function abortUpload({ bucket, key, query }: S3Request, store: Store): S3Answer {
  store.bucket(bucket).uploads.end(key, query.get('uploadId') ?? '');
  return { status: 204 };
}

function uploadOf({ bucket, key, query }: S3Request, store: Store): Upload<string> {
  return store.bucket(bucket).uploads.find(key, query.get('uploadId') ?? '');
}

function wantedPart(part: z.infer<typeof completionSchema>['CompleteMultipartUpload']['Part'][number]): WantedPart {
  const { PartNumber: number, ETag, ...others } = part;
  const checksums = Object.entries(others).flatMap(([name, value]): [Algorithm, string][] => {
    const algorithm = algorithmOf(CHECKSUM_ELEMENT.exec(name)?.[1] ?? '');
    return algorithm === undefined ? [] : [[algorithm, String(value)]];
  });
  return { number, etag: unquoted(ETag.trim()), checksums: new Map(checksums) };
}

async function checksumOf(
  { checksum }: Upload<string>,
  parts: readonly NumberedPart<string>[],
  { checksum: whole }: Measured,
): Promise<Checksum | undefined> {
  if (checksum === undefined) return undefined;
  if (whole !== undefined) return { ...whole, type: 'FULL_OBJECT' };
  const values = parts.map((part) => part.checksum?.value ?? '');
  return { ...checksum, value: await compositeChecksum(checksum.algorithm, values) };
}

/** Those are of the object here, and not of the request. */
function withoutChecksums(request: S3Request): S3Request {
  const headers = Object.entries(request.headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return { ...request, headers: Object.fromEntries(headers) };
}

function assertWholeChecksum(checksum: Checksum | undefined, headers: S3Request['headers']): void {
  if (checksum === undefined) return;
  assertChecksum(checksum, headers[`x-amz-checksum-${checksum.algorithm}`]?.toString());
}

function completion(request: S3Request, object: LocalObject): S3Answer {
  const { key, etag, versionId, checksum } = object;
  const place = { Location: locationOf(request, key), Bucket: request.bucket, Key: key };
  return {
    headers: versionHeaders(versionId),
    body: toXml('CompleteMultipartUploadResult', { ...place, ETag: `"${etag}"`, ...checksumElements(checksum) }),
  };
}
