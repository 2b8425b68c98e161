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
import type { ObjectCreated } from '../../../local/s3/store.ts';

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

/** A local S3 in a directory of its own, with a client and the events so far. */
export interface TestBucket {
  directory: string;
  s3: LocalS3;
  client: S3Client;
  events: ObjectCreated[];
  put(Key: string, Body: PutObjectCommandInput['Body'], more?: Partial<PutObjectCommandInput>): Promise<unknown>;
  get(Key: string): Promise<string>;
  head(Key: string): Promise<HeadObjectCommandOutput>;
  keys(Prefix?: string): Promise<(string | undefined)[]>;
  /** Ends it; its objects are still there. */
  stop(): Promise<void>;
  /** Ends it and removes its objects. */
  remove(): Promise<void>;
}

export async function createTestBucket(): Promise<TestBucket> {
  return openTestBucket(await mkdtemp(join(tmpdir(), 'local-s3-')));
}

export async function openTestBucket(directory: string): Promise<TestBucket> {
  const events: ObjectCreated[] = [];
  const onObjectCreated = (object: ObjectCreated) => events.push(object);
  const s3 = await startLocalS3({ directory, port: 0, bucket: Bucket, onObjectCreated });
  const { endpoint, region, credentials } = s3;
  const client = new S3Client({ endpoint, region, credentials, maxAttempts: 1 });
  const stop = async () => {
    client.destroy();
    await s3.close();
  };
  return {
    directory,
    s3,
    client,
    events,
    put: (Key, Body, more) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    async get(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    },
    head: (Key) => client.send(new HeadObjectCommand({ Bucket, Key })),
    async keys(Prefix) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
      return Contents.map((object) => object.Key);
    },
    stop,
    async remove() {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
