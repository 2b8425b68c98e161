import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Bucket, createTestBucket, type TestBucket } from './test-bucket.ts';

let bucket: TestBucket;
beforeEach(async () => {
  bucket = await createTestBucket();
});
afterEach(() => bucket.remove());

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
    const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    const part = { Bucket, Key: 'a', UploadId, PartNumber: 1 };
    const { ETag } = await bucket.client.send(new UploadPartCommand({ ...part, Body: 'parts' }));
    await bucket.put('a', 'quicker');
    const complete = { Bucket, Key: 'a', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    await expect(
      bucket.client.send(new CompleteMultipartUploadCommand({ ...complete, IfNoneMatch: '*' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await bucket.get('a')).toBe('quicker');
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
