import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { type LocalS3, startLocalS3 } from '../../../local/s3/server.ts';
import type { CreatedObject } from '../../../local/s3/store.ts';

export const Bucket = 'member-offers-test';

/** Keys that clients, URLs, XML and file systems each spell in their own way, or list in another order. */
export const ODD_KEYS = [
  'uploads/default/my file+1 (é).csv',
  'uploads/a&b<c>\'"#?%41;=,@$.csv',
  'uploads/日本語/%2B.csv',
  'uploads/a.csv',
  'uploads/a.csv.bak',
  'uploads/a.csv/inner.csv',
  'uploads/zz.csv',
];

/**
 * A local S3 for the tests of a file, or of a `describe`: opened before the first of them, and removed after the last.
 *
 * @param lasts whether each `test` has a new one instead
 */
export function useTestBucket(lasts: 'file' | 'test' = 'file'): TestBucket {
  const bucket = new TestBucket();
  const [before, after] = lasts === 'file' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(() => bucket.open());
  beforeEach(() => {
    bucket.events.length = 0;
  });
  after(() => bucket.remove());
  return bucket;
}

/** One that the test itself removes. @param directory of an earlier one; one of its own unless it is given */
export async function openTestBucket(directory?: string): Promise<TestBucket> {
  const bucket = new TestBucket();
  await bucket.open(directory);
  return bucket;
}

/** A local S3 in a directory, with a client and the events so far. */
export class TestBucket {
  readonly events: CreatedObject[] = [];
  #opened: { directory: string; s3: LocalS3; client: S3Client } | undefined;

  async open(given?: string): Promise<void> {
    const directory = given ?? (await mkdtemp(join(tmpdir(), 'local-s3-')));
    const onObjectCreated = (object: CreatedObject) => this.events.push(object);
    const s3 = await startLocalS3({ directory, port: 0, bucket: Bucket, onObjectCreated });
    const { endpoint, region, credentials } = s3;
    this.#opened = { directory, s3, client: new S3Client({ endpoint, region, credentials, maxAttempts: 1 }) };
  }

  get #open() {
    if (this.#opened === undefined) throw new Error('the bucket is not open');
    return this.#opened;
  }

  get directory(): string {
    return this.#open.directory;
  }

  get s3(): LocalS3 {
    return this.#open.s3;
  }

  get client(): S3Client {
    return this.#open.client;
  }

  put(Key: string, Body: PutObjectCommandInput['Body'], more?: Partial<PutObjectCommandInput>): Promise<unknown> {
    return this.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  }

  async get(Key: string): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  }

  head(Key: string): Promise<HeadObjectCommandOutput> {
    return this.client.send(new HeadObjectCommand({ Bucket, Key }));
  }

  async keys(Prefix?: string): Promise<(string | undefined)[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Contents.map((object) => object.Key);
  }

  /** Ends it; its objects are still there. */
  async stop(): Promise<void> {
    this.client.destroy();
    await this.s3.close();
  }

  /** Ends it and starts another with its objects. */
  async reopen(): Promise<void> {
    await this.stop();
    await this.open(this.directory);
  }

  /** Ends it and removes its objects. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true });
  }
}
