import { Readable } from 'node:stream';
import {
  ListObjectsCommand,
  type ListObjectsCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { Bucket, openTestBucket, useTestBucket } from '../../harness/test-bucket.ts';

/** In the order of their bytes: U+FF21 comes before what UTF-16 writes as two units. */
const KEYS = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/4', '\uff21', '\u{1f984}'];

const bucket = useTestBucket();
beforeAll(async () => {
  for (const key of KEYS.toReversed()) await bucket.put(key, 'x');
});

function list(more: Partial<ListObjectsV2CommandInput>) {
  return bucket.client.send(new ListObjectsV2Command({ Bucket, ...more }));
}

function found({ Contents = [], CommonPrefixes = [] }: ListObjectsV2CommandOutput | ListObjectsCommandOutput) {
  return { keys: Contents.map(({ Key }) => Key), prefixes: CommonPrefixes.map(({ Prefix }) => Prefix) };
}

describe('a listing', () => {
  it('is in the order of the keys’ bytes', async () => {
    expect(found(await list({})).keys).toEqual(KEYS);
  });

  it('tells size, time and ETag of each', async () => {
    const { Contents } = await list({ Prefix: 'a' });
    expect(Contents).toMatchObject([
      { Key: 'a', Size: 1, ETag: '"9dd4e461268c8034f5c8564e155c67a6"', StorageClass: 'STANDARD' },
    ]);
    expect(Contents?.[0]?.LastModified?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('counts common prefixes as it counts keys', async () => {
    const pages: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Delimiter: '/', MaxKeys: 2, ContinuationToken });
      pages.push({ ...found(page), KeyCount: page.KeyCount });
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(pages).toEqual([
      { keys: ['a'], prefixes: ['b/'], KeyCount: 2 },
      { keys: ['d'], prefixes: ['e/'], KeyCount: 2 },
      { keys: ['\uff21', '\u{1f984}'], prefixes: [], KeyCount: 2 },
    ]);
  });

  it('groups what comes behind a prefix', async () => {
    expect(found(await list({ Prefix: 'b/', Delimiter: '/' }))).toEqual({ keys: ['b/1', 'b/2'], prefixes: ['b/c/'] });
    expect(found(await list({ Prefix: 'b', Delimiter: '/' }))).toEqual({ keys: [], prefixes: ['b/'] });
  });

  it.each([
    ['b/1', ['b/2', 'b/c/3', 'd', 'e/4', '\uff21', '\u{1f984}']],
    ['b/11', ['b/2', 'b/c/3', 'd', 'e/4', '\uff21', '\u{1f984}']],
    ['e/5', ['\uff21', '\u{1f984}']],
    ['\u{1f984}', []],
  ])('after %s has what comes behind it, whether there is such a key or not', async (StartAfter, keys) => {
    expect(found(await list({ StartAfter })).keys).toEqual(keys);
  });

  it('of no keys says that there are no more', async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await list({ Prefix: 'z' })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  it('spells keys for XML when a client asks for that', async () => {
    const { Contents, EncodingType, Prefix } = await list({ Prefix: '\uff21', EncodingType: 'url' });
    expect({ Key: Contents?.[0]?.Key, EncodingType, Prefix }).toEqual({
      Key: '%EF%BC%A1',
      EncodingType: 'url',
      Prefix: '%EF%BC%A1',
    });
  });

  it('of the first version goes on from a marker', async () => {
    const first = await bucket.client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }));
    expect({ ...found(first), NextMarker: first.NextMarker }).toEqual({
      keys: ['a'],
      prefixes: ['b/'],
      NextMarker: 'b/',
    });
    const Marker = first.NextMarker;
    const second = await bucket.client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, Marker }));
    expect(found(second)).toEqual({ keys: ['d'], prefixes: ['e/'] });
  });

  it('refuses what is no number of keys', async () => {
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('has no more than 1,000 keys', async () => {
    const many = await openTestBucket();
    await Promise.all(Array.from({ length: 1001 }, (_, index) => many.s3.createIfAbsent(`k/${index}`, nothing)));
    const page = await many.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5000 }));
    expect(page).toMatchObject({ KeyCount: 1000, MaxKeys: 1000, IsTruncated: true });
    await many.remove();
  });
});

function nothing(): Readable {
  return Readable.from([]);
}
