import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';
import { presigned, send } from './sent.ts';

const bucket = useTestBucket('test');
beforeEach(() => version('Enabled'));

function version(Status: 'Enabled' | 'Suspended') {
  const command = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
  return bucket.client.send(command);
}

async function read(Key: string, VersionId?: string) {
  const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body?.transformToString();
}

function remove(Key: string, VersionId?: string) {
  return bucket.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
}

describe('a bucket with versions', () => {
  it('keeps what is overwritten, and tells of each version', async () => {
    await bucket.put('a', 'first');
    await bucket.put('a', 'second');
    const [first, second] = bucket.events.map((event) => event.versionId);
    expect([await read('a'), await read('a', first), await read('a', second)]).toEqual(['second', 'first', 'second']);
    const CopySource = `${Bucket}/a?versionId=${first}`;
    await bucket.client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource }));
    expect(await read('b')).toBe('first');
  });

  it('hides what is deleted until the mark of that is deleted', async () => {
    await bucket.put('a', 'x');
    const { DeleteMarker, VersionId } = await remove('a');
    expect(DeleteMarker).toBe(true);
    await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(read('a', VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    expect(await bucket.keys()).toEqual([]);
    await remove('a', VersionId);
    expect(await read('a')).toBe('x');
    await expect(read('a', 'another')).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it.each(['', 'a\nb', '版'])('has no version %j, and can go on', async (VersionId) => {
    await bucket.put('a', 'x');
    const address = `/${Bucket}/a?versionId=${encodeURIComponent(VersionId)}`;
    const path = await presigned(bucket.client, bucket.s3.endpoint, { method: 'DELETE', path: address });
    expect(await send(bucket.s3.endpoint, { method: 'DELETE', path })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidArgument</Code>'),
    });
    expect(await read('a')).toBe('x');
  });

  it('lists versions by key, the newest of each first, page by page', async () => {
    await bucket.put('b', '1');
    await bucket.put('a', '22');
    await bucket.put('a', '333');
    await remove('b');
    const list = (more: object) => bucket.client.send(new ListObjectVersionsCommand({ Bucket, ...more }));
    const { Versions, DeleteMarkers } = await list({});
    expect(Versions?.map(({ Key, Size, IsLatest }) => [Key, Size, IsLatest])).toEqual([
      ['a', 3, true],
      ['a', 2, false],
      ['b', 1, false],
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'b', IsLatest: true }]);
    const first = await list({ MaxKeys: 1 });
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
    const second = await list({ MaxKeys: 2, KeyMarker, VersionIdMarker });
    expect(second).toMatchObject({ Versions: [{ Key: 'a', Size: 2 }], DeleteMarkers: [{ Key: 'b' }] });
  });

  it('is emptied page by page, though what a page ended with is gone when the next is asked for', async () => {
    await bucket.put('a', 'before');
    await version('Suspended');
    await bucket.put('a', 'null');
    await version('Enabled');
    for (const content of ['1', '2', '3']) await bucket.put('a', content);
    let markers: object | undefined = {};
    while (markers !== undefined) {
      const command = new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...markers });
      const page: ListObjectVersionsCommandOutput = await bucket.client.send(command);
      for (const { Key = '', VersionId } of page.Versions ?? []) await remove(Key, VersionId);
      const { IsTruncated, NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      markers = IsTruncated ? { KeyMarker, VersionIdMarker } : undefined;
    }
    expect((await bucket.client.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined();
  });

  it('lists what comes behind the version that was stored without an id', async () => {
    await bucket.put('a', 'before');
    await version('Suspended');
    await bucket.put('a', 'null');
    const after = new ListObjectVersionsCommand({ Bucket, KeyMarker: 'a', VersionIdMarker: 'null' });
    expect((await bucket.client.send(after)).Versions).toMatchObject([{ Size: 6 }]);
  });

  it('in which versions are suspended notes a delete, also of what was stored since', async () => {
    await version('Suspended');
    await bucket.put('a', 'x');
    expect(await remove('a')).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    const { Versions, DeleteMarkers } = await bucket.client.send(new ListObjectVersionsCommand({ Bucket }));
    expect({ Versions, DeleteMarkers }).toMatchObject({ Versions: undefined, DeleteMarkers: [{ VersionId: 'null' }] });
  });

  it('in which versions are suspended replaces only what it stores from then on', async () => {
    await bucket.put('a', 'kept');
    const kept = bucket.events[0]?.versionId;
    await version('Suspended');
    await bucket.put('a', 'replaced');
    await bucket.put('a', 'last');
    await remove('a');
    await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await read('a', kept)).toBe('kept');
  });

  it('is the same when the server is started again', async () => {
    await bucket.put('a', 'first');
    await bucket.put('a', 'second');
    await bucket.put('b', 'x');
    await remove('b');
    const first = bucket.events[0]?.versionId;
    await bucket.reopen();
    expect([await read('a'), await read('a', first)]).toEqual(['second', 'first']);
    expect(await bucket.keys()).toEqual(['a']);
    const { Status } = await bucket.client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBe('Enabled');
    await bucket.put('a', 'third');
    expect(await read('a')).toBe('third');
  });
});
