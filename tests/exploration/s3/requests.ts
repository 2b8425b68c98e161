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
import { assertCopyable, assertReadable, unquoted, type WriteConditions } from '../../../local/s3/conditions.ts';
import { noSuchKey, notImplemented, S3Error } from '../../../local/s3/errors.ts';
import { chosenParts, etagOfParts, Uploads } from '../../../local/s3/uploads.ts';
import { thrownByClient } from './errors.ts';
import { type MemoryObjects, md5, type Present, propertiesOf } from './objects.ts';

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
  readonly #uploads = new Uploads<Buffer>(() => undefined);
  readonly #created = new Map<string, CreateMultipartUploadCommandInput>();

  constructor(objects: MemoryObjects) {
    this.#objects = objects;
  }

  /** @throws S3ServiceException as S3 would answer */
  answer(commandName: string, input: unknown): Answer {
    const answer: ((input: never) => Answer) | undefined = this.#answers[commandName as CommandName];
    try {
      if (answer === undefined) throw notImplemented(commandName);
      return { $metadata: { httpStatusCode: 200 }, ...answer(input as never) };
    } catch (error) {
      throw thrownByClient(error);
    }
  }

  readonly #answers: Answers = {
    PutObjectCommand: ({ Key = '', Body, Metadata, ContentType, IfMatch, IfNoneMatch }) => {
      const properties = { metadata: Metadata, contentType: ContentType };
      return this.#written(this.#objects.put(Key, bytesOf(Body), properties, conditionsOf({ IfMatch, IfNoneMatch })));
    },
    GetObjectCommand: ({ Key = '', VersionId, IfMatch }) => {
      const object = this.#there(Key, VersionId, IfMatch);
      return { ...this.#described(object), Body: Readable.from([object.body]) };
    },
    HeadObjectCommand: ({ Key = '', VersionId, IfMatch }) => this.#described(this.#there(Key, VersionId, IfMatch)),
    CopyObjectCommand: (input) => this.#copy(input),
    DeleteObjectCommand: ({ Key = '', IfMatch }) => {
      this.#objects.delete(Key, { ifMatch: IfMatch });
      return {};
    },
    ListObjectsV2Command: (input) => this.#list(input),
    CreateMultipartUploadCommand: (create) => {
      const { id } = this.#uploads.start(create.Key ?? '', { headers: {}, checksum: undefined, startedAt: 0 });
      this.#created.set(id, create);
      return { UploadId: id };
    },
    UploadPartCommand: ({ Key = '', UploadId = '', PartNumber = 1, Body }) => {
      const body = bytesOf(Body);
      const part = { body, size: body.length, etag: md5(body), storedAt: 0 };
      this.#uploads.putPart(this.#uploads.find(Key, UploadId), PartNumber, part);
      return { ETag: `"${part.etag}"` };
    },
    CompleteMultipartUploadCommand: (input) => this.#complete(input),
    AbortMultipartUploadCommand: ({ Key = '', UploadId = '' }) => {
      this.#uploads.end(Key, UploadId);
      return {};
    },
  };

  #there(key: string, versionId?: string, ifMatch?: string): Present {
    const object = this.#objects.find(key, versionId);
    if (object === undefined) throw noSuchKey(key);
    assertReadable({ ifMatch }, object);
    return object;
  }

  #copy({ Key = '', CopySource = '', CopySourceIfMatch, MetadataDirective, ...rest }: CopyObjectCommandInput) {
    const [path = '', versionId] = CopySource.split('?versionId=');
    const source = this.#there(decodeURIComponent(path.slice(path.indexOf('/') + 1)), versionId);
    assertCopyable({ ifMatch: CopySourceIfMatch }, source);
    const isReplaced = MetadataDirective === 'REPLACE';
    if (source.key === Key && !isReplaced) throw new S3Error('InvalidRequest', 'This copy request is illegal');
    const properties = isReplaced ? { metadata: rest.Metadata, contentType: rest.ContentType } : propertiesOf(source);
    const copy = this.#objects.put(Key, source.body, properties, conditionsOf(rest), 'Copy');
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

  #complete({ UploadId = '', Key = '', MultipartUpload, ...rest }: CompleteMultipartUploadCommandInput): Answer {
    const wanted = (MultipartUpload?.Parts ?? []).map(({ PartNumber: number = 0, ETag = '' }) => ({
      number,
      etag: unquoted(ETag),
      checksums: new Map(),
    }));
    const parts = chosenParts(this.#uploads.find(Key, UploadId), wanted);
    const created = this.#created.get(UploadId);
    const properties = { etag: etagOfParts(parts), metadata: created?.Metadata, contentType: created?.ContentType };
    const body = Buffer.concat(parts.map((part) => part.body));
    const object = this.#objects.put(Key, body, properties, conditionsOf(rest), 'CompleteMultipartUpload');
    this.#uploads.complete(Key, UploadId, object);
    return this.#written(object);
  }

  #written({ etag, versionId }: Present): Answer {
    return { ETag: `"${etag}"`, ...(this.#objects.isVersioned ? { VersionId: versionId } : {}) };
  }

  #described(object: Present): Answer {
    return {
      ...this.#written(object),
      Metadata: propertiesOf(object).metadata,
      ContentType: propertiesOf(object).contentType,
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

function conditionsOf({
  IfMatch,
  IfNoneMatch,
}: {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
}): WriteConditions {
  return { ifMatch: IfMatch, ifNoneMatch: IfNoneMatch };
}

function bytesOf(body: PutObjectCommandInput['Body']): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  throw notImplemented('bodies that are streams');
}
