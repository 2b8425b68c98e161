import * as z from 'zod';
import { S3Error, type S3ErrorCode } from './errors.ts';
import { aclNotSupported, assertIdleAcl } from './headers.ts';
import { OWNER } from './listings.ts';
import { findObject } from './object-reads.ts';
import { CheckedBody } from './received.ts';
import { bodyText, type S3Answer, type S3Request } from './requests.ts';
import type { Store } from './store.ts';
import { fromXml, timeText, toXml } from './xml.ts';

export const REGION = 'us-east-1';

const versioningSchema = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }),
});

const aclSchema = z.object({
  AccessControlPolicy: z.object({
    AccessControlList: z.object({
      Grant: z.array(z.object({ Grantee: z.object({ ID: z.string().optional() }), Permission: z.string() })),
    }),
  }),
});

export function listBuckets(_: S3Request, store: Store): S3Answer {
  const buckets = store.buckets.map(({ name, createdAt }) => ({ Name: name, CreationDate: timeText(createdAt) }));
  return { body: toXml('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket: buckets } }) };
}

/** Of one that is there nothing is changed, as in this region. @throws S3Error InvalidBucketName */
export function createBucket({ bucket, headers }: S3Request, store: Store): S3Answer {
  assertIdleAcl(headers);
  store.createBucket(bucket);
  return { headers: { location: `/${bucket}` } };
}

/** @throws S3Error NoSuchBucket, BucketNotEmpty */
export function deleteBucket({ bucket }: S3Request, store: Store): S3Answer {
  store.deleteBucket(bucket);
  return { status: 204 };
}

/** @throws S3Error NoSuchBucket */
export function headBucket({ bucket }: S3Request, store: Store): S3Answer {
  store.bucket(bucket);
  return { headers: { 'x-amz-bucket-region': REGION } };
}

/** Of the region that this is nothing is said. @throws S3Error NoSuchBucket */
export function getLocation({ bucket }: S3Request, store: Store): S3Answer {
  store.bucket(bucket);
  return { body: toXml('LocationConstraint', {}) };
}

/** @throws S3Error NoSuchBucket */
export function getVersioning({ bucket }: S3Request, store: Store): S3Answer {
  const Status = store.bucket(bucket).objects.versioning;
  return { body: toXml('VersioningConfiguration', { Status }) };
}

/** @throws S3Error NoSuchBucket, MalformedXML */
export async function putVersioning(request: S3Request, store: Store): Promise<S3Answer> {
  store.bucket(request.bucket);
  const { VersioningConfiguration } = fromXml(await bodyText(new CheckedBody(request)), versioningSchema);
  store.setVersioning(request.bucket, VersioningConfiguration.Status);
  return {};
}

/** The owner may do all, which is what every access list here says. @throws S3Error NoSuchBucket, NoSuchKey */
export function getAcl({ bucket, key, query }: S3Request, store: Store): S3Answer {
  assertThere(bucket, key, query, store);
  const Grantee = { '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', '@xsi:type': 'CanonicalUser', ...OWNER };
  const AccessControlList = { Grant: { Grantee, Permission: 'FULL_CONTROL' } };
  return { body: toXml('AccessControlPolicy', { Owner: OWNER, AccessControlList }) };
}

/** Takes what changes nothing. @throws S3Error NoSuchBucket, NoSuchKey, MalformedXML, AccessControlListNotSupported */
export async function putAcl(request: S3Request, store: Store): Promise<S3Answer> {
  const { bucket, key, query, headers } = request;
  assertThere(bucket, key, query, store);
  assertIdleAcl(headers);
  if (headers['x-amz-acl'] !== undefined) return {};
  const { AccessControlPolicy } = fromXml(await bodyText(new CheckedBody(request)), aclSchema);
  const grants = AccessControlPolicy.AccessControlList.Grant;
  if (!grants.every(({ Grantee, Permission }) => Grantee.ID === OWNER.ID && Permission === 'FULL_CONTROL')) {
    throw aclNotSupported();
  }
  return {};
}

/** An object has no tags. @throws S3Error NoSuchBucket, NoSuchKey */
export function getObjectTags({ bucket, key, query }: S3Request, store: Store): S3Answer {
  findObject(store, bucket, key, query.get('versionId'));
  return { body: toXml('Tagging', { TagSet: {} }) };
}

/** What a bucket can have and these have not: clients ask for it to tell people. */
export function notConfigured(code: S3ErrorCode) {
  return ({ bucket }: S3Request, store: Store): never => {
    store.bucket(bucket);
    throw new S3Error(code, 'The bucket has no such configuration.', { BucketName: bucket });
  };
}

/** The same, where S3 answers with an empty element. */
export function emptyConfiguration(element: string, content: object = {}) {
  return ({ bucket }: S3Request, store: Store): S3Answer => {
    store.bucket(bucket);
    return { body: toXml(element, content) };
  };
}

function assertThere(bucket: string, key: string, query: URLSearchParams, store: Store): void {
  if (key === '') store.bucket(bucket);
  else findObject(store, bucket, key, query.get('versionId'));
}
