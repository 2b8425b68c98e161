import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import * as z from 'zod';
import { countingClient } from './cost/counting.ts';
import type { S3Requests } from './cost/usage.ts';
import { jsonOf } from './json.ts';

/** An object that should be there is not. */
export class ObjectMissingError extends Error {
  override name = 'ObjectMissingError';
}

/** An object does not hold what its key promises. */
export class InvalidObjectError extends Error {
  override name = 'InvalidObjectError';
}

/** An object that was created, and when. */
export interface CreatedObject {
  key: string;
  createdAt: Date;
}

/** What comes with an object's bytes. */
export interface StoredObject {
  chunks: Readable;
  /** Without the quotes that the HTTP header has. */
  etag: string;
  metadata: Record<string, string>;
  /** As the bucket tells it; undefined when it does not. */
  bytes: number | undefined;
}

/** An object as a listing has it. */
export interface ListedObject {
  key: string;
  /** When it was stored last. */
  modifiedAt: Date;
  /** Without quotes. */
  etag: string;
}

const PRECONDITION_FAILED = 412;
const CONFLICT = 409;
const NOT_FOUND = 404;

/** Parts of an upload that are sent at a time: several uploads go on side by side. */
const PARTS_UNDER_WAY = 2;

/** Requests for one operation, when S3 answers that it is overloaded or does not answer. */
const ATTEMPTS = 5;

/** How often a conditional write that collided with another is tried. */
const CONFLICT_ATTEMPTS = 5;

/** The client for AWS, or for a local S3 when the standard variable `AWS_ENDPOINT_URL_S3` names one. */
export function createS3Client(): S3Client {
  // A local S3 has no host name per bucket.
  return new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined, maxAttempts: ATTEMPTS });
}

/** One bucket's objects, as the stages read and write them. */
export class Bucket {
  readonly #s3: S3Client;
  readonly name: string;
  /** What has been asked of S3 through this object, each attempt counted. */
  readonly requests: S3Requests = { writes: 0, reads: 0 };

  constructor(s3: S3Client, name: string) {
    this.#s3 = countingClient(s3, this.requests);
    this.name = name;
  }

  /** @throws ObjectMissingError */
  async read(key: string): Promise<StoredObject> {
    try {
      const command = new GetObjectCommand({ Bucket: this.name, Key: key });
      const { Body, ETag, Metadata, ContentLength } = await this.#s3.send(command);
      if (!(Body instanceof Readable)) throw new InvalidObjectError(`${this.#uri(key)} has no body`);
      return { chunks: Body, etag: unquoted(ETag), metadata: Metadata ?? {}, bytes: ContentLength };
    } catch (error) {
      if (statusOf(error) !== NOT_FOUND) throw error;
      throw new ObjectMissingError(`${this.#uri(key)} does not exist`, { cause: error });
    }
  }

  /** @throws ObjectMissingError, or InvalidObjectError when the object is not JSON of that shape */
  async readJson<T>(key: string, schema: z.ZodType<T>): Promise<T> {
    const { chunks } = await this.read(key);
    const text = (await buffer(chunks)).toString();
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      const isShape = cause instanceof z.ZodError;
      const problem = isShape ? z.prettifyError(cause) : 'it is not JSON';
      // What JSON.parse says quotes the text, and errors are logged, which members' data must not be.
      throw new InvalidObjectError(`${this.#uri(key)} cannot be used: ${problem}`, isShape ? { cause } : {});
    }
  }

  /** `undefined` when there is no such object. @throws InvalidObjectError when it is not JSON of that shape */
  async readJsonIfThere<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      return await this.readJson(key, schema);
    } catch (error) {
      if (error instanceof ObjectMissingError) return undefined;
      throw error;
    }
  }

  async writeJson(key: string, value: unknown): Promise<void> {
    await this.#s3.send(new PutObjectCommand(this.#jsonObject(key, value)));
  }

  async writeText(key: string, text: string, contentType: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: text, ContentType: contentType }));
  }

  /**
   * Writes an object unless there is one; of several writers at the same time exactly one succeeds.
   * @param metadata what a HEAD is to tell of it
   * @returns whether this call wrote it
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   */
  createJson(key: string, value: unknown, metadata: Record<string, string> = {}): Promise<boolean> {
    // An asynchronous function would keep the value in memory until S3 has answered, and its text is there already.
    return this.#create({ ...this.#jsonObject(key, value), Metadata: metadata });
  }

  async #create(object: PutObjectCommandInput): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        if (statusOf(error) === PRECONDITION_FAILED) return false;
        // S3 answers 409 while another conditional write to the key is under way: then it is not known who won.
        if (statusOf(error) !== CONFLICT || attempt === CONFLICT_ATTEMPTS) throw error;
      }
    }
  }

  async exists(key: string): Promise<boolean> {
    return (await this.metadataIfThere(key)) !== undefined;
  }

  /** What an object's writer noted beside its content; `undefined` when there is no such object. */
  async metadataIfThere(key: string): Promise<Record<string, string> | undefined> {
    try {
      const { Metadata = {} } = await this.#s3.send(new HeadObjectCommand({ Bucket: this.name, Key: key }));
      return Metadata;
    } catch (error) {
      if (statusOf(error) === NOT_FOUND) return undefined;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
  }

  /** Stores an object again as it is, so that S3 tells of it again. @throws ObjectMissingError */
  async storeAgain(key: string): Promise<void> {
    try {
      const { Metadata, ContentType } = await this.#s3.send(new HeadObjectCommand({ Bucket: this.name, Key: key }));
      await this.#s3.send(
        new CopyObjectCommand({
          Bucket: this.name,
          Key: key,
          CopySource: `${this.name}/${encodeURIComponent(key)}`,
          // S3 copies an object onto itself only when something about it is replaced.
          MetadataDirective: 'REPLACE',
          Metadata,
          ContentType,
        }),
      );
    } catch (error) {
      if (statusOf(error) !== NOT_FOUND) throw error;
      throw new ObjectMissingError(`${this.#uri(key)} does not exist`, { cause: error });
    }
  }

  /** All objects with a prefix, in the order of their keys. @param after only keys that come after this one */
  async *objects(prefix: string, after?: string): AsyncGenerator<ListedObject> {
    const query = { Bucket: this.name, Prefix: prefix, ...(after === undefined ? {} : { StartAfter: after }) };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#s3 }, query)) {
      for (const { Key, LastModified, ETag } of Contents) {
        if (Key === undefined || LastModified === undefined) continue;
        yield { key: Key, modifiedAt: LastModified, etag: unquoted(ETag) };
      }
    }
  }

  /** Keys with a prefix, in order; at most 1,000, which is one page of S3's and as many batches as a run can have. */
  async list(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix }));
    return Contents.map(({ Key }) => Key ?? '');
  }

  /**
   * Uploads what a stream delivers while it is delivered, in memory of three parts of 5 MB; nothing is stored when the
   * stream fails.
   */
  async writeStream(key: string, body: Readable, contentType: string): Promise<void> {
    const params = { Bucket: this.name, Key: key, Body: body, ContentType: contentType };
    await new Upload({ client: this.#s3, params, queueSize: PARTS_UNDER_WAY }).done();
  }

  #jsonObject(key: string, value: unknown) {
    // Bytes, because the SDK would make them of a text three times: for the checksum, the signature and the request.
    const body = Buffer.from(jsonOf(value));
    return { Bucket: this.name, Key: key, Body: body, ContentType: 'application/json' };
  }

  #uri(key: string): string {
    return `s3://${this.name}/${key}`;
  }
}

function unquoted(etag = ''): string {
  return etag.replaceAll('"', '');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
