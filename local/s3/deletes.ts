import * as z from 'zod';
import { writeConditionsOf } from './conditions.ts';
import { S3Error } from './errors.ts';
import { assertKey, type DeleteMarker } from './objects.ts';
import { CheckedBody, isVerified } from './received.ts';
import { bodyText, type S3Answer, type S3Request } from './requests.ts';
import type { Store } from './store.ts';
import { fromXml, toXml } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MAX_KEYS = 1000;

/** It is told in a header of the answer. */
const VERSION_ID = /^[\x21-\x7e]+$/;

const deleteSchema = z.object({
  Delete: z.object({
    Quiet: z.string().optional(),
    Object: z
      .array(z.object({ Key: z.string().min(1), VersionId: z.string().optional(), ETag: z.string().optional() }))
      .max(MAX_KEYS),
  }),
});

type Deletion = z.infer<typeof deleteSchema>['Delete']['Object'][number];

/** DeleteObject. @throws S3Error NoSuchBucket, InvalidArgument, PreconditionFailed, NoSuchKey */
export function deleteObject({ bucket, key, query, headers }: S3Request, store: Store): S3Answer {
  const versionId = query.get('versionId') ?? undefined;
  if (versionId !== undefined && !VERSION_ID.test(versionId)) {
    throw new S3Error('InvalidArgument', 'Invalid version id specified', { ArgumentName: 'versionId' });
  }
  const marker = store.bucket(bucket).objects.delete(key, writeConditionsOf(headers), versionId);
  const named = marker?.versionId ?? versionId;
  return {
    status: 204,
    headers: {
      ...(named === undefined ? {} : { 'x-amz-version-id': named }),
      ...(marker === undefined ? {} : { 'x-amz-delete-marker': 'true' }),
    },
  };
}

/** DeleteObjects. @throws S3Error NoSuchBucket, MalformedXML, InvalidRequest */
export async function deleteObjects(request: S3Request, store: Store): Promise<S3Answer> {
  store.bucket(request.bucket);
  if (!isVerified(request.headers)) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const { Delete } = fromXml(await bodyText(new CheckedBody(request)), deleteSchema);
  const { objects } = store.bucket(request.bucket);
  const outcomes = Delete.Object.map((deletion) => {
    try {
      assertKey(deletion.Key);
      const { ETag: ifMatch, Key, VersionId } = deletion;
      return { Deleted: deletedElements(deletion, objects.delete(Key, { ifMatch }, VersionId)) };
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      return { Error: { Key: deletion.Key, VersionId: deletion.VersionId, Code: error.code, Message: error.message } };
    }
  });
  const isQuiet = Delete.Quiet === 'true';
  const told = {
    Deleted: outcomes.flatMap(({ Deleted }) => (Deleted === undefined || isQuiet ? [] : [Deleted])),
    Error: outcomes.flatMap(({ Error: problem }) => problem ?? []),
  };
  return { body: toXml('DeleteResult', told) };
}

function deletedElements({ Key, VersionId }: Deletion, marker: DeleteMarker | undefined) {
  if (marker === undefined) return { Key, VersionId };
  return { Key, VersionId, DeleteMarker: true, DeleteMarkerVersionId: marker.versionId };
}
