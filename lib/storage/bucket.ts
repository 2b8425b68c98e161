import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import * as z from 'zod';
import { type Condition, conditionOf, isWritten, ObjectChangedError, type Seen, type SeenJson } from './condition.ts';
import { jsonOf } from './json.ts';
import { countingClient, type RequestCounts } from './request-counts.ts';
import { isNotFound } from './s3-client.ts';

/** An object that should be there is not. */
export class ObjectMissingError extends Error {
  override name = 'ObjectMissingError';
}

/** An object does not hold what its key promises. */
export class InvalidObjectError extends Error {
  override name = 'InvalidObjectError';
}

/** What comes with an object's bytes. */
export interface StoredObject {
  chunks: Readable;
  /** Without the quotes that the HTTP header has. */
  etag: string;
  metadata: Record<string, string>;
  /** As the bucket tells it; undefined when it does not. */
  bytes: number | undefined;
  /** Undefined when the bucket keeps no versions. */
  versionId: string | undefined;
}

/** An object as a listing has it. */
export interface ListedObject {
  key: string;
  /** When it was stored last. */
  modifiedAt: Date;
  /** Without quotes. */
  etag: string;
}

/** Parts of an upload that are sent at a time: several uploads go on side by side. */
const PARTS_UNDER_WAY = 2;

/** One bucket's objects, as the stages read and write them. */
export class Bucket {
  readonly #s3: S3Client;
  readonly name: string;
  /** What has been asked of S3 through this object, each attempt counted. */
  readonly requests: RequestCounts = { writes: 0, reads: 0 };

  constructor(s3: S3Client, name: string) {
    this.#s3 = countingClient(s3, this.requests);
    this.name = name;
  }

  /** @throws ObjectMissingError */
  async read(key: string): Promise<StoredObject> {
    const command = new GetObjectCommand({ Bucket: this.name, Key: key });
    const { Body, ETag, Metadata, ContentLength, VersionId } = await this.#found(key, this.#s3.send(command));
    if (!(Body instanceof Readable)) throw new InvalidObjectError(`${this.#uri(key)} has no body`);
    return { chunks: Body, etag: unquoted(ETag), metadata: Metadata ?? {}, bytes: ContentLength, versionId: VersionId };
  }

  /** @throws ObjectMissingError, or InvalidObjectError when the object is not JSON of that shape */
  async readJson<T>(key: string, schema: z.ZodType<T>): Promise<T> {
    return (await this.#seeJson(key, schema)).value;
  }

  /** `undefined` when there is no such object. @throws InvalidObjectError when it is not JSON of that shape */
  async readJsonIfThere<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    return (await this.readJsonToReplace(key, schema)).value;
  }

