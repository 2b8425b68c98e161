import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Bucket, ODD_KEYS, openTestBucket, type TestBucket, useTestBucket } from '../../harness/test-bucket.ts';
import { presigned, type Sent, send, signed } from './sent.ts';

const bucket = useTestBucket();
beforeAll(async () => {
  await bucket.put('members.json', 'of members');
});

const ask = (sent: Sent) => send(bucket.s3.endpoint, sent);

/** What a page's form sends: an upload with a POST policy. */
function form(fields: Record<string, string>): Sent {
  const boundary = randomUUID();
  const parts = Object.entries(fields).map(([name, value]) => {
    const file = name === 'file' ? '; filename="members.csv"' : '';
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  });
  return {
    method: 'POST',
    path: `/${Bucket}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}

/** A client of this S3 that has other keys. */
async function withKeys(keys: Partial<TestBucket['s3']['credentials']>) {
  const { endpoint, region, credentials } = bucket.s3;
  const client = new S3Client({ endpoint, region, credentials: { ...credentials, ...keys }, maxAttempts: 1 });
  const outcome = await client.send(new ListObjectsV2Command({ Bucket })).catch((error: unknown) => error);
  client.destroy();
  return outcome;
}

/** openssl dgst -sha256 */
const SHA256_OF_X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';

describe('without a signature nobody', () => {
  it.each<[string, Sent]>([
    ['reads', { path: `/${Bucket}/members.json` }],
    ['lists a bucket', { path: `/${Bucket}?list-type=2` }],
    ['lists the buckets', {}],
    ['writes', { method: 'PUT', path: `/${Bucket}/uploads/default/members.csv`, body: 'MEMBER_ID' }],
    ['deletes', { method: 'DELETE', path: `/${Bucket}/members.json` }],
    ['begins an upload in parts', { method: 'POST', path: `/${Bucket}/uploads/default/members.csv?uploads` }],
    ['makes a bucket', { method: 'PUT', path: '/another' }],
    ['sends a form', form({ key: 'uploads/default/members.csv', file: 'MEMBER_ID' })],
    [
      'sends a form with a policy',
      form({ key: 'a.csv', policy: 'e30=', 'x-amz-signature': 'a'.repeat(64), file: 'x' }),
    ],
    ['asks what a page may do', { method: 'OPTIONS', path: `/${Bucket}/members.json` }],
  ])('%s', async (_, sent) => {
    const { status, body } = await ask(sent);
    expect({ status, body }).toEqual({ status: 403, body: expect.stringContaining('<Code>AccessDenied</Code>') });
    expect(bucket.events).toEqual([]);
    expect(await bucket.get('members.json')).toBe('of members');
  });
});

describe('a signature', () => {
  it.each<[string, Sent]>([
    ['in a header', { path: `/${Bucket}/members.json`, headers: { authorization: 'AWS LOCAL:c2lnbmF0dXJl' } }],
    ['in the address', { path: `/${Bucket}/members.json?AWSAccessKeyId=LOCAL&Signature=x&Expires=4102444800` }],
  ])('of version 2 is refused, as by S3 for a bucket of today, with what to do: %s', async (_, sent) => {
    const { status, body } = await ask(sent);
    expect({ status, body }).toEqual({ status: 400, body: expect.stringContaining('<Code>InvalidRequest</Code>') });
    expect(body).toContain('signature_version = s3v4');
  });

  it('has to include all headers that S3 goes by', async () => {
    const sent: Sent = { method: 'PUT', path: `/${Bucket}/a.json`, body: 'x' };
    const path = await presigned(bucket.client, bucket.s3.endpoint, sent);
    const refused = await ask({ ...sent, path, headers: { 'x-amz-meta-as-of': '2024-01-31' } });
    expect(refused).toMatchObject({
      status: 403,
      body: expect.stringContaining('<HeadersNotSigned>x-amz-meta-as-of</HeadersNotSigned>'),
    });
    expect((await ask({ ...sent, path })).status).toBe(200);
  });

  it('of another access key or secret key is refused', async () => {
    expect(await withKeys({})).toMatchObject({ IsTruncated: false });
    expect(await withKeys({ accessKeyId: 'ANOTHER', secretAccessKey: 'ANOTHER' })).toMatchObject({
      name: 'InvalidAccessKeyId',
    });
    expect(await withKeys({ secretAccessKey: 'ANOTHER' })).toMatchObject({ name: 'SignatureDoesNotMatch' });
  });

  it.each<[string, Sent]>([
    ['method', { method: 'DELETE' }],
    ['key', { path: `/${Bucket}/others.json` }],
    ['query', { path: `/${Bucket}/members.json?tagging` }],
  ])('is of one request, and not of one with another %s', async (_, other) => {
    const sent = await signed(bucket.client, bucket.s3.endpoint, { path: `/${Bucket}/members.json` });
    expect(await ask(sent)).toMatchObject({ status: 200, body: 'of members' });
    expect(await ask({ ...sent, ...other })).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    });
  });

  it('is of a header as it was signed', async () => {
    const sent = await signed(bucket.client, bucket.s3.endpoint, {
      method: 'PUT',
      path: `/${Bucket}/copy.json`,
      headers: { 'x-amz-copy-source': `${Bucket}/nothing.json` },
    });
    const headers = { ...sent.headers, 'x-amz-copy-source': `${Bucket}/members.json` };
    expect(await ask({ ...sent, headers })).toMatchObject({ status: 403 });
    expect(bucket.events).toEqual([]);
  });

  it('may be in the address, for as long as that says', async () => {
    const { client, s3 } = bucket;
    const get = { path: `/${Bucket}/members.json` };
    const put: Sent = { method: 'PUT', path: `/${Bucket}/${encodeURIComponent('my file (é).csv')}` };
    expect(await ask({ path: await presigned(client, s3.endpoint, get) })).toMatchObject({ status: 200 });
    const written = await ask({ ...put, path: await presigned(client, s3.endpoint, put), body: 'MEMBER_ID' });
    expect(written.status).toBe(200);
    expect(bucket.events).toMatchObject([{ key: 'my file (é).csv' }]);
    const twoMinutesAgo = new Date(Date.now() - 120_000);
    const expired = await ask({ path: await presigned(client, s3.endpoint, get, twoMinutesAgo) });
    expect(expired).toMatchObject({ status: 403, body: expect.stringContaining('expired') });
    const inAWhile = await ask({ path: await presigned(client, s3.endpoint, get, new Date(Date.now() + 3_600_000)) });
    expect(inAWhile.status).toBe(403);
  });

  it('of another time than now is refused', async () => {
    const { client, s3 } = bucket;
    for (const [minutes, status] of [
      [-16, 403],
      [-14, 200],
      [14, 200],
      [16, 403],
    ] as const) {
      const then = new Date(Date.now() + minutes * 60_000);
      const sent = await signed(client, s3.endpoint, { path: `/${Bucket}/members.json` }, then);
      const body = status === 200 ? 'of members' : expect.stringContaining('<Code>RequestTimeTooSkewed</Code>');
      expect(await ask(sent)).toMatchObject({ status, body });
    }
  });

  it.each(ODD_KEYS)('of a client holds, whatever the key: %s', async (key) => {
    await bucket.put(key, 'x', { Metadata: { note: '  two  spaces ' } });
    const { Contents } = await bucket.client.send(
      new ListObjectsV2Command({ Bucket, Prefix: key, Delimiter: "!'()*" }),
    );
    expect(Contents?.map((object) => object.Key)).toContain(key);
  });

  it('without the hash of what is sent is refused, as by S3', async () => {
    const sent = await signed(bucket.client, bucket.s3.endpoint, { path: `/${Bucket}/members.json` });
    const { 'x-amz-content-sha256': _, ...headers } = sent.headers ?? {};
    expect(await ask({ ...sent, headers })).toMatchObject({
      status: 400,
      body: expect.stringContaining('Missing required header for this request: x-amz-content-sha256'),
    });
  });

  it.each(['A'.repeat(64), 'x', 'STREAMING-UNSIGNED-PAYLOAD'])('of no hash of a body is refused: %s', async (hash) => {
    const put: Sent = {
      method: 'PUT',
      path: `/${Bucket}/a.json`,
      headers: { 'x-amz-content-sha256': hash },
      body: 'x',
    };
    const answer = await ask(await signed(bucket.client, bucket.s3.endpoint, put));
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidArgument</Code>') });
    expect(bucket.events).toEqual([]);
  });

  it('in an address is of the body whose hash it names', async () => {
    const put: Sent = { method: 'PUT', path: `/${Bucket}/a.json` };
    const headers = { 'X-Amz-Content-Sha256': SHA256_OF_X };
    const path = await presigned(bucket.client, bucket.s3.endpoint, { ...put, headers });
    expect(await ask({ ...put, path, body: 'y' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>XAmzContentSHA256Mismatch</Code>'),
    });
    const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect(await ask({ ...put, path, headers: unsigned, body: 'y' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    });
    expect(bucket.events).toEqual([]);
    expect(await ask({ ...put, path, body: 'x' })).toMatchObject({ status: 200 });
  });

  it('is of the path where the whole address is asked for, as by way of a proxy', async () => {
    const sent = await signed(bucket.client, bucket.s3.endpoint, { path: `/${Bucket}/members.json` });
    const answer = await ask({ ...sent, path: `${bucket.s3.endpoint}${sent.path}` });
    expect(answer).toMatchObject({ status: 200, body: 'of members' });
  });

  it('of an address that cannot be read is refused', async () => {
    const sent = await signed(bucket.client, bucket.s3.endpoint, { path: `/${Bucket}/%zz` });
    expect(await ask(sent)).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidURI</Code>') });
  });
});

describe('the keys of a local S3', () => {
  it('are its own, for its owner alone to read, and stay when it is started again', async () => {
    const [one, other] = [await openTestBucket(), await openTestBucket()];
    expect(one.s3.credentials.accessKeyId).not.toBe(other.s3.credentials.accessKeyId);
    expect(one.s3.credentials.secretAccessKey).toMatch(/^[0-9a-f]{40}$/);
    expect((await stat(join(one.directory, 'keys.json'))).mode & 0o777).toBe(0o600);
    const { credentials } = one.s3;
    await one.stop();
    const again = await openTestBucket(one.directory);
    expect(again.s3.credentials).toEqual(credentials);
    expect((await again.client.send(new ListBucketsCommand({}))).Buckets).toMatchObject([{ Name: Bucket }]);
    await Promise.all([again.remove(), other.remove()]);
    expect(existsSync(one.directory)).toBe(false);
  });

  it('are not made up anew where there is something else in their place', async () => {
    const one = await openTestBucket();
    await one.stop();
    const file = join(one.directory, 'keys.json');
    await writeFile(file, '{"accessKeyId": "LOCAL1"}');
    await expect(openTestBucket(one.directory)).rejects.toThrow(
      `${file} holds no access keys. Remove it, and new ones are made.`,
    );
    await rm(one.directory, { recursive: true });
  });
});
