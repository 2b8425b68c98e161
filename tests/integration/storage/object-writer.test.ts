import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { ObjectWriter } from '../../../lib/storage/object-writer.ts';

/** An S3 that refuses everything. */
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
});
let bucket: Bucket;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const endpoint = `http://127.0.0.1:${port}`;
  bucket = new Bucket(new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true }), 'offers');
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('an object that cannot be uploaded', () => {
  it('fails its writer, which does not wait for ever', async () => {
    const object = new ObjectWriter(bucket, 'a.txt', 'text/plain');
    const written = (async () => {
      for (let part = 0; part < 100; part++) await object.write('x'.repeat(1024 * 1024));
    })();
    await expect(written).rejects.toThrow('no');
  });

  it('fails when it is closed', async () => {
    const object = new ObjectWriter(bucket, 'a.txt', 'text/plain');
    await object.write('short');
    await expect(object.close()).rejects.toThrow('no');
  });

  it('can be abandoned', async () => {
    const object = new ObjectWriter(bucket, 'a.txt', 'text/plain');
    await object.write('short');
    object.abandon(new Error('given up'));
    await expect(object.close()).rejects.toThrow();
  });
});
