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

/** An object's content is not what its key says. */
export class InvalidObjectError extends Error {
  override name = 'InvalidObjectError';
}

/** An object's content, as a stream, with its metadata. */
export interface StoredObject {
  chunks: Readable;
  /** Without the quotes that the HTTP header has. */
  etag: string;
  metadata: Record<string, string>;
  /** Size of the object; undefined when S3 does not say. */
  bytes: number | undefined;
  /** Undefined when the bucket keeps no versions. */
  versionId: string | undefined;
}

/** An object as a listing describes it. */
export interface ListedObject {
  key: string;
  /** When it was stored last. */
  modifiedAt: Date;
  /** Size of the object; undefined when S3 does not say. */
  bytes?: number | undefined;
  /** Without quotes. */
  etag: string;
}

/** How many parts of one upload are sent at the same time; few, because several uploads run side by side. */
const PARTS_UNDER_WAY = 2;

/** One bucket's objects, as the stages read and write them. */
export class Bucket {
  readonly #s3: S3Client;
  readonly name: string;
  /** The requests to S3 that this object has sent; each attempt counts. */
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
      // The message of JSON.parse quotes the text. Errors are logged, and logs must not hold members' data.
      throw new InvalidObjectError(`${this.#uri(key)} cannot be used: ${problem}`, isShape ? { cause } : {});
    }
  }

  async writeJson(key: string, value: unknown): Promise<void> {
    await this.#put(this.#jsonObject(key, value));
  }

  /**
   * Writes an object if it has not changed since it was read. Of several writers that have read the same state, exactly
   * one succeeds.
   *
   * `false` does not always mean that somebody else has written the object: when S3's answer is lost, the SDK repeats
   * the request, and S3 refuses it because of the object that the first request has written.
   *
   * @returns whether this call wrote it
   */
  replaceJson(key: string, value: unknown, seen: Seen): Promise<boolean> {
    // Not `async`, because an async function would keep the value in memory, beside its text, until S3 has answered.
    return this.#put(this.#jsonObject(key, value), { seen });
  }

  /** Writes an object unless there is one; see `replaceJson`. @param metadata to be read with a HEAD request */
  createJson(key: string, value: unknown, metadata: Record<string, string> = {}): Promise<boolean> {
    return this.#put(this.#jsonObject(key, value), { seen: undefined, metadata });
  }

  /** @param condition without one the object is written in any case @throws ObjectChangedError when it is not met */
  async writeText(key: string, text: string, contentType: string, condition?: Condition): Promise<void> {
    const object = { Bucket: this.name, Key: key, Body: text, ContentType: contentType };
    if (!(await this.#put(object, condition))) throw new ObjectChangedError(this.name, key);
  }

  /**
   * Uploads a stream while it is read. Needs memory for three parts of 5 MB. When the stream fails, nothing is stored.
   *
   * @param condition is checked at the end of the upload; without one the object is stored in any case
   * @throws ObjectChangedError when the condition is not met
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

  /** The metadata that an object was stored with; `undefined` when there is no such object. */
  async metadataIfThere(key: string): Promise<Record<string, string> | undefined> {
    const head = await ifThere(this.#head(key));
    return head && (head.Metadata ?? {});
  }

  /**
   * Stores an object again as it is, so that S3 sends another event for it.
   *
   * @param etag that the object must still have, without quotes; by default the one that it has now
   * @throws ObjectMissingError, or ObjectChangedError when the object has another ETag
   */
  async storeAgain(key: string, etag?: string): Promise<void> {
    const { ETag, Metadata, ContentType } = await this.#head(key);
    const seen = etag ?? unquoted(ETag);
    const copy = new CopyObjectCommand({
      Bucket: this.name,
      Key: key,
      CopySource: `${this.name}/${encodeURIComponent(key)}`,
      CopySourceIfMatch: `"${seen}"`,
      // If a person has stored another file in the meantime, the copy must not replace it by the old one. This cannot
      // happen to objects that stages write, because they do not change.
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
      for (const { Key, LastModified, ETag, Size } of Contents) {
        if (Key === undefined || LastModified === undefined) continue;
        yield { key: Key, modifiedAt: LastModified, etag: unquoted(ETag), bytes: Size };
      }
    }
  }

  /** Keys with a prefix, in order; at most 1,000: one page of S3, and the largest number of batches of a run. */
  async list(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix }));
    return Contents.map(({ Key }) => Key ?? '');
  }

  #jsonObject(key: string, value: unknown) {
    // Bytes, because the SDK would convert a text three times: for the checksum, the signature and the request.
    const body = Buffer.from(jsonOf(value));
    return { Bucket: this.name, Key: key, Body: body, ContentType: 'application/json' };
  }

  #uri(key: string): string {
    return `s3://${this.name}/${key}`;
  }
}

/** Returns `undefined` instead of throwing ObjectMissingError. */
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
