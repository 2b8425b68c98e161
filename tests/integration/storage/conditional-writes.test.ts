import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { ObjectChangedError, type Seen } from '../../../lib/storage/condition.ts';
import { ObjectWriter } from '../../../lib/storage/object-writer.ts';
import { type Refusal, startS3Proxy } from '../harness/s3-proxy.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';

const MEGABYTE = 1024 * 1024;
const schema = z.object({ by: z.string() });

let refuse: (request: IncomingMessage) => Refusal | undefined;
const local = useTestBucket();
let proxy: Awaited<ReturnType<typeof startS3Proxy>>;
let client: S3Client;
let bucket: Bucket;
beforeAll(async () => {
  proxy = await startS3Proxy(local.s3, (request) => refuse(request));
  client = createClient();
  bucket = new Bucket(client, NAME);
});
afterAll(async () => {
  client.destroy();
  await proxy.close();
});
let key = '';
let keys = 0;
beforeEach(() => {
  refuse = () => undefined;
  keys += 1;
  key = `runs/${keys}/a file+1 (é).json`;
});

function createClient(): S3Client {
  const { region, credentials } = local.s3;
  return new S3Client({ endpoint: proxy.endpoint, region, credentials, forcePathStyle: true });
}

/** The ETag that the object has now. */
async function etagOf(): Promise<Seen> {
  const { ETag } = await local.client.send(new HeadObjectCommand({ Bucket: NAME, Key: key }));
  return ETag?.replaceAll('"', '');
}

/** Answers the first requests of a method as S3 does when they collide with others. */
function collide(method: string, times: number) {
  let left = times;
  refuse = (request) =>
    request.method === method && left-- > 0 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined;
}

/** More than one part, so that it does not go up in one request. */
const large = () => Readable.from(Array.from({ length: 6 }, () => Buffer.alloc(MEGABYTE, 'x')));

