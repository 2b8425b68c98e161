import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CopyObjectCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { Bucket, openTestBucket, type TestBucket } from '../../harness/test-bucket.ts';
import { type Sent, send, signed } from './sent.ts';

let directory: string;
let stack: string;
let bucket: TestBucket;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-s3-names-'));
  // Deep enough for what would leave it to be in the directory still.
  stack = join(directory, 'a/b/c');
  await mkdir(stack, { recursive: true });
  bucket = await openTestBucket(stack);
});
afterAll(async () => {
  await bucket.remove();
  await rm(directory, { recursive: true, force: true });
});

/** Without those of bodies, whose names are the server's alone. */
async function files(): Promise<string[]> {
  const all = await readdir(directory, { recursive: true });
  return all.filter((name) => !/^a\/b\/c\/bodies\/[0-9a-f-]{36}$/.test(name)).toSorted();
}

async function ask(sent: Sent) {
  return send(bucket.s3.endpoint, await signed(bucket.client, bucket.s3.endpoint, sent));
}

/** Keys that are paths of something else, for a file system. */
const PATHS = [
  '../../secret',
  '..',
  '.',
  './x',
  'a/../../../secret',
  'uploads/..',
  'uploads/./x',
  '/tmp/x',
  'a//b',
  'a/',
  '//',
  '...',
  '..\\..\\x',
  '~/x',
  '%2e%2e/x',
  'x\u0000',
  'line\nbreak\r\ttab\u0001',
  'CON',
  `${'n'.repeat(240)}.csv`,
  `deep/${'d/'.repeat(300)}x`,
  'ü'.repeat(512),
  'e\u0301 and \u00e9, 日本語, 🦄\u200d',
];

describe('a key is never a path', () => {
  it.each(PATHS)('%j is written, read, listed, copied and deleted as what it is', async (key) => {
    const before = await files();
    // Clients other than AWS's own send a path as it is, and curl makes it shorter: this is what S3 is asked for.
    const path = `/${Bucket}/${encodeURIComponent(key)}`;
    expect((await ask({ method: 'PUT', path, body: `content of ${key}` })).status).toBe(200);
    expect((await ask({ path })).body).toBe(`content of ${key}`);
    const CopySource = `${Bucket}/${encodeURIComponent(key)}`;
    await bucket.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    expect(await bucket.get('copy')).toBe(`content of ${key}`);
    const url = { EncodingType: 'url' as const };
    const { Contents } = await bucket.client.send(new ListObjectsV2Command({ Bucket, Prefix: key, ...url }));
    expect(Contents?.map((object) => decodeURIComponent(object.Key ?? ''))).toEqual([key]);
    expect(bucket.events.map((event) => event.key)).toContain(key);
    expect((await ask({ method: 'DELETE', path })).status).toBe(204);
    expect((await ask({ path })).status).toBe(404);
    expect(await files()).toEqual(before);
  });

  it('of more than 1,024 bytes there is none', async () => {
    await expect(bucket.put(`${'ü'.repeat(512)}x`, 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  it.each(["it's.csv", 'a&b<c>"d".csv', 'two  spaces and ü.csv', '&amp;#39;'])(
    'is deleted with others when XML spells it in its own way: %s',
    async (Key) => {
      await bucket.put(Key, 'x');
      const { Deleted } = await bucket.client.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }),
      );
      expect(Deleted).toEqual([{ Key }]);
      expect(await bucket.keys(Key)).toEqual([]);
    },
  );
});

describe('a bucket', () => {
  it.each<[string, Sent]>([
    ['above is written to', { method: 'PUT', path: '/%2e%2e/secret', body: 'x' }],
    ['above is read from', { path: '/%2e%2e/secret' }],
    ['above is listed', { path: '/%2e%2e?list-type=2' }],
    ['above is copied from', { method: 'PUT', path: `/${Bucket}/copy`, headers: { 'x-amz-copy-source': '../secret' } }],
    ['above has an upload aborted', { method: 'DELETE', path: '/%2e%2e/x?uploadId=abc' }],
    ['with a slash in its name is written to', { method: 'PUT', path: `/${Bucket}%2f..%2f../x`, body: 'x' }],
  ])('%s: there is none', async (_, sent) => {
    const before = await files();
    expect(await ask(sent)).toMatchObject({ status: 404, body: expect.stringContaining('<Code>NoSuchBucket</Code>') });
    expect(await files()).toEqual(before);
  });

  it.each(['..', 'UPPER', 'a', 'a..b', 'under_score', '-dash', `${'x'.repeat(64)}`, 'xn--a', '192.0.2.1', 'a--x-s3'])(
    'cannot be called %s',
    async (name) => {
      const answer = await ask({ method: 'PUT', path: `/${encodeURIComponent(name).replaceAll('.', '%2e')}` });
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidBucketName</Code>') });
    },
  );
});
