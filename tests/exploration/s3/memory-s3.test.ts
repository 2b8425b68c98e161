import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Bucket, ObjectMissingError } from '../../../lib/storage/bucket.ts';
import { clientOf } from './client.ts';
import { type Change, MemoryObjects } from './objects.ts';
import { MemoryRequests } from './requests.ts';

/** The time of everything here: 10:15:02.250 UTC. */
const TIME = Date.parse('2024-02-01T10:15:02.250Z');

function s3({ isVersioned = false } = {}) {
  const objects = new MemoryObjects(() => TIME, { isVersioned });
  const requests = new MemoryRequests(objects);
  const client = clientOf(async (commandName, input) => requests.answer(commandName, input));
  return { objects, client, bucket: new Bucket(client, 'offers') };
}

const BUCKET = 'offers';
const put = (Key: string, Body: string, conditions = {}) =>
  new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...conditions });

/** What an operation is refused with. */
async function refusalOf(sent: Promise<unknown>): Promise<string> {
  const error = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof S3ServiceException ? `${error.name} ${error.$metadata.httpStatusCode}` : String(error);
}

describe('S3 in memory, through the real client', () => {
  it('is read and listed through the bucket that the stages use', async () => {
    const { bucket, client } = s3();
    await bucket.writeJson('a/2.json', { two: 2 });
    await bucket.writeJson('a/1.json', { one: 1 });
    await bucket.writeText('b/1.txt', 'text', 'text/plain');
    expect(await bucket.list('a/')).toEqual(['a/1.json', 'a/2.json']);
    expect(await bucket.readJson('a/2.json', z.object({ two: z.number() }))).toEqual({ two: 2 });
    expect(await text((await bucket.read('b/1.txt')).chunks)).toBe('text');
    await client.send(new DeleteObjectCommand({ Bucket: 'offers', Key: 'a/1.json' }));
    expect(await bucket.exists('a/1.json')).toBe(false);
    await expect(bucket.read('a/1.json')).rejects.toThrow(ObjectMissingError);
    expect(await Array.fromAsync(bucket.objects('a/'))).toEqual([
      { key: 'a/2.json', etag: expect.any(String), modifiedAt: new Date('2024-02-01T10:15:02.000Z'), bytes: 9 },
    ]);
  });

  it('has the MD5 of the bytes as ETag, and metadata in lower case', async () => {
    const { client } = s3();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'abc', Metadata: { 'As-Of': 'today' } }));
    // RFC 1321, A.5: MD5 ("abc").
    expect(await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }))).toMatchObject({
      ETag: '"900150983cd24fb0d6963f7d28e17f72"',
      Metadata: { 'as-of': 'today' },
      ContentLength: 3,
    });
  });

  it('writes on condition', async () => {
    const { client, objects } = s3();
    const { ETag } = await client.send(put('a', '1', { IfNoneMatch: '*' }));
    expect(await refusalOf(client.send(put('a', '2', { IfNoneMatch: '*' })))).toBe('PreconditionFailed 412');
    await client.send(put('a', '3', { IfMatch: ETag }));
    expect(await refusalOf(client.send(put('a', '4', { IfMatch: ETag })))).toBe('PreconditionFailed 412');
    expect(await refusalOf(client.send(put('b', '5', { IfMatch: ETag })))).toBe('NoSuchKey 404');
    expect(objects.find('a')?.body.toString()).toBe('3');
  });

  it('copies on condition, and onto itself only when something is replaced', async () => {
    const { client, bucket } = s3();
    const { ETag } = await client.send(put('a', '1'));
    const copy = (options: object) =>
      client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'a', CopySource: 'offers/a', ...options }));
    expect(await refusalOf(copy({}))).toBe('InvalidRequest 400');
    expect(await refusalOf(copy({ MetadataDirective: 'REPLACE', CopySourceIfMatch: '"other"' }))).toBe(
      'PreconditionFailed 412',
    );
    await copy({ MetadataDirective: 'REPLACE', CopySourceIfMatch: ETag, Metadata: { again: 'yes' } });
    expect(await bucket.metadataIfThere('a')).toEqual({ again: 'yes' });
    await expect(bucket.storeAgain('c')).rejects.toThrow(ObjectMissingError);
  });

  it('puts large objects together, on condition, too', async () => {
    const { client, bucket, objects } = s3();
    const bytes = randomBytes(6 * 1024 * 1024);
    await bucket.writeStream('large', Readable.from([bytes]), 'text/plain');
    expect(objects.find('large')?.body.equals(bytes)).toBe(true);
    expect(objects.find('large')?.etag).toMatch(/^[0-9a-f]{32}-2$/);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'large' }));
    const part = { Bucket: BUCKET, Key: 'large', UploadId };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: 'small' }));
    const complete = (conditions: object) =>
      client.send(
        new CompleteMultipartUploadCommand({
          ...part,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
          ...conditions,
        }),
      );
    expect(await refusalOf(complete({ IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    await complete({ IfMatch: objects.find('large')?.etag });
    expect(objects.find('large')?.body.toString()).toBe('small');
  });

  it('lists page by page, in the order of the bytes, after a key', async () => {
    const { bucket, objects } = s3();
    for (let number = 0; number < 1001; number++) objects.put(`k/${number}`, Buffer.alloc(0), {});
    const all = (await Array.fromAsync(bucket.objects('k/'))).map(({ key }) => key);
    expect([all.length, all[0], all[1], all[2], all.at(-1)]).toEqual([1001, 'k/0', 'k/1', 'k/10', 'k/999']);
    expect((await bucket.list('k/')).length).toBe(1000);
    expect((await Array.fromAsync(bucket.objects('k/', 'k/998'))).map(({ key }) => key)).toEqual(['k/999']);
  });

  it('takes no key of more than 1,024 bytes', async () => {
    const { client } = s3();
    await client.send(put('ü'.repeat(512), ''));
    expect(await refusalOf(client.send(put(`${'ü'.repeat(512)}x`, '')))).toBe('KeyTooLongError 400');
  });

  it('keeps versions where it is set to', async () => {
    const { client } = s3({ isVersioned: true });
    const { VersionId } = await client.send(put('a', 'old'));
    await client.send(put('a', 'new'));
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const get = (version: object) => client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a', ...version }));
    expect(await refusalOf(get({}))).toBe('NoSuchKey 404');
    expect(await text((await get({ VersionId })).Body as Readable)).toBe('old');
    expect((await s3().client.send(put('a', ''))).VersionId).toBeUndefined();
  });

  it('tells of every change, and of no delete of what is not there', async () => {
    const { objects, bucket, client } = s3();
    const changes: Change[] = [];
    objects.onChange = (change) => void changes.push(change);
    await bucket.writeJson('a', 1);
    await bucket.storeAgain('a');
    await client.send(new DeleteObjectCommand({ Bucket: 'offers', Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'offers', Key: 'a' }));
    expect(changes.map(({ cause, key }) => `${cause} ${key}`)).toEqual(['Put a', 'Copy a', 'Delete a']);
    const [first, second] = changes.map(({ after }) => after?.sequencer ?? '');
    expect(first && second && first < second).toBe(true);
  });
});
