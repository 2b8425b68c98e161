import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { jest } from '@jest/globals';
import { Bucket, ODD_KEYS, useTestBucket } from '../../harness/test-bucket.ts';
import { signed } from './sent.ts';

const MEGABYTE = 1024 * 1024;

const bucket = useTestBucket('test');

/** Begins a PUT of 20 bytes and sends 10 of them. */
async function beginPut(key: string) {
  const { endpoint } = bucket.s3;
  const { headers } = await signed(bucket.client, endpoint, {
    method: 'PUT',
    path: `/${Bucket}/${key}`,
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  });
  const sending = request(`${endpoint}/${Bucket}/${key}`, {
    method: 'PUT',
    headers: { ...headers, 'content-length': 20 },
  });
  sending.on('error', () => {});
  await new Promise((resolve) => sending.write('0123456789', resolve));
  return sending;
}

/** Asks for the bucket's keys until there is an answer, so that what was sent before has arrived. */
async function afterARoundTrip() {
  for (let turn = 0; turn < 5; turn++) await bucket.keys();
}

describe('an upload', () => {
  it.each(ODD_KEYS)('comes back under its key: %s', async (key) => {
    await bucket.put(key, `content of ${key}`);
    expect(await bucket.get(key)).toBe(`content of ${key}`);
    expect(await bucket.keys()).toEqual([key]);
    expect(await bucket.keys(key.slice(0, -2))).toEqual([key]);
    expect(bucket.events.map((event) => event.key)).toEqual([key]);
  });

  it('raises one event with key, size and the ETag that GET and HEAD give', async () => {
    await bucket.put('uploads/a.csv', 'x');
    const { ETag } = await bucket.client.send(new HeadObjectCommand({ Bucket, Key: 'uploads/a.csv' }));
    // The MD5 of "x".
    expect(ETag).toBe('"9dd4e461268c8034f5c8564e155c67a6"');
    expect(bucket.events).toEqual([
      {
        bucket: Bucket,
        key: 'uploads/a.csv',
        size: 1,
        etag: '9dd4e461268c8034f5c8564e155c67a6',
        cause: 'Put',
        sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        createdAt: expect.any(Date),
      },
    ]);
  });

  it('may be a stream, which clients send in chunks with a checksum behind them', async () => {
    const content = randomBytes(MEGABYTE);
    const metadata = { Metadata: { 'as-of': '2024-01-31' }, ContentEncoding: 'gzip' };
    await bucket.put('stream.bin', Readable.from([content]), { ContentLength: content.length, ...metadata });
    const stored = await bucket.client.send(new GetObjectCommand({ Bucket, Key: 'stream.bin' }));
    expect(Buffer.from((await stored.Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
    expect(stored).toMatchObject(metadata);
    expect(bucket.events).toMatchObject([{ size: MEGABYTE, etag: stored.ETag?.replaceAll('"', '') }]);
  });

  it('may come in parts, and is one object with one event when it is complete', async () => {
    const content = randomBytes(11 * MEGABYTE);
    const params = { Bucket, Key: 'uploads/big file.csv', Body: Readable.from([content]), Metadata: { 'as-of': 'x' } };
    await new Upload({ client: bucket.client, params }).done();
    const stored = await bucket.client.send(new GetObjectCommand({ Bucket, Key: 'uploads/big file.csv' }));
    expect(Buffer.from((await stored.Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
    expect(stored.Metadata).toEqual({ 'as-of': 'x' });
    expect(stored.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(bucket.events).toMatchObject([
      {
        key: 'uploads/big file.csv',
        size: 11 * MEGABYTE,
        cause: 'CompleteMultipartUpload',
        etag: stored.ETag?.replaceAll('"', ''),
      },
    ]);
    expect(await bucket.keys()).toEqual(['uploads/big file.csv']);
  });

  it('may be empty', async () => {
    await bucket.put('empty', '', { ContentLength: 0 });
    expect(await bucket.get('empty')).toBe('');
    expect(bucket.events).toMatchObject([{ size: 0, etag: 'd41d8cd98f00b204e9800998ecf8427e' }]);
  });

  it('is not there until it is complete', async () => {
    const sending = await beginPut('slow.csv');
    await afterARoundTrip();
    expect(await bucket.keys()).toEqual([]);
    await expect(bucket.get('slow.csv')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const answered = new Promise((resolve) => sending.on('response', (response) => resolve(buffer(response))));
    sending.end('0123456789');
    await answered;
    expect(await bucket.get('slow.csv')).toBe('01234567890123456789');
  });

  it('leaves what was there as it is when it breaks off', async () => {
    const logged = jest.spyOn(console, 'error');
    await bucket.put('a.csv', 'old');
    const sending = await beginPut('a.csv');
    await afterARoundTrip();
    sending.destroy();
    await afterARoundTrip();
    expect(await bucket.get('a.csv')).toBe('old');
    expect(bucket.events).toHaveLength(1);
    expect(await readdir(join(bucket.directory, 'bodies'))).toHaveLength(1);
    expect(logged).not.toHaveBeenCalled();
  });

  it('of a key again replaces the object under readers who keep the old one', async () => {
    const old = 'a'.repeat(32 * MEGABYTE);
    await bucket.put('a.csv', old);
    const reading = await bucket.client.send(new GetObjectCommand({ Bucket, Key: 'a.csv' }));
    await bucket.put('a.csv', 'new');
    expect(await reading.Body?.transformToString()).toBe(old);
    expect(await bucket.get('a.csv')).toBe('new');
  });
});

describe('events', () => {
  it('have sequencers in the order of the writes', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => bucket.put(`batches/${index}`, 'x')));
    const sequencers = bucket.events.map((event) => event.sequencer);
    expect(sequencers).toEqual(sequencers.toSorted());
    expect(new Set(sequencers).size).toBe(20);
  });

  it('tell of copies, also of and to odd keys', async () => {
    await bucket.put('uploads/my file+1 (é)%2B.csv', 'x');
    const CopySource = `${Bucket}/${encodeURIComponent('uploads/my file+1 (é)%2B.csv')}`;
    await bucket.client.send(new CopyObjectCommand({ Bucket, Key: 'uploads/copy+1 (é).csv', CopySource }));
    expect(await bucket.get('uploads/copy+1 (é).csv')).toBe('x');
    expect(bucket.events[1]).toMatchObject({
      key: 'uploads/copy+1 (é).csv',
      size: 1,
      cause: 'Copy',
      etag: '9dd4e461268c8034f5c8564e155c67a6',
    });
  });
});

describe('a copy', () => {
  const copy = (Key: string) =>
    bucket.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/from` }));
  const md5 = (content: string) => `"${createHash('md5').update(content).digest('hex')}"`;

  it('has the MD5 of its content as ETag, also of an object that came in parts', async () => {
    const content = 'x'.repeat(6 * MEGABYTE);
    const params = { Bucket, Key: 'from', Body: Readable.from([Buffer.from(content)]) };
    await new Upload({ client: bucket.client, params }).done();
    const { CopyObjectResult } = await copy('to');
    expect(CopyObjectResult?.ETag).toBe(md5(content));
    expect(bucket.events.at(-1)).toMatchObject({
      cause: 'Copy',
      size: content.length,
      etag: md5(content).slice(1, -1),
    });
    expect(await bucket.get('to')).toBe(content);
  });

  it('may be of an object without content', async () => {
    await bucket.put('from', '', { ContentLength: 0 });
    await copy('to');
    expect(await bucket.get('to')).toBe('');
  });
});
