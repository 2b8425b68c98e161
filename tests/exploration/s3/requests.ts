import { Readable } from 'node:stream';
import type {
  AbortMultipartUploadCommandInput,
  CompleteMultipartUploadCommandInput,
  CopyObjectCommandInput,
  CreateMultipartUploadCommandInput,
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  HeadObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
  UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { noSuchKey, notImplemented, preconditionFailed, s3Error } from './errors.ts';
import { type MemoryObjects, md5, type Present, unquoted } from './objects.ts';

const PAGE = 1000;

interface Inputs {
  PutObjectCommand: PutObjectCommandInput;
  GetObjectCommand: GetObjectCommandInput;
  HeadObjectCommand: HeadObjectCommandInput;
  CopyObjectCommand: CopyObjectCommandInput;
  DeleteObjectCommand: DeleteObjectCommandInput;
  ListObjectsV2Command: ListObjectsV2CommandInput;
  CreateMultipartUploadCommand: CreateMultipartUploadCommandInput;
  UploadPartCommand: UploadPartCommandInput;
  CompleteMultipartUploadCommand: CompleteMultipartUploadCommandInput;
  AbortMultipartUploadCommand: AbortMultipartUploadCommandInput;
}

export type CommandName = keyof Inputs;
export type Answer = Record<string, unknown>;
type Answers = { [Name in CommandName]: (input: Inputs[Name]) => Answer };

/** A bucket's requests, each answered at once and as a whole. */
export class MemoryRequests {
  readonly #objects: MemoryObjects;
  readonly #uploads = new Map<string, { create: CreateMultipartUploadCommandInput; parts: Map<number, Buffer> }>();
  #created = 0;

  constructor(objects: MemoryObjects) {
    this.#objects = objects;
  }

  /** @throws S3ServiceException as S3 would answer */
  answer(commandName: string, input: unknown): Answer {
    const answer: ((input: never) => Answer) | undefined = this.#answers[commandName as CommandName];
    if (answer === undefined) throw notImplemented(commandName);
    return { $metadata: { httpStatusCode: 200 }, ...answer(input as never) };
  }

  readonly #answers: Answers = {
    PutObjectCommand: ({ Key = '', Body, Metadata, ContentType, IfMatch, IfNoneMatch }) => {
      const properties = { metadata: Metadata, contentType: ContentType };
      return this.#written(this.#objects.put(Key, bytesOf(Body), properties, { IfMatch, IfNoneMatch }));
    },
    GetObjectCommand: ({ Key = '', VersionId, IfMatch }) => {
      const object = this.#there(Key, VersionId, IfMatch);
      return { ...this.#described(object), Body: Readable.from([object.body]) };
    },
    HeadObjectCommand: ({ Key = '', VersionId, IfMatch }) => this.#described(this.#there(Key, VersionId, IfMatch)),
    CopyObjectCommand: (input) => this.#copy(input),
    DeleteObjectCommand: ({ Key = '', IfMatch }) => {
      this.#objects.delete(Key, { IfMatch });
      return {};
    },
    ListObjectsV2Command: (input) => this.#list(input),
    CreateMultipartUploadCommand: (create) => {
      const UploadId = `upload-${++this.#created}`;
      this.#uploads.set(UploadId, { create, parts: new Map() });
      return { UploadId };
    },
    UploadPartCommand: ({ UploadId, PartNumber = 1, Body }) => {
      const part = bytesOf(Body);
      this.#upload(UploadId).parts.set(PartNumber, part);
      return { ETag: `"${md5(part)}"` };
    },
    CompleteMultipartUploadCommand: (input) => this.#complete(input),
    AbortMultipartUploadCommand: ({ UploadId = '' }) => {
      this.#uploads.delete(UploadId);
      return {};
    },
  };

  #there(key: string, versionId?: string, ifMatch?: string): Present {
    const object = this.#objects.find(key, versionId);
    if (object === undefined) throw noSuchKey(key);
    if (ifMatch !== undefined && unquoted(ifMatch) !== object.etag) throw preconditionFailed(key);
    return object;
  }

  #copy({ Key = '', CopySource = '', CopySourceIfMatch, IfMatch, IfNoneMatch, ...rest }: CopyObjectCommandInput) {
    const [path = '', versionId] = CopySource.split('?versionId=');
    const source = this.#there(decodeURIComponent(path.slice(path.indexOf('/') + 1)), versionId, CopySourceIfMatch);
    const isReplaced = rest.MetadataDirective === 'REPLACE';
    if (source.key === Key && !isReplaced) throw s3Error('InvalidRequest', 400, 'This copy request is illegal');
    const properties = isReplaced ? { metadata: rest.Metadata, contentType: rest.ContentType } : source;
    const { metadata, contentType } = properties;
    const copy = this.#objects.put(Key, source.body, { metadata, contentType }, { IfMatch, IfNoneMatch }, 'Copy');
    return { ...this.#written(copy), CopyObjectResult: { ETag: `"${copy.etag}"` } };
  }

  #list({ Prefix, StartAfter, ContinuationToken, MaxKeys = PAGE }: ListObjectsV2CommandInput): Answer {
    const objects = this.#objects.list(Prefix, ContinuationToken ?? StartAfter);
    const page = objects.slice(0, Math.min(MaxKeys, PAGE));
    const IsTruncated = page.length < objects.length;
    return {
      Contents: page.length === 0 ? undefined : page.map(listed),
      KeyCount: page.length,
      IsTruncated,
      ...(IsTruncated ? { NextContinuationToken: page.at(-1)?.key } : {}),
    };
  }

  #complete({
    UploadId,
    Key = '',
    MultipartUpload,
    IfMatch,
    IfNoneMatch,
  }: CompleteMultipartUploadCommandInput): Answer {
    const { create, parts } = this.#upload(UploadId);
    const bodies = (MultipartUpload?.Parts ?? []).map(({ PartNumber = 0 }) => partOf(parts, PartNumber));
    const etag = `${md5(Buffer.concat(bodies.map((body) => Buffer.from(md5(body), 'hex'))))}-${bodies.length}`;
    const properties = { etag, metadata: create.Metadata, contentType: create.ContentType };
    const cause = 'CompleteMultipartUpload';
    const object = this.#objects.put(Key, Buffer.concat(bodies), properties, { IfMatch, IfNoneMatch }, cause);
    this.#uploads.delete(UploadId ?? '');
    return this.#written(object);
  }

  #upload(uploadId = '') {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) throw s3Error('NoSuchUpload', 404, 'The specified multipart upload does not exist');
    return upload;
  }

  #written({ etag, versionId }: Present): Answer {
    return { ETag: `"${etag}"`, ...(this.#objects.isVersioned ? { VersionId: versionId } : {}) };
  }

  #described(object: Present): Answer {
    return {
      ...this.#written(object),
      Metadata: object.metadata,
      ContentType: object.contentType,
      ContentLength: object.body.length,
      LastModified: wholeSeconds(object.storedAt),
    };
  }
}

function listed({ key, etag, storedAt, body }: Present) {
  return { Key: key, ETag: `"${etag}"`, LastModified: wholeSeconds(storedAt), Size: body.length };
}

/** S3 tells of objects' times without their milliseconds; those of events have them. */
function wholeSeconds(time: number): Date {
  return new Date(Math.floor(time / 1000) * 1000);
}

function partOf(parts: Map<number, Buffer>, number: number): Buffer {
  const part = parts.get(number);
  if (part === undefined) throw s3Error('InvalidPart', 400, `Part ${number} could not be found`);
  return part;
}

function bytesOf(body: PutObjectCommandInput['Body']): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  throw notImplemented('bodies that are streams');
}