describe('replacing JSON', () => {
  it('writes what nobody else has written since it was read', async () => {
    await bucket.writeJson(key, { by: 'first' });
    const { value, seen } = await bucket.readJsonToReplace(key, schema);
    expect(value).toEqual({ by: 'first' });
    expect(await bucket.replaceJson(key, { by: 'second' }, seen)).toBe(true);
    expect(await bucket.readJson(key, schema)).toEqual({ by: 'second' });
  });

  it('leaves alone what another has written since', async () => {
    await bucket.writeJson(key, { by: 'first' });
    const { seen } = await bucket.readJsonToReplace(key, schema);
    await bucket.writeJson(key, { by: 'another' });
    expect(await bucket.replaceJson(key, { by: 'second' }, seen)).toBe(false);
    expect(await bucket.readJson(key, schema)).toEqual({ by: 'another' });
  });

  it('leaves deleted what another has deleted since', async () => {
    await bucket.writeJson(key, { by: 'first' });
    const { seen } = await bucket.readJsonToReplace(key, schema);
    await client.send(new DeleteObjectCommand({ Bucket: NAME, Key: key }));
    expect(await bucket.replaceJson(key, { by: 'second' }, seen)).toBe(false);
    expect(await bucket.exists(key)).toBe(false);
  });

  it('creates what was not there, unless another has created it since', async () => {
    const { value, seen } = await bucket.readJsonToReplace(key, schema);
    expect([value, seen]).toEqual([undefined, undefined]);
    expect(await bucket.replaceJson(key, { by: 'first' }, seen)).toBe(true);
    expect(await bucket.replaceJson(key, { by: 'second' }, seen)).toBe(false);
    expect(await bucket.readJson(key, schema)).toEqual({ by: 'first' });
  });

  it('loses nothing of what several add to it at once', async () => {
    const listSchema = z.array(z.number());
    const add = async (member: number): Promise<void> => {
      const { value = [], seen } = await bucket.readJsonToReplace(key, listSchema);
      if (!(await bucket.replaceJson(key, [...value, member], seen))) await add(member);
    };
    await Promise.all([1, 2, 3, 4, 5].map(add));
    expect((await bucket.readJson(key, listSchema)).toSorted()).toEqual([1, 2, 3, 4, 5]);
  });

  it('is tried again when it collides with another write', async () => {
    await bucket.writeJson(key, { by: 'first' });
    const seen = await etagOf();
    collide('PUT', 4);
    expect(await bucket.replaceJson(key, { by: 'second' }, seen)).toBe(true);
    expect(await bucket.readJson(key, schema)).toEqual({ by: 'second' });
  });

  it('fails when it collides again and again', async () => {
    collide('PUT', 5);
    await expect(bucket.replaceJson(key, { by: 'first' }, undefined)).rejects.toThrow('Please try again');
    expect(await bucket.exists(key)).toBe(false);
  });

  it('fails when there is no bucket, which does not pass for an object that was deleted', async () => {
    const none = new Bucket(client, 'no-such-bucket');
    await expect(none.replaceJson(key, { by: 'first' }, 'an-etag')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

it('JSON that is created keeps its metadata', async () => {
  expect(await bucket.createJson(key, { by: 'first' }, { members: '2' })).toBe(true);
  expect(await bucket.createJson(key, { by: 'second' }, { members: '3' })).toBe(false);
  expect(await bucket.metadataIfThere(key)).toEqual({ members: '2' });
});

const WRITES: [string, (seen: Seen) => Promise<void>][] = [
  ['a text', (seen) => bucket.writeText(key, 'mine', 'text/plain', { seen })],
  ['a stream', (seen) => bucket.writeStream(key, Readable.from(['mine']), 'text/plain', { seen })],
  ['a stream in parts', (seen) => bucket.writeStream(key, large(), 'text/plain', { seen })],
  [
    'an object written bit by bit',
    async (seen) => {
      const object = new ObjectWriter(bucket, key, 'text/plain', { seen });
      await object.write('mi');
      await object.write('ne');
      await object.close();
    },
  ],
];

/** Comparing megabytes with a pattern is more than the stack holds. */
function isWritten(text: string): boolean {
  return text === 'mine' || text === 'x'.repeat(6 * MEGABYTE);
}

describe.each(WRITES)('%s on condition', (_, write) => {
  it('is stored when the object is as it was seen', async () => {
    await bucket.writeText(key, 'old', 'text/plain');
    await write(await etagOf());
    expect(isWritten(await local.get(key))).toBe(true);
  });

  it('is stored when there was none and is none', async () => {
    await write(undefined);
    expect(isWritten(await local.get(key))).toBe(true);
  });

  it.each([
    ['has been written', 'old'],
    ['has been created', undefined],
  ])('is not stored when the object %s in the meantime', async (_change, before) => {
    if (before !== undefined) await bucket.writeText(key, before, 'text/plain');
    const seen = before === undefined ? undefined : await etagOf();
    await bucket.writeText(key, 'of another', 'text/plain');
    const writing = write(seen);
    await expect(writing).rejects.toThrow(ObjectChangedError);
    await expect(writing).rejects.toThrow(`s3://${NAME}/${key} has been written by another in the meantime`);
    expect(await local.get(key)).toBe('of another');
  });

  it('is not stored when the object has been deleted in the meantime', async () => {
    await bucket.writeText(key, 'old', 'text/plain');
    const seen = await etagOf();
    await client.send(new DeleteObjectCommand({ Bucket: NAME, Key: key }));
    await expect(write(seen)).rejects.toThrow(ObjectChangedError);
    expect(await bucket.exists(key)).toBe(false);
  });
});

describe('a stream on condition', () => {
  it('is looked at when it has ended, so that who ends first wins', async () => {
    const [early, late] = [1, 2].map(() => new ObjectWriter(bucket, key, 'text/plain', { seen: undefined }));
    await late?.write('late');
    await early?.write('early');
    await early?.close();
    await expect(late?.close()).rejects.toThrow(ObjectChangedError);
    expect(await local.get(key)).toBe('early');
  });

  it('fails with what S3 says when the write collides, because it cannot be read again', async () => {
    collide('PUT', 1);
    const writing = bucket.writeStream(key, Readable.from(['mine']), 'text/plain', { seen: undefined });
    await expect(writing).rejects.toThrow('Please try again');
    expect(await bucket.exists(key)).toBe(false);
  });
});

describe('text and streams without a condition', () => {
  it('are stored over whatever there is', async () => {
    await bucket.writeText(key, 'first', 'text/plain');
    await bucket.writeText(key, 'second', 'text/plain');
    expect(await local.get(key)).toBe('second');
    await bucket.writeStream(key, Readable.from(['third']), 'text/plain');
    expect(await local.get(key)).toBe('third');
  });
});

describe('storing again', () => {
  const copies = () => local.events.filter((event) => event.key === key && event.cause === 'Copy');

  it('raises an event and leaves content, type and metadata as they are', async () => {
    await bucket.createJson(key, { by: 'first' }, { members: '2' });
    await bucket.storeAgain(key, await etagOf());
    await bucket.storeAgain(key);
    expect(copies()).toHaveLength(2);
    const { chunks, metadata } = await bucket.read(key);
    expect(Buffer.concat(await chunks.toArray()).toString()).toBe('{"by":"first"}');
    expect(metadata).toEqual({ members: '2' });
    const head = await local.client.send(new HeadObjectCommand({ Bucket: NAME, Key: key }));
    expect(head.ContentType).toBe('application/json');
  });

  it('does not touch an object that has another ETag than the one that is meant', async () => {
    await bucket.writeJson(key, { by: 'first' });
    const seen = await etagOf();
    await bucket.writeJson(key, { by: 'another' });
    await expect(bucket.storeAgain(key, seen)).rejects.toThrow(new ObjectChangedError(NAME, key));
    expect(copies()).toEqual([]);
  });

  it('does not put the old object over one that is written while it is looked at', async () => {
    await bucket.writeJson(key, { by: 'first' });
    const slow = createClient();
    slow.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'CopyObjectCommand') await bucket.writeJson(key, { by: 'another' });
          return next(args);
        },
      { step: 'initialize' },
    );
    await expect(new Bucket(slow, NAME).storeAgain(key)).rejects.toThrow(ObjectChangedError);
    slow.destroy();
    expect(await bucket.readJson(key, schema)).toEqual({ by: 'another' });
    expect(copies()).toEqual([]);
  });

  it('is tried again when it collides with another write', async () => {
    await bucket.writeJson(key, { by: 'first' });
    collide('PUT', 2);
    await bucket.storeAgain(key);
    expect(copies()).toHaveLength(1);
  });

  it('fails when there is no such object', async () => {
    await expect(bucket.storeAgain(key, 'an-etag')).rejects.toThrow(`s3://${NAME}/${key} does not exist`);
  });
});
