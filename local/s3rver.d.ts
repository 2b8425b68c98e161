/** The parts of the S3 emulator that the local stack uses; it comes without types. */
declare module '@20minutes/s3rver' {
  import type { IncomingHttpHeaders, RequestListener } from 'node:http';
  import type { Readable } from 'node:stream';
  import type FilesystemStore from '@20minutes/s3rver/lib/stores/filesystem.js';

  /** A request and its response. */
  export interface Context {
    method: string;
    path: string;
    /** Path and query as they were sent. */
    originalUrl: string;
    query: Record<string, string | string[] | undefined>;
    headers: IncomingHttpHeaders;
    /** Where the emulator reads the body from. */
    req: Readable;
    status: number;
    /** Whether the client is still there. */
    writable: boolean;
    /** A plain object goes out as XML. */
    body: unknown;
    store: FilesystemStore;
  }

  export type Middleware = (ctx: Context, next: () => Promise<void>) => Promise<void>;

  export interface Options {
    directory: string;
    silent: boolean;
    vhostBuckets: boolean;
    allowMismatchedSignatures: boolean;
  }

  export default class S3rver {
    constructor(options: Options);
    store: FilesystemStore;
    /** What every request's context inherits from. */
    context: { store: FilesystemStore };
    middleware: Middleware[];
    callback(): RequestListener;
    on(event: 'error', listener: (error: Error & { status?: number }, ctx: Context) => void): this;
  }
}

declare module '@20minutes/s3rver/lib/stores/filesystem.js' {
  import type { Readable } from 'node:stream';
  import type S3Object from '@20minutes/s3rver/lib/models/object.js';
  import type { Metadata } from '@20minutes/s3rver/lib/models/object.js';

  export interface ListOptions {
    prefix?: string | undefined;
    delimiter?: string | undefined;
    startAfter?: string | undefined;
    maxKeys?: number | undefined;
  }

  export interface Listing {
    objects: S3Object[];
    commonPrefixes: string[];
    isTruncated: boolean;
  }

  export interface Part {
    number: number;
    etag: string;
  }

  export interface Written {
    size: number;
    md5: string;
  }

  export default class FilesystemStore {
    constructor(rootDirectory: string);
    getBucketPath(bucket: string): string;
    getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    putBucket(bucket: string): Promise<unknown>;
    existsObject(bucket: string, key: string): Promise<boolean>;
    initiateUpload(bucket: string, key: string, uploadId: string, metadata: Metadata): Promise<void>;
    putPart(bucket: string, uploadId: string, partNumber: string, content: Readable | Buffer): Promise<Written>;
    putContent(path: string, content: Readable | Buffer): Promise<[size: number, md5: string]>;
    putObject(object: S3Object): Promise<Written>;
    putObjectMultipart(bucket: string, uploadId: string, parts: Part[]): Promise<Written>;
    getObject(bucket: string, key: string, range?: { start?: number; end?: number }): Promise<S3Object | null>;
    copyObject(
      sourceBucket: string,
      sourceKey: string,
      bucket: string,
      key: string,
      replacementMetadata: Metadata | null,
    ): Promise<Metadata>;
    deleteObject(bucket: string, key: string): Promise<void>;
    listObjects(bucket: string, options: ListOptions): Promise<Listing>;
  }
}

declare module '@20minutes/s3rver/lib/models/object.js' {
  import type { Readable } from 'node:stream';

  /** Headers by lower-case name; those that are not stored with an object are dropped. */
  export type Metadata = Record<string, string | number | string[] | undefined>;

  export default class S3Object {
    constructor(bucket: string, key: string, content: Readable | Buffer | null, metadata: Metadata);
    bucket: string;
    key: string;
    content: Readable | Buffer;
    metadata: Metadata;
    /** The bytes that `content` holds, both inclusive, when the request asked for a range. */
    range?: { start: number; end: number };
  }
}

declare module '@20minutes/s3rver/lib/models/error.js' {
  /** An error with one of S3's codes, which decides the HTTP status. */
  export default class S3Error extends Error {
    constructor(code: string, message: string, detail?: Record<string, string | number>);
    status: number;
  }
}

declare module '@20minutes/s3rver/lib/models/account.js' {
  /** Whose every request is. */
  export const DUMMY_ACCOUNT: { createKeyPair(accessKeyId: string, secretAccessKey: string): void };
}