  /** For `replaceJson`, which takes what was `seen`. @throws InvalidObjectError when it is not JSON of that shape */
  async readJsonToReplace<T>(key: string, schema: z.ZodType<T>): Promise<SeenJson<T>> {
    return (await ifThere(this.#seeJson(key, schema))) ?? { value: undefined, seen: undefined };
  }

  async #seeJson<T>(key: string, schema: z.ZodType<T>): Promise<{ value: T; seen: string }> {
    const { chunks, etag } = await this.read(key);
    const text = (await buffer(chunks)).toString();
    try {
      return { value: schema.parse(JSON.parse(text)), seen: etag };
    } catch (cause) {
      const isShape = cause instanceof z.ZodError;
      const problem = isShape ? z.prettifyError(cause) : 'it is not JSON';
      // What JSON.parse says quotes the text, and errors are logged, which members' data must not be.
      throw new InvalidObjectError(`${this.#uri(key)} cannot be used: ${problem}`, isShape ? { cause } : {});
    }
  }

  async writeJson(key: string, value: unknown): Promise<void> {
    await this.#put(this.#jsonObject(key, value));
  }

  /**
   * Writes an object if it still is as it was seen; of several writers that saw the same exactly one succeeds.
   *
   * A writer whose answer got lost asks again, and is refused because of what it wrote itself: `false` says that
   * something else is to be read now, not that somebody else has written it.
   *
   * @returns whether this call wrote it
   */
  replaceJson(key: string, value: unknown, seen: Seen): Promise<boolean> {
    // An asynchronous function would keep the value in memory until S3 has answered, and its text is there already.
    return this.#put(this.#jsonObject(key, value), { seen });
  }

  /** Writes an object unless there is one, as `replaceJson` does. @param metadata what a HEAD is to tell of it */
  createJson(key: string, value: unknown, metadata: Record<string, string> = {}): Promise<boolean> {
    return this.#put(this.#jsonObject(key, value), { seen: undefined, metadata });
  }

  /** @param condition without one it is written in any case @throws ObjectChangedError */
  async writeText(key: string, text: string, contentType: string, condition?: Condition): Promise<void> {
    const object = { Bucket: this.name, Key: key, Body: text, ContentType: contentType };
    if (!(await this.#put(object, condition))) throw new ObjectChangedError(this.name, key);
  }

  /**
   * Uploads what a stream delivers while it is delivered, in memory of three parts of 5 MB; nothing is stored when the
   * stream fails.
   *
   * @param condition looked at when all is uploaded; without one it is stored in any case
   * @throws ObjectChangedError
   */
  async writeStream(key: string, body: Readable, contentType: string, condition?: Condition): Promise<void> {
    const params = { Bucket: this.name, Key: key, Body: body, ContentType: contentType, ...conditionOf(condition) };
    const upload = new Upload({ client: this.#s3, params, queueSize: PARTS_UNDER_WAY });
    // The stream can be read only once.
    if (!(await isWritten(() => upload.done(), 1))) throw new ObjectChangedError(this.name, key);
  }

  #put(object: PutObjectCommandInput, condition?: Condition): Promise<boolean> {
    const input = { ...object, ...conditionOf(condition) };
    return isWritten(() => this.#s3.send(new PutObjectCommand(input)));
  }

  async exists(key: string): Promise<boolean> {
    return (await this.metadataIfThere(key)) !== undefined;
  }

  /** What an object's writer noted beside its content; `undefined` when there is no such object. */
  async metadataIfThere(key: string): Promise<Record<string, string> | undefined> {
    const head = await ifThere(this.#head(key));
    return head && (head.Metadata ?? {});
  }

  /**
   * Stores an object again as it is, so that S3 tells of it again.
   *
   * @param etag that it must still have, without quotes; unless given, that which it has now
   * @throws ObjectMissingError, or ObjectChangedError when it is another
   */
  async storeAgain(key: string, etag?: string): Promise<void> {
    const { ETag, Metadata, ContentType } = await this.#head(key);
    const seen = etag ?? unquoted(ETag);
    const copy = new CopyObjectCommand({
      Bucket: this.name,
      Key: key,
      CopySource: `${this.name}/${encodeURIComponent(key)}`,
      CopySourceIfMatch: `"${seen}"`,
      // What a person has written in the meantime is not to be replaced by what it has replaced. Stages' objects do not
      // change.
      ...(etag === undefined ? {} : conditionOf({ seen })),
      // S3 copies an object onto itself only when something about it is replaced.
      MetadataDirective: 'REPLACE',
      Metadata,
      ContentType,
    });
    if (!(await isWritten(() => this.#s3.send(copy)))) throw new ObjectChangedError(this.name, key);
  }

  #head(key: string): Promise<HeadObjectCommandOutput> {
    return this.#found(key, this.#s3.send(new HeadObjectCommand({ Bucket: this.name, Key: key })));
  }

  async #found<T>(key: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!isNotFound(error)) throw error;
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

  #jsonObject(key: string, value: unknown) {
    // Bytes, because the SDK would make them of a text three times: for the checksum, the signature and the request.
    const body = Buffer.from(jsonOf(value));
    return { Bucket: this.name, Key: key, Body: body, ContentType: 'application/json' };
  }

  #uri(key: string): string {
    return `s3://${this.name}/${key}`;
  }
}

/** `undefined` in place of the error that there is no such object. */
async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ObjectMissingError) return undefined;
    throw error;
  }
}

function unquoted(etag = ''): string {
  return etag.replaceAll('"', '');
}
