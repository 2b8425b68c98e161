import {
  createBucket,
  deleteBucket,
  emptyConfiguration,
  getAcl,
  getLocation,
  getObjectTags,
  getVersioning,
  headBucket,
  listBuckets,
  notConfigured,
  putAcl,
  putVersioning,
} from './bucket-operations.ts';
import { copyObject } from './copies.ts';
import { deleteObject, deleteObjects } from './deletes.ts';
import { notImplemented, S3Error } from './errors.ts';
import { listObjects, listObjectsV2, listParts, listUploads, listVersions } from './listings.ts';
import { getObject } from './object-reads.ts';
import { putObject } from './object-writes.ts';
import { abortUpload, completeUpload, copyPart, createUpload, uploadPart } from './part-uploads.ts';
import type { S3Answer, S3Request } from './requests.ts';
import type { Store } from './store.ts';

/** Answers a request. @throws S3Error */
type Operation = (request: S3Request, store: Store) => S3Answer | Promise<S3Answer>;

/** By method, by what the request is of, and by what its query names of that. */
const OPERATIONS: Record<string, Operation> = {
  'GET service': listBuckets,
  'PUT bucket': createBucket,
  'HEAD bucket': headBucket,
  'DELETE bucket': deleteBucket,
  'GET bucket': listObjects,
  'GET bucket?list-type': listObjectsV2,
  'GET bucket?versions': listVersions,
  'GET bucket?uploads': listUploads,
  'POST bucket?delete': deleteObjects,
  'GET bucket?location': getLocation,
  'GET bucket?versioning': getVersioning,
  'PUT bucket?versioning': putVersioning,
  'GET bucket?acl': getAcl,
  'PUT bucket?acl': putAcl,
  'GET bucket?policy': notConfigured('NoSuchBucketPolicy'),
  'GET bucket?cors': notConfigured('NoSuchCORSConfiguration'),
  'GET bucket?lifecycle': notConfigured('NoSuchLifecycleConfiguration'),
  'GET bucket?tagging': notConfigured('NoSuchTagSet'),
  'GET bucket?website': notConfigured('NoSuchWebsiteConfiguration'),
  'GET bucket?encryption': notConfigured('ServerSideEncryptionConfigurationNotFoundError'),
  'GET bucket?object-lock': notConfigured('ObjectLockConfigurationNotFoundError'),
  'GET bucket?notification': emptyConfiguration('NotificationConfiguration'),
  'GET bucket?logging': emptyConfiguration('BucketLoggingStatus'),
  'GET bucket?accelerate': emptyConfiguration('AccelerateConfiguration'),
  'GET bucket?requestPayment': emptyConfiguration('RequestPaymentConfiguration', { Payer: 'BucketOwner' }),
  'GET object': getObject,
  'HEAD object': getObject,
  'PUT object': copyOr(copyObject, putObject),
  'DELETE object': deleteObject,
  'GET object?acl': getAcl,
  'PUT object?acl': putAcl,
  'GET object?tagging': getObjectTags,
  'POST object?uploads': createUpload,
  'PUT object?uploadId': copyOr(copyPart, uploadPart),
  'GET object?uploadId': listParts,
  'POST object?uploadId': completeUpload,
  'DELETE object?uploadId': abortUpload,
};

/** What S3 has beside the objects and buckets themselves. A query that names none of these says nothing of what to do. */
const SUBRESOURCES = new Set(
  `accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle list-type
  location logging metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock
  renameObject replication requestPayment restore retention select session tagging torrent uploadId uploads versioning
  versions website`.split(/\s+/),
);

/** Does what a request asks for. @throws S3Error */
export async function perform(request: S3Request, store: Store): Promise<S3Answer> {
  const { method, bucket, key, query } = request;
  const scope = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const subresource = [...query.keys()].find((name) => SUBRESOURCES.has(name));
  const name = `${method} ${scope}${subresource === undefined ? '' : `?${subresource}`}`;
  const operation = OPERATIONS[name];
  if (operation !== undefined) return operation(request, store);
  if (subresource !== undefined) throw notImplemented(name);
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: scope.toUpperCase(),
  });
}

function copyOr(copy: Operation, store: Operation): Operation {
  return (request, into) => ('x-amz-copy-source' in request.headers ? copy : store)(request, into);
}
