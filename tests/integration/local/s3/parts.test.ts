import { randomBytes } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';
import { send, signed } from './sent.ts';

const MEGABYTE = 1024 * 1024;
const LARGE = randomBytes(5 * MEGABYTE);

const bucket = useTestBucket();
let Key = '';
let keys = 0;
beforeEach(() => {
  Key = `uploads/parts ${++keys}.csv`;
});

async function begin(more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId;
}

async function upload(UploadId: string | undefined, PartNumber: number, Body: Uint8Array | string) {
  const answer = await bucket.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  const { ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME } = answer;
  return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME };
}

function complete(UploadId: string | undefined, Parts: CompletedPart[]) {
  return bucket.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
}

async function stored() {
  const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('parts', () => {
  it('make the object in the order of their numbers, each as it was uploaded last', async () => {
    const id = await begin();
    const last = await upload(id, 7, 'the end');
    await upload(id, 3, 'not this');
    const first = await upload(id, 3, LARGE);
    await complete(id, [first, last]);
    expect((await stored()).equals(Buffer.concat([LARGE, Buffer.from('the end')]))).toBe(true);
  });

  it('that are not named are not part of it', async () => {
    const id = await begin();
    await upload(id, 1, LARGE);
    await complete(id, [await upload(id, 2, 'the second')]);
    expect((await stored()).toString()).toBe('the second');
  });

  it.each<[string, string, (parts: CompletedPart[]) => CompletedPart[]]>([
    ['in another order', 'InvalidPartOrder', (parts) => parts.toReversed()],
    ['named twice', 'InvalidPartOrder', ([first = {}]) => [first, first]],
    ['of another ETag', 'InvalidPart', ([first = {}]) => [{ ...first, ETag: '"9dd4e461268c8034f5c8564e155c67a6"' }]],
    ['that were not uploaded', 'InvalidPart', ([first = {}]) => [{ ...first, PartNumber: 3 }]],
    ['that are none at all', 'MalformedXML', () => []],
  ])('%s are refused with %s, and what was uploaded stays', async (_, name, wanted) => {
    const id = await begin();
    const parts = [await upload(id, 1, LARGE), await upload(id, 2, 'b')];
    await expect(complete(id, wanted(parts))).rejects.toMatchObject({ name });
    await complete(id, parts);
    expect((await stored()).length).toBe(LARGE.length + 1);
  });

  it('of less than 5 MiB are refused, but for the last', async () => {
    const id = await begin();
    const parts = [await upload(id, 1, LARGE.subarray(1)), await upload(id, 2, 'b')];
    await expect(complete(id, parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  });

  it.each([0, 10_001])('have no number %i', async (number) => {
    const id = await begin();
    await expect(upload(id, number, 'x')).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('belong to an upload, or are not taken for the whole object', async () => {
    const sent = { method: 'PUT', path: `/${Bucket}/whole?partNumber=1`, body: 'x' };
    expect(await send(bucket.s3.endpoint, await signed(bucket.client, bucket.s3.endpoint, sent))).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidArgument</Code>'),
    });
    expect(await bucket.keys('whole')).toEqual([]);
  });

  it('may be copied from other objects, or from ranges of them', async () => {
    const CopySource = `${Bucket}/${encodeURIComponent(`${Key} from`)}`;
    await bucket.put(`${Key} from`, '0123456789');
    const id = await begin();
    const copied = async (PartNumber: number, CopySourceRange?: string) => {
      const part = { Bucket, Key, UploadId: id, PartNumber, CopySource, CopySourceRange };
      const { CopyPartResult } = await bucket.client.send(new UploadPartCopyCommand(part));
      return { PartNumber, ETag: CopyPartResult?.ETag };
    };
    const first = await upload(id, 1, LARGE);
    await complete(id, [first, await copied(2, 'bytes=3-5')]);
    expect((await stored()).subarray(LARGE.length).toString()).toBe('345');
    await expect(copied(3, 'bytes=3-10')).rejects.toMatchObject({ name: 'NoSuchUpload' });
    const another = await begin();
    const tooFar = { Bucket, Key, UploadId: another, PartNumber: 1, CopySource, CopySourceRange: 'bytes=3-10' };
    await expect(bucket.client.send(new UploadPartCopyCommand(tooFar))).rejects.toMatchObject({
      name: 'InvalidRange',
    });
  });
});

describe('a completion', () => {
  it('may come twice, because its answer may get lost, and makes one object', async () => {
    const id = await begin();
    const parts = [await upload(id, 1, 'once')];
    const { ETag } = await complete(id, parts);
    expect((await complete(id, parts)).ETag).toBe(ETag);
    expect(bucket.events.filter((event) => event.key === Key)).toHaveLength(1);
  });

  it('twice at once makes one object', async () => {
    const id = await begin();
    const parts = [await upload(id, 1, LARGE)];
    const [one, other] = await Promise.all([complete(id, parts), complete(id, parts)]);
    expect(one.ETag).toBe(other.ETag);
    expect(bucket.events.filter((event) => event.key === Key)).toHaveLength(1);
    expect((await stored()).equals(LARGE)).toBe(true);
  });

  it.each(['&#34;', '&quot;', '"', ''])('may spell quotes as %j, as clients do', async (quote) => {
    const id = await begin();
    const { ETag } = await upload(id, 1, 'x');
    const etag = quote + ETag?.replaceAll('"', '') + quote;
    const part = `<Part>\n  <PartNumber>1</PartNumber><ETag>${etag}</ETag></Part>`;
    const sent = {
      method: 'POST',
      path: `/${Bucket}/${encodeURIComponent(Key)}?uploadId=${id}`,
      body: `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`,
    };
    expect(await send(bucket.s3.endpoint, await signed(bucket.client, bucket.s3.endpoint, sent))).toMatchObject({
      status: 200,
    });
    expect((await stored()).toString()).toBe('x');
  });

  it('of an upload of another key, or of none, is refused', async () => {
    const id = await begin();
    const parts = [await upload(id, 1, 'x')];
    Key = 'another';
    await expect(complete(id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(complete('../../x', parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

describe('an upload in parts that is under way', () => {
  it('is listed with its parts, page by page', async () => {
    const id = await begin();
    await upload(id, 1, 'a');
    await upload(id, 2, 'bc');
    const { Uploads } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
    expect(Uploads).toMatchObject([{ Key, UploadId: id }]);
    const list = (PartNumberMarker?: string) =>
      bucket.client.send(new ListPartsCommand({ Bucket, Key, UploadId: id, MaxParts: 1, PartNumberMarker }));
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 1 }] });
    expect(await list(first.NextPartNumberMarker)).toMatchObject({
      IsTruncated: false,
      Parts: [{ PartNumber: 2, Size: 2 }],
    });
  });
});

describe('a checksum of parts', () => {
  it('is that of their checksums', async () => {
    const id = await begin({ ChecksumAlgorithm: 'SHA256' });
    const part = { Bucket, Key, UploadId: id, PartNumber: 1, Body: 'abc', ChecksumAlgorithm: 'SHA256' as const };
    const { ETag, ChecksumSHA256 } = await bucket.client.send(new UploadPartCommand(part));
    // FIPS 180-2, B.1: SHA-256 of "abc".
    expect(ChecksumSHA256).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
    const done = await complete(id, [{ PartNumber: 1, ETag, ChecksumSHA256 }]);
    // printf abc | openssl dgst -sha256 -binary | openssl dgst -sha256 -binary | base64
    expect(done).toMatchObject({
      ChecksumSHA256: 'T4tCwi3TcptRm6b2jS2nzFstYG0F2u1a1RKMwD5sY1g=-1',
      ChecksumType: 'COMPOSITE',
    });
  });

  it('is that of the whole where that is wanted', async () => {
    const id = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    await complete(id, [await upload(id, 1, LARGE), await upload(id, 2, '123456789')]);
    const head = new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' });
    const { ChecksumCRC32, ChecksumType } = await bucket.client.send(head);
    expect(ChecksumType).toBe('FULL_OBJECT');
    expect(ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    // The client compares it with what it gets.
    const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect((await Body?.transformToByteArray())?.length).toBe(LARGE.length + 9);
  });

  it('that is another than it was uploaded with is refused', async () => {
    const id = await begin({ ChecksumAlgorithm: 'CRC32' });
    const part = await upload(id, 1, 'x');
    await expect(complete(id, [{ ...part, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject({ name: 'InvalidPart' });
  });
});
