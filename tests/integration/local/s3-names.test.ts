import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { type Sent, send, signed } from './sent.ts';
import { Bucket, openTestBucket, type TestBucket } from './test-bucket.ts';

let directory: string;
let bucket: TestBucket;
let before: string[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-s3-names-'));
  // Deep enough for what leaves the bucket to be in the directory still.
  const stack = join(directory, 'a/b/c');
  await mkdir(stack, { recursive: true });
  // As the emulator would have them, beside the bucket.
  for (const name of ['secret._S3rver_object', 'secret._S3rver_metadata.json']) {
    await writeFile(join(stack, name), '{"etag":"x","content-length":2}');
  }
  bucket = await openTestBucket(stack);
  await bucket.put('here', 'x');
  before = await files();
});
afterAll(async () => {
  await bucket.remove();
  await rm(directory, { recursive: true, force: true });
});

async function files(): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).toSorted();
}

async function ask(sent: Sent) {
  return send(bucket.s3.endpoint, await signed(bucket.client, bucket.s3.endpoint, sent));
}

const FORM = 'multipart/form-data; boundary=edge';

function form(key: string): Sent {
  const part = (name: string, value: string) =>
    `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = `${part('key', key)}${part('file"; filename="x', 'x')}--edge--\r\n`;
  return { method: 'POST', path: `/${Bucket}`, headers: { 'content-type': FORM }, body };
}

const OUT = '../../secret';

describe('a name that would leave the bucket is refused, and writes, reads and removes nothing', () => {
  it.each<[string, Sent]>([
    ['written', { method: 'PUT', path: `/${Bucket}/${OUT}`, body: 'x' }],
    ['written with an encoded slash', { method: 'PUT', path: `/${Bucket}/..%2f..%2Fsecret`, body: 'x' }],
    ['written with encoded dots', { method: 'PUT', path: `/${Bucket}/%2e%2e/%2E%2e/secret`, body: 'x' }],
    ['written from within', { method: 'PUT', path: `/${Bucket}/a/../../../secret`, body: 'x' }],
    ['written to the directory above', { method: 'PUT', path: `/${Bucket}/uploads/..`, body: 'x' }],
    ['written to this directory', { method: 'PUT', path: `/${Bucket}/uploads/./x`, body: 'x' }],
    ['written with a slash in front', { method: 'PUT', path: `/${Bucket}//tmp/x`, body: 'x' }],
    ['written with an encoded slash in front', { method: 'PUT', path: `/${Bucket}/%2ftmp%2fx`, body: 'x' }],
    ['written with NUL', { method: 'PUT', path: `/${Bucket}/x%00`, body: 'x' }],
    ['read', { path: `/${Bucket}/${OUT}` }],
    ['looked at', { method: 'PUT', path: `/${Bucket}/${OUT}?tagging`, body: '<Tagging><TagSet/></Tagging>' }],
    ['deleted', { method: 'DELETE', path: `/${Bucket}/${OUT}` }],
    [
      'deleted with others',
      {
        method: 'POST',
        path: `/${Bucket}?delete`,
        body: `<Delete><Object><Key>${OUT}</Key></Object></Delete>`,
      },
    ],
    ['copied', { method: 'PUT', path: `/${Bucket}/copy`, headers: { 'x-amz-copy-source': `${Bucket}/${OUT}` } }],
    [
      'copied, encoded',
      {
        method: 'PUT',
        path: `/${Bucket}/copy`,
        headers: { 'x-amz-copy-source': `${Bucket}/..%2f..%2fsecret` },
      },
    ],
    [
      'copied from a bucket above',
      { method: 'PUT', path: `/${Bucket}/copy`, headers: { 'x-amz-copy-source': '../secret' } },
    ],
    ['copied to', { method: 'PUT', path: `/${Bucket}/${OUT}`, headers: { 'x-amz-copy-source': `${Bucket}/here` } }],
    ['sent as a form', form('../../../form')],
    ['sent as a form, absolute', form('/tmp/form')],
    ['begun in parts', { method: 'POST', path: `/${Bucket}/${OUT}?uploads` }],
    ['of a bucket above, written', { method: 'PUT', path: '/%2e%2e/secret', body: 'x' }],
    ['of a bucket above, read', { path: '/%2e%2e/secret' }],
    ['of a bucket above, listed', { path: '/%2e%2e?list-type=2' }],
    ['of a bucket with a slash', { method: 'PUT', path: `/${Bucket}%2f..%2f..%2f../x`, body: 'x' }],
    ['of a bucket above, aborted', { method: 'DELETE', path: '/%2e%2e/x?uploadId=abc' }],
  ])('%s', async (_, sent) => {
    const { status, body } = await ask(sent);
    expect({ status, body }).toEqual({
      status: 400,
      body: expect.stringMatching(/<Code>(InvalidArgument|InvalidBucketName)<\/Code>/),
    });
    expect(await files()).toEqual(before);
  });

  it.each(['uploadId=../../../../x&partNumber=1', 'uploadId=abc&partNumber=../../x', 'uploadId=abc&partNumber=10001'])(
    'of a part: %s',
    async (query) => {
      const { status } = await ask({ method: 'PUT', path: `/${Bucket}/x?${query}`, body: 'x' });
      expect([400, 404]).toContain(status);
      expect(await files()).toEqual(before);
    },
  );

  it.each(['../', '../../', '/', 'a/../'])('listed, because there is nothing: %s', async (prefix) => {
    expect(await bucket.keys(prefix)).toEqual([]);
  });
});

describe('a name that only looks like it', () => {
  it.each(['...', 'a..b/..c/d..', '..\\..\\x', 'a/', '~/x', '%2e%2e/x'])('is a key like others: %s', async (key) => {
    await bucket.put(key, `content of ${key}`);
    expect(await bucket.get(key)).toBe(`content of ${key}`);
    expect(await bucket.keys(key)).toEqual([key]);
  });

  it('may be that of a part', async () => {
    const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const part = { Bucket, Key: 'parts', UploadId, Body: 'x' };
    await expect(bucket.client.send(new UploadPartCommand({ ...part, PartNumber: 10_000 }))).resolves.toBeDefined();
  });
});
