import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';

const bucket = useTestBucket('test');

/** The ETag of an object that holds "x": its MD5. */
const X = '9dd4e461268c8034f5c8564e155c67a6';

/** Uploads an object of one part. @returns what completes it, on conditions */
async function uploadInParts(Key: string) {
  const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const part = { Bucket, Key, UploadId, PartNumber: 1 };
  const { ETag } = await bucket.client.send(new UploadPartCommand({ ...part, Body: 'parts' }));
  const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  return (conditions: Partial<CompleteMultipartUploadCommandInput>) =>
    bucket.client.send(new CompleteMultipartUploadCommand({ ...complete, ...conditions }));
}

/** Copies the object `from`. */
function copy(Key: string, conditions: Partial<CopyObjectCommandInput>) {
  return bucket.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/from`, ...conditions }));
}

describe('If-None-Match: *', () => {
  it('lets a first write through and refuses a second with 412', async () => {
    await bucket.put('completed/run.json', 'first', { IfNoneMatch: '*' });
    await expect(bucket.put('completed/run.json', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await bucket.get('completed/run.json')).toBe('first');
    expect(bucket.events).toHaveLength(1);
  });

  it('lets one of many writes at once win', async () => {
    const writes = Array.from({ length: 10 }, (_, index) =>
      bucket.put('completed/run.json', `writer ${index}`, { IfNoneMatch: '*' }),
    );
    const outcomes = await Promise.allSettled(writes);
    const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await bucket.get('completed/run.json')).toBe(`writer ${winner}`);
    expect(bucket.events).toHaveLength(1);
  });

  it('holds for uploads in parts too', async () => {
    const complete = await uploadInParts('a');
    await bucket.put('a', 'quicker');
    await expect(complete({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await bucket.get('a')).toBe('quicker');
  });

  it('is refused with an ETag, as S3 does', async () => {
    await expect(bucket.put('a', 'x', { IfNoneMatch: X })).rejects.toMatchObject({ name: 'NotImplemented' });
    expect(await bucket.keys()).toEqual([]);
  });
});

describe('If-Match', () => {
  it.each([X, `"${X}"`])('lets a write through when the object has the ETag: %s', async (IfMatch) => {
    await bucket.put('a', 'x');
    await bucket.put('a', 'second', { IfMatch });
    expect(await bucket.get('a')).toBe('second');
    expect(bucket.events).toHaveLength(2);
  });

  it('refuses a write with 412 when the object has another', async () => {
    await bucket.put('a', 'another');
    await expect(bucket.put('a', 'second', { IfMatch: X })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await bucket.get('a')).toBe('another');
    expect(bucket.events).toHaveLength(1);
    // Of what was sent nothing is kept either: the one file is that of the object that is there.
    expect(await readdir(join(bucket.directory, 'bodies'))).toHaveLength(1);
  });

  it('refuses a write with 404 when there is no object', async () => {
    await expect(bucket.put('a', 'second', { IfMatch: X })).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
    expect(await bucket.keys()).toEqual([]);
    expect(bucket.events).toEqual([]);
  });

  it('lets one of many writes at once win', async () => {
    await bucket.put('a', 'x');
    const writes = Array.from({ length: 10 }, (_, index) => bucket.put('a', `writer ${index}`, { IfMatch: X }));
    const outcomes = await Promise.allSettled(writes);
    const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await bucket.get('a')).toBe(`writer ${winner}`);
    expect(bucket.events).toHaveLength(2);
  });

  it('holds for uploads in parts when they are completed', async () => {
    await bucket.put('a', 'x');
    const complete = await uploadInParts('a');
    await bucket.put('a', 'quicker');
    await expect(complete({ IfMatch: X })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await bucket.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await expect(complete({ IfMatch: X })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await bucket.put('a', 'x');
    await complete({ IfMatch: X });
    expect(await bucket.get('a')).toBe('parts');
  });

  it('holds for copies over an object', async () => {
    await bucket.put('from', 'copied');
    await bucket.put('to', 'another');
    await expect(copy('to', { IfMatch: X })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await bucket.get('to')).toBe('another');
    await bucket.put('to', 'x');
    await copy('to', { IfMatch: X });
    expect(await bucket.get('to')).toBe('copied');
  });

  it('is refused together with If-None-Match, instead of being read as something else', async () => {
    const both = bucket.put('a', 'second', { IfMatch: X, IfNoneMatch: '*' });
    await expect(both).rejects.toMatchObject({ name: 'NotImplemented' });
    expect(await bucket.keys()).toEqual([]);
  });

  it('with * lets a write through when there is any object, and no other', async () => {
    await expect(bucket.put('a', 'first', { IfMatch: '*' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await bucket.put('a', 'x');
    await bucket.put('a', 'second', { IfMatch: '*' });
    expect(await bucket.get('a')).toBe('second');
  });

  it('holds for deletes', async () => {
    await bucket.put('a', 'another');
    const remove = (IfMatch: string) => bucket.client.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch }));
    await expect(remove(X)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await bucket.keys()).toEqual(['a']);
    await bucket.put('a', 'x');
    await remove(X);
    expect(await bucket.keys()).toEqual([]);
  });
});

describe('x-amz-copy-source-if-match', () => {
  it.each([X, `"${X}"`])('lets a copy through when the source has the ETag: %s', async (CopySourceIfMatch) => {
    await bucket.put('from', 'x');
    await copy('to', { CopySourceIfMatch });
    expect(await bucket.get('to')).toBe('x');
  });

  it('refuses a copy with 412 when the source has another', async () => {
    await bucket.put('from', 'another');
    await expect(copy('to', { CopySourceIfMatch: X })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await bucket.keys()).toEqual(['from']);
    expect(bucket.events).toHaveLength(1);
  });
});

describe('an upload in parts', () => {
  it('is gone after it was aborted', async () => {
    const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    await bucket.client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId }));
    const complete = { Bucket, Key: 'a', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"x"' }] } };
    await expect(bucket.client.send(new CompleteMultipartUploadCommand(complete))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('is refused when a part is missing', async () => {
    const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    const complete = { Bucket, Key: 'a', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"x"' }] } };
    await expect(bucket.client.send(new CompleteMultipartUploadCommand(complete))).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    expect(await bucket.keys()).toEqual([]);
  });
});
