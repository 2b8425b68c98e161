import {
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import S3Object, { type Metadata } from '@20minutes/s3rver/lib/models/object.js';
import type { Listing, ListOptions, Part, Written } from '@20minutes/s3rver/lib/stores/filesystem.js';
import * as z from 'zod';
import { assertKey, CheckedStore, isKey } from './checked-store.ts';
import { assemble, uploadDirectory } from './multipart.ts';
import { sequence } from './sequence.ts';
import { type Staged, Staging } from './staging.ts';
import { assertCopyable, assertWritable, noSuchKey, unquoted, type WriteConditions } from './write-conditions.ts';

const OBJECT_SUFFIX = '._S3rver_object';

const metadataSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** An object that has just become readable. */
export interface ObjectCreated {
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  /** Without quotes, as GET and HEAD give it. */
  etag: string;
  cause: 'Put' | 'Copy' | 'CompleteMultipartUpload';
  /** Greater than that of every object before it. */
  sequencer: string;
  createdAt: Date;
}

export interface ObjectStoreOptions {
  /** One directory per bucket. */
  objects: string;
  /** For what is not complete; on the same file system. */
  incoming: string;
  onCreated: (object: ObjectCreated) => void;
}

const nextSequencer = sequence();

/**
 * Objects as files, visible whole or not at all. What must be seen together, content and metadata, is read in one
 * synchronous step and put in place in one synchronous step; with a single thread nothing comes between, so that
 * there is no lock.
 */
export class ObjectStore extends CheckedStore {
  readonly #options: ObjectStoreOptions;
  readonly #staging: Staging;
  readonly #conditions: WriteConditions;

  constructor(options: ObjectStoreOptions, conditions: WriteConditions = {}) {
    super(options.objects);
    this.#options = options;
    this.#staging = new Staging(options.incoming);
    this.#conditions = conditions;
  }

  /** The same store, in which a write fails with PreconditionFailed or NoSuchKey when the conditions do not hold. */
  onCondition(conditions: WriteConditions): ObjectStore {
    return new ObjectStore(this.#options, conditions);
  }

  /** The emulator keeps unfinished uploads among the objects, where listing would come across them. */
  override getResourcePath(bucket: string, key: string | undefined, resource: string): string {
    const path = super.getResourcePath(bucket, key, resource);
    return resource === 'uploads' ? join(this.#options.incoming, bucket) : path;
  }

  /** Used by the emulator for the parts of an upload. */
  override async putContent(path: string, content: Readable | Buffer): Promise<[size: number, md5: string]> {
    const staged = await this.#staging.write(content);
    await rename(staged.path, path);
    return [staged.size, staged.md5];
  }

  override async putObject(object: S3Object): Promise<Written> {
    assertKey(object.key);
    const staged = await this.#staging.write(object.content);
    return this.#publish('Put', object, staged, staged.md5);
  }

  override async putObjectMultipart(bucket: string, uploadId: string, parts: Part[]): Promise<Written> {
    const directory = uploadDirectory(this.#uploads(bucket), uploadId);
    const { key, metadata, files, size, etag } = await assemble(directory, parts);
    const path = await this.#staging.concatenate(files);
    const object = new S3Object(bucket, key, null, metadata);
    const written = this.#publish('CompleteMultipartUpload', object, { path, size }, etag);
    await rm(directory, { recursive: true });
    return written;
  }

  async abortMultipart(bucket: string, uploadId: string): Promise<void> {
    await rm(uploadDirectory(this.#uploads(bucket), uploadId), { recursive: true, force: true });
  }

  override async copyObject(
    sourceBucket: string,
    sourceKey: string,
    bucket: string,
    key: string,
    replacement: Metadata | null,
  ): Promise<Metadata> {
    assertKey(key);
    assertCopyable(this.#conditions, this.#etag(sourceBucket, sourceKey));
    // Opened at once, so that this is the object that was looked at.
    const source = await this.getObject(sourceBucket, sourceKey);
    if (source === null) throw noSuchKey(sourceKey);
    const staged = await this.#staging.write(source.content);
    const object = new S3Object(bucket, key, null, replacement ?? source.metadata);
    this.#publish('Copy', object, staged, staged.md5);
    return this.#describe(bucket, key);
  }

  override async getObject(
    bucket: string,
    key: string,
    range: { start?: number; end?: number } = {},
  ): Promise<S3Object | null> {
    const path = this.getResourcePath(bucket, key, 'object');
    if (!existsSync(path)) return null;
    const object = new S3Object(bucket, key, null, this.#describe(bucket, key));
    const last = Math.max(0, Number(object.metadata['content-length']) - 1);
    const start = range.start ?? 0;
    const end = Math.min(range.end ?? last, last);
    if (range.start !== undefined || range.end !== undefined) object.range = { start, end };
    // The open file stays what it is, whatever happens to the key. No content means a range that is not there.
    if (start <= end) object.content = createReadStream(path, { fd: openSync(path, 'r'), start, end });
    return object;
  }

  override async deleteObject(bucket: string, key: string): Promise<void> {
    const path = this.getResourcePath(bucket, key, 'object');
    rmSync(path, { force: true });
    rmSync(this.getResourcePath(bucket, key, 'metadata.json'), { force: true });
    const top = this.getBucketPath(bucket);
    for (let directory = dirname(path); directory !== top && isEmpty(directory); directory = dirname(directory)) {
      rmdirSync(directory);
    }
  }

  override async listObjects(bucket: string, options: ListOptions): Promise<Listing> {
    const { prefix = '', delimiter = '', startAfter = '', maxKeys = Number.POSITIVE_INFINITY } = options;
    const commonPrefixes = new Set<string>();
    const keys: string[] = [];
    let isTruncated = false;
    for (const key of this.#keys(bucket, prefix)) {
      if (key <= startAfter) continue;
      isTruncated = keys.length === maxKeys;
      if (isTruncated) break;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end === -1) keys.push(key);
      else commonPrefixes.add(key.slice(0, end + delimiter.length));
    }
    const objects = keys.map((key) => new S3Object(bucket, key, null, this.#describe(bucket, key)));
    return { objects, commonPrefixes: [...commonPrefixes], isTruncated };
  }

  /** Makes a staged file the object and says so. All of it synchronous, which is what makes it atomic. */
  #publish(
    cause: ObjectCreated['cause'],
    { bucket, key, metadata }: S3Object,
    staged: Pick<Staged, 'path' | 'size'>,
    etag: string,
  ): Written {
    const path = this.getResourcePath(bucket, key, 'object');
    try {
      assertWritable(this.#conditions, key, this.#etag(bucket, key));
    } catch (error) {
      rmSync(staged.path);
      throw error;
    }
    const createdAt = new Date();
    const { size } = staged;
    const complete = {
      ...metadata,
      etag: `"${etag}"`,
      'content-length': size,
      'last-modified': createdAt.toUTCString(),
    };
    writeFileSync(`${staged.path}.json`, JSON.stringify(complete));
    mkdirSync(dirname(path), { recursive: true });
    renameSync(`${staged.path}.json`, this.getResourcePath(bucket, key, 'metadata.json'));
    renameSync(staged.path, path);
    this.#options.onCreated({ bucket, key, size, etag, cause, sequencer: nextSequencer(), createdAt });
    return { size, md5: etag };
  }

  #describe(bucket: string, key: string): Metadata {
    return metadataSchema.parse(JSON.parse(readFileSync(this.getResourcePath(bucket, key, 'metadata.json'), 'utf8')));
  }

  #etag(bucket: string, key: string): string | undefined {
    if (!existsSync(this.getResourcePath(bucket, key, 'object'))) return undefined;
    return unquoted(String(this.#describe(bucket, key).etag));
  }

  /** Sorted, as S3 lists them. */
  #keys(bucket: string, prefix: string): string[] {
    const top = this.getBucketPath(bucket);
    const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const directory = join(top, parent);
    if (!isKey(parent) || !existsSync(directory)) return [];
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(OBJECT_SUFFIX))
      .map((entry) => relative(top, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .map((path) => path.slice(0, -OBJECT_SUFFIX.length))
      .filter((key) => key.startsWith(prefix))
      .sort();
  }

  #uploads(bucket: string): string {
    return this.getResourcePath(bucket, undefined, 'uploads');
  }
}

function isEmpty(directory: string): boolean {
  return readdirSync(directory).length === 0;
}
