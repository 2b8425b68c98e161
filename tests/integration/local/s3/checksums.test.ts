import { GetObjectAclCommand, GetObjectCommand, PutObjectAclCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';
import { type Sent, send, signed } from './sent.ts';

/** "123456789", of which the catalogue of CRCs (https://reveng.sourceforge.io/crc-catalogue/all.htm) tells "check" values. */
const DIGITS = '123456789';

/** Base64 of: CRC-32/ISO-HDLC cbf43926, CRC-32/ISCSI e3069283, CRC-64/NVME ae8b14860a799888; openssl dgst -sha1, -sha256. */
const CHECKSUMS = {
  crc32: 'y/Q5Jg==',
  crc32c: '4waSgw==',
  crc64nvme: 'rosUhgp5mIg=',
  sha1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
  sha256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
};

/** openssl dgst -md5 */
const MD5 = 'JfnnlDI7RTiF9RgfG2JNCw==';

const bucket = useTestBucket();

async function put(headers: Record<string, string>, body = DIGITS) {
  const sent: Sent = { method: 'PUT', path: `/${Bucket}/digits`, headers, body };
  return send(bucket.s3.endpoint, await signed(bucket.client, bucket.s3.endpoint, sent));
}

describe('what is said of a body', () => {
  it.each([
    ['content-md5', MD5],
    ...Object.entries(CHECKSUMS).map(([name, value]) => [`x-amz-checksum-${name}`, value]),
  ])('is compared with it: %s', async (name = '', value = '') => {
    expect(await put({ [name]: value })).toMatchObject({ status: 200 });
    expect(bucket.events).toHaveLength(1);
    const wrong = await put({ [name]: value }, '123456780');
    expect(wrong).toMatchObject({ status: 400, body: expect.stringContaining('<Code>BadDigest</Code>') });
    expect(bucket.events).toHaveLength(1);
    expect(await bucket.get('digits')).toBe(DIGITS);
  });

  it('is refused when it says two checksums, as by S3', async () => {
    const both = { 'x-amz-checksum-crc32': CHECKSUMS.crc32, 'x-amz-checksum-sha1': CHECKSUMS.sha1 };
    expect(await put(both)).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidRequest</Code>'),
    });
    expect(bucket.events).toEqual([]);
  });

  it.each(['', 'x', 'AAAA', `${MD5}x`])('is refused when it is no MD5: %j', async (md5) => {
    const answer = await put({ 'content-md5': md5 });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidDigest</Code>') });
  });

  it('is compared with it also when the signature says it', async () => {
    const sent: Sent = { method: 'PUT', path: `/${Bucket}/digits`, body: DIGITS };
    const { headers } = await signed(bucket.client, bucket.s3.endpoint, sent);
    const answer = await send(bucket.s3.endpoint, { ...sent, headers, body: '123456780' });
    const code = '<Code>XAmzContentSHA256Mismatch</Code>';
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(code) });
    expect(bucket.events).toEqual([]);
  });

  it('has to include its length', async () => {
    const sent: Sent = { method: 'PUT', path: `/${Bucket}/digits`, headers: { 'transfer-encoding': 'chunked' } };
    const answer = await send(bucket.s3.endpoint, await signed(bucket.client, bucket.s3.endpoint, sent));
    expect(answer).toMatchObject({ status: 411, body: expect.stringContaining('<Code>MissingContentLength</Code>') });
  });
});

describe('a checksum', () => {
  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is stored and told of: %s',
    async (algorithm) => {
      const put = new PutObjectCommand({ Bucket, Key: 'digits', Body: DIGITS, ChecksumAlgorithm: algorithm });
      const expected = Object.entries(CHECKSUMS).find(([name]) => name.toUpperCase() === algorithm)?.[1];
      expect(await bucket.client.send(put)).toMatchObject({ [`Checksum${algorithm}`]: expected });
      const get = new GetObjectCommand({ Bucket, Key: 'digits', ChecksumMode: 'ENABLED' });
      const answer = await bucket.client.send(get);
      expect(await answer.Body?.transformToString()).toBe(DIGITS);
      expect(answer).toMatchObject({ [`Checksum${algorithm}`]: expected, ChecksumType: 'FULL_OBJECT' });
    },
  );
});

describe('metadata', () => {
  it('of more than 2 KB is refused', async () => {
    expect(await put({ 'x-amz-meta-a': 'x'.repeat(2047) })).toMatchObject({ status: 200 });
    expect(await put({ 'x-amz-meta-a': 'x'.repeat(2048) })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>MetadataTooLarge</Code>'),
    });
  });
});

describe('what S3 does and this does not', () => {
  it.each([
    ['tags of objects', { 'x-amz-tagging': 'a=b' }],
    ['keys of customers', { 'x-amz-server-side-encryption-customer-key': 'x' }],
    ['object locks', { 'x-amz-object-lock-mode': 'GOVERNANCE' }],
  ])('is refused, instead of being read as something else: %s', async (_, headers) => {
    expect(await put(headers)).toMatchObject({
      status: 501,
      body: expect.stringContaining('<Code>NotImplemented</Code>'),
    });
  });

  it('is an access list that would let others in, which the bucket on AWS does not take either', async () => {
    expect(await put({ 'x-amz-acl': 'public-read' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>AccessControlListNotSupported</Code>'),
    });
    expect(await put({ 'x-amz-acl': 'private' })).toMatchObject({ status: 200 });
    const own = await bucket.client.send(new GetObjectAclCommand({ Bucket, Key: 'digits' }));
    const AccessControlPolicy = { Owner: own.Owner, Grants: own.Grants };
    await bucket.client.send(new PutObjectAclCommand({ Bucket, Key: 'digits', AccessControlPolicy }));
    const Grants = [{ Grantee: { Type: 'CanonicalUser' as const, ID: 'another' }, Permission: 'READ' as const }];
    const others = { Bucket, Key: 'digits', AccessControlPolicy: { Owner: own.Owner, Grants } };
    await expect(bucket.client.send(new PutObjectAclCommand(others))).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
    });
  });
});
