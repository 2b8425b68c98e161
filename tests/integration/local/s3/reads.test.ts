import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';

const MEGABYTE = 1024 * 1024;

/** The MD5 of "0123456789". */
const ETAG = '"781e5e245d69b566979b86e28d23f2c7"';
const HOUR_MS = 3_600_000;

const bucket = useTestBucket();
beforeAll(async () => {
  await bucket.put('digits', '0123456789', { ContentType: 'text/plain', CacheControl: 'max-age=60' });
  await bucket.put('empty', '', { ContentLength: 0 });
});

async function read(more: Partial<GetObjectCommandInput>) {
  const answer = await bucket.client.send(new GetObjectCommand({ Bucket, Key: 'digits', ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
}

describe('a range', () => {
  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=3-5', '345', 'bytes 3-5/10'],
    ['bytes=8-', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=-7', '3456789', 'bytes 3-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('%s gives %s', async (Range, text, ContentRange) => {
    const answer = await read({ Range });
    expect(answer).toMatchObject({ text, ContentRange, ContentLength: text.length, ETag: ETAG, AcceptRanges: 'bytes' });
    expect(answer.$metadata.httpStatusCode).toBe(206);
  });

  it.each(['bytes=10-', 'bytes=100-200', 'bytes=-0'])(
    '%s, of which there is nothing, is answered by 416',
    async (Range) => {
      await expect(read({ Range })).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
    },
  );

  it('of an empty object is answered by 416', async () => {
    await expect(read({ Key: 'empty', Range: 'bytes=0-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it.each(['bytes=5-3', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-'])('%s means all, as with S3', async (Range) => {
    expect(await read({ Range })).toMatchObject({ text: '0123456789', $metadata: { httpStatusCode: 200 } });
  });

  it('is told of without its bytes, too', async () => {
    const { ContentLength, ContentRange } = await bucket.client.send(
      new HeadObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=-2' }),
    );
    expect({ ContentLength, ContentRange }).toEqual({ ContentLength: 2, ContentRange: 'bytes 8-9/10' });
  });
});

describe('a read on condition', () => {
  const anHourAgo = () => new Date(Date.now() - HOUR_MS);
  const inAnHour = () => new Date(Date.now() + HOUR_MS);

  it.each<[string, () => Partial<GetObjectCommandInput>]>([
    ['its ETag', () => ({ IfMatch: ETAG })],
    ['its ETag among others', () => ({ IfMatch: `"x", ${ETAG}` })],
    ['any ETag', () => ({ IfMatch: '*' })],
    ['another ETag than it has', () => ({ IfNoneMatch: '"x"' })],
    ['a change since an hour ago', () => ({ IfModifiedSince: anHourAgo() })],
    ['no change from now on', () => ({ IfUnmodifiedSince: inAnHour() })],
    // The ETag decides: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    ['its ETag, although it was changed since', () => ({ IfMatch: ETAG, IfUnmodifiedSince: anHourAgo() })],
  ])('%s is answered', async (_, conditions) => {
    expect((await read(conditions())).text).toBe('0123456789');
  });

  it.each<[string, () => Partial<GetObjectCommandInput>]>([
    ['another ETag', () => ({ IfMatch: '"x"' })],
    ['no change since an hour ago', () => ({ IfUnmodifiedSince: anHourAgo() })],
  ])('%s is refused by 412', async (_, conditions) => {
    const refused = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    await expect(read(conditions())).rejects.toMatchObject(refused);
  });

  it.each<[string, () => Partial<GetObjectCommandInput>]>([
    ['unless it has its ETag', () => ({ IfNoneMatch: ETAG })],
    ['a change from now on', () => ({ IfModifiedSince: inAnHour() })],
    ['unless it has its ETag, although it was changed', () => ({ IfNoneMatch: ETAG, IfModifiedSince: anHourAgo() })],
  ])('%s is answered by 304 with the ETag', async (_, conditions) => {
    const error = await read(conditions()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 304 }, $response: { headers: { etag: ETAG } } });
  });
});

describe('a read', () => {
  it('tells what was stored with it', async () => {
    expect(await read({})).toMatchObject({ ContentType: 'text/plain', CacheControl: 'max-age=60', ETag: ETAG });
    expect((await read({ Key: 'empty' })).ContentLength).toBe(0);
  });

  it('answers other headers where a client asks for them', async () => {
    const wanted = { ResponseContentType: 'text/csv', ResponseContentDisposition: 'attachment; filename="d.csv"' };
    expect(await read(wanted)).toMatchObject({
      ContentType: 'text/csv',
      ContentDisposition: 'attachment; filename="d.csv"',
    });
  });

  it('answers such a header also when it is not ASCII', async () => {
    const ResponseContentDisposition = 'attachment; filename="é.csv"';
    expect((await read({ ResponseContentDisposition })).ContentDisposition).toBe(ResponseContentDisposition);
  });

  it.each(['中.csv', 'a\r\nSet-Cookie: b'])('refuses a header that HTTP cannot carry, as S3 does: %j', async (name) => {
    await expect(read({ ResponseContentDisposition: name })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'response-content-disposition',
    });
  });

  it('may be of one part of what came in parts', async () => {
    const Key = 'parts';
    const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts = await Promise.all(
      ['a'.repeat(5 * MEGABYTE), 'the end'].map(async (Body, index) => {
        const part = { Bucket, Key, UploadId, PartNumber: index + 1, Body };
        const { ETag } = await bucket.client.send(new UploadPartCommand(part));
        return { PartNumber: index + 1, ETag };
      }),
    );
    await bucket.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    expect(await read({ Key, PartNumber: 2 })).toMatchObject({
      text: 'the end',
      PartsCount: 2,
      ContentRange: `bytes ${5 * MEGABYTE}-${5 * MEGABYTE + 6}/${5 * MEGABYTE + 7}`,
    });
    await expect(read({ Key, PartNumber: 3 })).rejects.toMatchObject({ name: 'InvalidPartNumber' });
    expect((await read({ PartNumber: 1 })).text).toBe('0123456789');
  });
});
