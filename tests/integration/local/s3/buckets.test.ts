import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';

const bucket = useTestBucket();
beforeAll(async () => {
  await bucket.put('a', 'x');
});

describe('a bucket', () => {
  it('is made, found, and deleted when nothing is in it', async () => {
    const { client } = bucket;
    const another = { Bucket: 'another-bucket' };
    await client.send(new CreateBucketCommand(another));
    // In this region one's own bucket may be made again: nothing happens.
    await client.send(new CreateBucketCommand(another));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, 'another-bucket']);
    expect(await client.send(new HeadBucketCommand(another))).toMatchObject({ BucketRegion: 'us-east-1' });
    await client.send(new DeleteBucketCommand(another));
    await expect(client.send(new HeadBucketCommand(another))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('tells what it is like', async () => {
    const { client } = bucket;
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    const { Owner, Grants } = await client.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants).toMatchObject([{ Grantee: { ID: Owner?.ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }]);
  });

  it.each([
    ['NoSuchBucketPolicy', new GetBucketPolicyCommand({ Bucket })],
    ['NoSuchCORSConfiguration', new GetBucketCorsCommand({ Bucket })],
    ['NoSuchLifecycleConfiguration', new GetBucketLifecycleConfigurationCommand({ Bucket })],
    ['NoSuchTagSet', new GetBucketTaggingCommand({ Bucket })],
    ['ServerSideEncryptionConfigurationNotFoundError', new GetBucketEncryptionCommand({ Bucket })],
    // What would be taken for something else: an object with a policy in it, the object itself.
    ['NotImplemented', new PutBucketPolicyCommand({ Bucket, Policy: '{}' })],
    ['NotImplemented', new GetObjectAttributesCommand({ Bucket, Key: 'a', ObjectAttributes: ['ETag'] })],
  ])('says what it has not: %s', async (name, command) => {
    // The client's type of a command differs with each.
    const sent: Promise<unknown> = bucket.client.send(command as GetBucketPolicyCommand);
    await expect(sent).rejects.toMatchObject({ name });
  });
});

describe('many objects at once', () => {
  const remove = (Objects: { Key: string; ETag?: string }[], Quiet?: boolean) =>
    bucket.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }));

  it('are deleted, each told of unless that is not wanted, and on condition', async () => {
    for (const key of ['b', 'c', 'd']) await bucket.put(key, 'x');
    const { Deleted, Errors } = await remove([{ Key: 'b' }, { Key: 'c', ETag: '"other"' }, { Key: 'not there' }]);
    expect(Deleted).toEqual([{ Key: 'b' }, { Key: 'not there' }]);
    expect(Errors).toMatchObject([{ Key: 'c', Code: 'PreconditionFailed' }]);
    expect((await remove([{ Key: 'd' }], true)).Deleted).toBeUndefined();
    expect(await bucket.keys()).toEqual(['a', 'c']);
  });

  it('are at most 1,000', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => ({ Key: `${index}` }));
    await expect(remove(keys)).rejects.toMatchObject({ name: 'MalformedXML' });
    expect((await remove(keys.slice(1))).Deleted).toHaveLength(1000);
  });
});
