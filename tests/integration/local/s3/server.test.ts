import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { startLocalS3 } from '../../../../local/s3/server.ts';
import { Bucket, ODD_KEYS, useTestBucket } from '../../harness/test-bucket.ts';

const bucket = useTestBucket('test');

describe('a listing', () => {
  it('is in the order of the keys, page by page', async () => {
    await Promise.all(ODD_KEYS.map((key) => bucket.put(key, 'x')));
    const listed: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2(
      { client: bucket.client, pageSize: 2 },
      { Bucket, Prefix: 'uploads/' },
    )) {
      expect(page.Contents?.length).toBeLessThanOrEqual(2);
      listed.push(...(page.Contents ?? []).map((object) => object.Key));
    }
    expect(listed).toEqual(ODD_KEYS.toSorted());
  });

  it('groups keys by a delimiter', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c/d/3']) await bucket.put(key, 'x');
    const listing = await bucket.client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(listing.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'c/' }]);
    expect(listing.Contents?.map((object) => object.Key)).toEqual(['b']);
  });

  it('does not hold what was deleted', async () => {
    await bucket.put('a/b/c', 'x');
    await bucket.client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b/c' }));
    expect(await bucket.keys()).toEqual([]);
    await bucket.put('a', 'x');
    expect(await bucket.keys()).toEqual(['a']);
  });
});

describe('a download', () => {
  it('may be of a range', async () => {
    await bucket.put('a', '0123456789');
    const ranges = ['bytes=0-0', 'bytes=3-5', 'bytes=8-'];
    const parts = ranges.map(async (Range) => {
      const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket, Key: 'a', Range }));
      return Body?.transformToString();
    });
    expect(await Promise.all(parts)).toEqual(['0', '345', '89']);
  });
});

describe('local S3', () => {
  it('keeps its objects when it is started again', async () => {
    await bucket.put('a.csv', 'x', { Metadata: { 'as-of': '2024-01-31' } });
    await bucket.reopen();
    const stored = await bucket.client.send(new GetObjectCommand({ Bucket, Key: 'a.csv' }));
    expect(await stored.Body?.transformToString()).toBe('x');
    expect(stored.Metadata).toEqual({ 'as-of': '2024-01-31' });
  });

  it('puts an object of its own accord only where there is none', async () => {
    await bucket.put('a', 'theirs');
    expect(await bucket.s3.createIfAbsent('a', () => Readable.from(['ours']))).toBe(false);
    expect(await bucket.s3.createIfAbsent('b', () => Readable.from(['ours']))).toBe(true);
    expect(await bucket.get('a')).toBe('theirs');
    expect(await bucket.get('b')).toBe('ours');
  });

  it('puts no object of its own accord where one has come meanwhile', async () => {
    const slow = async function* () {
      await bucket.put('a', 'theirs');
      yield 'ours';
    };
    expect(await bucket.s3.createIfAbsent('a', () => Readable.from(slow()))).toBe(false);
    expect(await bucket.get('a')).toBe('theirs');
  });

  it('says which port it cannot have', async () => {
    const port = Number(new URL(bucket.s3.endpoint).port);
    const taken = startLocalS3({ directory: join(bucket.directory, 'other'), port, bucket: Bucket });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
