import { connect } from 'node:net';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';
import { type Sent, signed } from './sent.ts';

/** More bytes than a connection holds on its way: who stops reading them stops their sender, too. */
const LARGE = 16 * 1024 * 1024;

const bucket = useTestBucket();

/** Sends requests on one connection, one behind the other. @returns what is answered until all are */
async function sendAll(...requests: string[]): Promise<string> {
  const { hostname, port } = new URL(bucket.s3.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(requests.join(''));
  let answered = '';
  for await (const bytes of socket) {
    answered += bytes;
    if (answered.split('HTTP/1.1').length > requests.length) break;
  }
  return answered;
}

function written({ method = 'GET', path = '/', headers = {}, body = '' }: Sent): string {
  const { host } = new URL(bucket.s3.endpoint);
  const all = { host, 'content-length': `${body.length}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

async function list(): Promise<string> {
  return written(await signed(bucket.client, bucket.s3.endpoint, { path: `/${Bucket}?list-type=2` }));
}

/** An upload that is signed, but not with the hash of what it brings. */
async function upload(more: Record<string, string>, body: string, path = `/${Bucket}/a`): Promise<string> {
  const headers = { 'content-length': `${body.length}`, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...more };
  const sent = { method: 'PUT', path, headers };
  return written({ ...(await signed(bucket.client, bucket.s3.endpoint, sent)), body });
}

const chunked = (kind: string) => ({
  'x-amz-content-sha256': `STREAMING-${kind}`,
  'x-amz-decoded-content-length': `${LARGE}`,
});

const form = (file: string): Sent => ({
  method: 'POST',
  path: `/${Bucket}`,
  headers: { 'content-type': 'multipart/form-data; boundary=x' },
  body: `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${file}\r\n--x--\r\n`,
});

describe('a connection is good for another request when a large one is refused', () => {
  const large = 'a'.repeat(LARGE);
  it.each<[string, string, () => string | Promise<string>]>([
    ['without a signature', 'AccessDenied', () => written({ method: 'PUT', path: `/${Bucket}/a`, body: large })],
    ['of no upload', 'NoSuchUpload', () => upload({}, large, `/${Bucket}/a?uploadId=x&partNumber=1`)],
    ['of another MD5', 'BadDigest', () => upload({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, large)],
    ['in no chunks', 'IncompleteBody', () => upload(chunked('UNSIGNED-PAYLOAD-TRAILER'), large)],
    [
      'in a chunk of another signature',
      'SignatureDoesNotMatch',
      () => upload(chunked('AWS4-HMAC-SHA256-PAYLOAD'), `1;chunk-signature=${'0'.repeat(64)}\r\na\r\n${large}`),
    ],
    ['in a form', 'AccessDenied', () => written(form(large))],
  ])('%s', async (_, code, request) => {
    const answered = await sendAll(await request(), await list());
    expect(answered).toContain(`<Code>${code}</Code>`);
    expect(answered).toContain('<ListBucketResult');
  });
});

describe('who waits to be told to send a large upload', () => {
  it('is refused before, and has to connect again', async () => {
    const put = { method: 'PUT', path: `/${Bucket}/a`, headers: { 'content-length': '1', expect: '100-continue' } };
    const answered = await sendAll(written(put));
    expect(answered).toMatch(/^HTTP\/1\.1 403 /);
    expect(answered).toMatch(/^connection: close/im);
  });

  it('is told so when it is to come', async () => {
    const answered = await sendAll(await upload({ expect: '100-continue' }, 'a'), await list());
    expect(answered).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });
});

describe('an answer without a body', () => {
  it('says nothing of a length, and the next one follows', async () => {
    await bucket.put('x', 'x');
    const headers = { 'if-none-match': '"9dd4e461268c8034f5c8564e155c67a6"' };
    const get = await signed(bucket.client, bucket.s3.endpoint, { path: `/${Bucket}/x`, headers });
    const remove = await signed(bucket.client, bucket.s3.endpoint, { method: 'DELETE', path: `/${Bucket}/x` });
    const [, unmodified = '', removed = '', listed] = (
      await sendAll(written(get), written(remove), await list())
    ).split('HTTP/1.1');
    expect(unmodified).toMatch(/^ 304 /);
    expect(removed).toMatch(/^ 204 /);
    expect(unmodified + removed).not.toMatch(/content-length/i);
    expect(listed).toMatch(/^ 200 /);
  });
});
