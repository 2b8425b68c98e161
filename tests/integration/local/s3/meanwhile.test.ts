import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { deleteObjects } from '../../../../local/s3/deletes.ts';
import { completeUpload, copyPart, uploadPart } from '../../../../local/s3/part-uploads.ts';
import type { S3Request } from '../../../../local/s3/requests.ts';
import { Store } from '../../../../local/s3/store.ts';
import type { Upload } from '../../../../local/s3/uploads.ts';

const BUCKET = 'member-offers-test';

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-s3-meanwhile-'));
  store = new Store(directory, () => undefined);
  store.createBucket(BUCKET);
});
afterEach(async () => {
  store.close();
  await rm(directory, { recursive: true });
});

function request(
  query: string,
  body: AsyncIterable<Buffer> = bytes(''),
  headers: S3Request['headers'] = {},
): S3Request {
  const path = { method: 'POST', url: `/${BUCKET}/a?${query}`, bucket: BUCKET, key: 'a' };
  return { ...path, query: new URLSearchParams(query), headers: { 'content-length': '1', ...headers }, body };
}

async function* bytes(content: string, before: () => void = () => undefined): AsyncGenerator<Buffer> {
  before();
  yield Buffer.from(content);
}

async function beginUpload(content: string): Promise<Upload<string>> {
  const { uploads } = store.bucket(BUCKET);
  const upload = uploads.start('a', { headers: {}, checksum: undefined, startedAt: 0 });
  await putPart(upload, content);
  return upload;
}

function putPart({ id }: Upload<string>, content: string, before?: () => void) {
  const headers = { 'content-length': `${content.length}` };
  return uploadPart(request(`uploadId=${id}&partNumber=1`, bytes(content, before), headers), store);
}

/** The MD5 of "x". */
const ETAG = '9dd4e461268c8034f5c8564e155c67a6';

function complete({ id }: Upload<string>) {
  const xml = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${ETAG}</ETag></Part></CompleteMultipartUpload>`;
  return completeUpload(request(`uploadId=${id}`, bytes(xml), { 'content-length': `${xml.length}` }), store);
}

/** Lets something happen when the next body is to be written, before any of it is read. */
function beforeWriting(happen: () => unknown): void {
  const { bodies } = store;
  const write = bodies.write.bind(bodies);
  bodies.write = async (chunks) => {
    bodies.write = write;
    await happen();
    return write(chunks);
  };
}

function stored(): Promise<string> {
  const { body, size } = store.bucket(BUCKET).objects.find('a') ?? { body: '', size: 0 };
  return text(store.bodies.open(body, { start: 0, end: size - 1 }));
}

function files(): Promise<string[]> {
  return readdir(join(directory, 'bodies'));
}

describe('while an upload in parts is completed', () => {
  it('it may be completed again, and is one object', async () => {
    const upload = await beginUpload('x');
    let quicker: unknown;
    beforeWriting(async () => {
      quicker = await complete(upload);
    });
    expect(await complete(upload)).toEqual(quicker);
    expect(await stored()).toBe('x');
    expect(await files()).toHaveLength(1);
  });

  it('it may be aborted, and nothing is left', async () => {
    const upload = await beginUpload('x');
    beforeWriting(() => store.bucket(BUCKET).uploads.end('a', upload.id));
    await expect(complete(upload)).rejects.toMatchObject({ code: 'NoSuchUpload' });
    expect(await files()).toEqual([]);
  });

  it('a part may be uploaded again, which is too late', async () => {
    const upload = await beginUpload('x');
    beforeWriting(() => putPart(upload, 'y'));
    await complete(upload);
    expect(await stored()).toBe('x');
    expect(await files()).toHaveLength(1);
  });
});

it('while an object without content is copied as a part it may be deleted', async () => {
  const { objects, uploads } = store.bucket(BUCKET);
  const body = await store.bodies.write(bytes(''));
  store.put(BUCKET, 'empty', { body, size: 0, etag: 'd41d8cd98f00b204e9800998ecf8427e', headers: {} }, {}, 'Put');
  const { id, parts } = uploads.start('a', { headers: {}, checksum: undefined, startedAt: 0 });
  beforeWriting(() => objects.delete('empty'));
  await copyPart(request(`uploadId=${id}&partNumber=1`, bytes(''), { 'x-amz-copy-source': `${BUCKET}/empty` }), store);
  expect(parts.get(1)).toMatchObject({ size: 0, etag: 'd41d8cd98f00b204e9800998ecf8427e' });
});

describe('while a bucket is deleted', () => {
  it('its uploads in parts end, and nothing is left of them', async () => {
    const upload = await beginUpload('x');
    const late = putPart(upload, 'y', () => store.deleteBucket(BUCKET));
    await expect(late).rejects.toMatchObject({ code: 'NoSuchUpload' });
    expect(await files()).toEqual([]);
  });

  it('nothing is deleted from it, and the stack can be started again', async () => {
    store.setVersioning(BUCKET, 'Enabled');
    const xml = '<Delete><Object><Key>a</Key></Object></Delete>';
    const headers = { 'content-length': `${xml.length}`, 'x-amz-sdk-checksum-algorithm': 'CRC32' };
    const body = bytes(xml, () => store.deleteBucket(BUCKET));
    await expect(deleteObjects(request('delete', body, headers), store)).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
    store.close();
    store = new Store(directory, () => undefined);
    expect(store.buckets).toEqual([]);
  });
});
