import { type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import type { Manifest } from '../../../lib/run/contracts.ts';
import { manifestKey, outputKey, progressKey, resultKey, scoringProgressKey } from '../../../lib/run/keys.ts';
import type { FailingEndpoint, ScoringProgress } from '../../../lib/run/progress.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { runIdsSince, runObjectsSince } from '../../../scripts/shared/progress/run-listing.ts';
import { type Uploaded, watchRun } from '../../../scripts/shared/progress/run-watcher.ts';
import { MANIFEST } from '../../builders/results.ts';
import { summaryWith } from '../../builders/summaries.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';

const RUN = '20240131T101502Z-3f9a1c2e';
const NO_ROWS = { read: 0, accepted: 0, rejected: 0, imputed: 0 };

const upload: Uploaded = {
  key: 'uploads/acme/members.csv',
  etag: '9b2cf535f27731c974343645a3985328',
  uploadedAt: new Date('2024-01-31T10:15:02Z'),
  earlierRuns: new Set(),
};

const manifest: Manifest = {
  ...MANIFEST,
  partner: 'acme',
  source: { bucket: NAME, key: upload.key },
  etag: upload.etag,
  rows: NO_ROWS,
  members: 10,
  batches: 2,
};

const summary = summaryWith({ source: manifest.source, members: { total: 10, scored: 9, failed: 1 } });

let s3: S3Client;
let bucket: Bucket;

const local = useTestBucket('test');
beforeEach(() => {
  s3 = local.client;
  bucket = new Bucket(s3, NAME);
});

function watch(of: Uploaded = upload) {
  return watchRun(s3, bucket, of);
}

/** Before anything is scored. */
const NOTHING = { results: 0, members: { done: 0, failed: 0 } };

function progressOf(read: number, differences: Partial<Manifest> = {}) {
  const { source, etag } = { ...manifest, ...differences };
  return { source, etag, rows: { ...NO_ROWS, read } };
}

/** A result that says of itself what became of its members. */
async function result(batch: number, metadata?: Record<string, string>): Promise<void> {
  await bucket.createJson(resultKey(RUN, batch), {}, metadata);
}

describe('watching a run', () => {
  it('sees the file read, the members scored and the report written, one look at a time', async () => {
    const looks = watch();
    expect((await looks.next()).value).toEqual(NOTHING);

    await bucket.writeJson(progressKey(RUN), progressOf(1250));
    expect((await looks.next()).value).toEqual({ ...NOTHING, rowsRead: 1250 });

    await bucket.writeJson(progressKey(RUN), progressOf(2500));
    expect((await looks.next()).value).toEqual({ ...NOTHING, rowsRead: 2500 });

    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await looks.next()).value).toEqual({ ...NOTHING, manifest });

    await result(2, { members: '4', failed: '1' });
    expect((await looks.next()).value).toEqual({ manifest, results: 1, members: { done: 4, failed: 1 } });
    expect((await looks.next()).value).toEqual({ manifest, results: 1, members: { done: 4, failed: 1 } });

    await result(1, { members: '6', failed: '0' });
    expect((await looks.next()).value).toEqual({ manifest, results: 2, members: { done: 10, failed: 1 } });

    await bucket.writeJson(outputKey('acme', RUN, 'summary'), summary);
    expect((await looks.next()).value).toEqual({ manifest, results: 2, members: { done: 10, failed: 1 }, summary });
    expect(await looks.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['does not say how many members it has', undefined],
    ['says it in words', { members: 'six', failed: 'none' }],
    ['says that more have failed than it has', { members: '1', failed: '2' }],
    ['says half of it', { members: '6' }],
  ])('counts a result that %s as its share of the members, none of them failed', async (_, metadata) => {
    await bucket.writeJson(manifestKey(RUN), { ...manifest, members: 90, batches: 4 });
    const looks = watch();
    await result(1, metadata);
    expect((await looks.next()).value).toMatchObject({ results: 1, members: { done: 23, failed: 0 } });
    await result(2, { members: '10', failed: '2' });
    expect((await looks.next()).value).toMatchObject({ results: 2, members: { done: 33, failed: 2 } });
    await result(3, { members: '10', failed: '0' });
    await result(4, metadata);
    expect((await looks.next()).value).toMatchObject({ results: 4, members: { done: 90, failed: 2 } });
  });

  describe('with notes of the batches that are scored', () => {
    const ATS_FAILS: FailingEndpoint = { call: 'ats', address: 'http://a/', problem: 'answered 500', requests: 7 };

    async function note(batch: number, content: Partial<ScoringProgress>): Promise<void> {
      await bucket.writeJson(scoringProgressKey(RUN, batch), { done: 0, failed: 0, failing: [], ...content });
    }

    it('counts their members, too, until there is a result', async () => {
      await bucket.writeJson(manifestKey(RUN), manifest);
      await note(1, { done: 2, failed: 1 });
      await note(2, { done: 3 });
      const looks = watch();
      expect((await looks.next()).value).toMatchObject({ results: 0, members: { done: 5, failed: 1 } });
      await result(1, { members: '6', failed: '2' });
      await note(2, { done: 4 });
      expect((await looks.next()).value).toMatchObject({ results: 1, members: { done: 10, failed: 2 } });
    });

    it('tells which endpoints fail, each once, and no longer than the batch takes', async () => {
      await bucket.writeJson(manifestKey(RUN), manifest);
      await note(1, { failing: [ATS_FAILS] });
      await note(2, { failing: [ATS_FAILS, { ...ATS_FAILS, call: 'resp' }] });
      const looks = watch();
      expect((await looks.next()).value).toMatchObject({ failing: [ATS_FAILS, { call: 'resp' }] });
      await note(2, {});
      expect((await looks.next()).value).toMatchObject({ failing: [ATS_FAILS] });
      await result(1, { members: '6', failed: '6' });
      expect((await looks.next()).value).not.toHaveProperty('failing');
    });

    it('does without those that cannot be understood, or may not be read', async () => {
      class ForbiddingBucket extends Bucket {
        override objects(prefix: string, after?: string) {
          if (prefix.startsWith('progress/')) {
            throw new S3ServiceException({ name: 'AccessDenied', $fault: 'client', $metadata: {} });
          }
          return super.objects(prefix, after);
        }
      }
      await bucket.writeJson(manifestKey(RUN), manifest);
      await bucket.writeJson(scoringProgressKey(RUN, 1), { done: 'many' });
      expect((await watch().next()).value).toEqual({ ...NOTHING, manifest });
      const looks = watchRun(s3, new ForbiddingBucket(s3, NAME), upload);
      expect((await looks.next()).value).toEqual({ ...NOTHING, manifest });
    });

    it('reads each once, and none when all results are there', async () => {
      const read: string[] = [];
      class CountingBucket extends Bucket {
        override readJson<T>(key: string, schema: z.ZodType<T>) {
          if (key.startsWith('progress/')) read.push(key);
          return super.readJson(key, schema);
        }
        override objects(prefix: string, after?: string) {
          if (prefix.startsWith('progress/')) read.push('listed');
          return super.objects(prefix, after);
        }
      }
      await bucket.writeJson(manifestKey(RUN), manifest);
      await note(1, { done: 2 });
      const looks = watchRun(s3, new CountingBucket(s3, NAME), upload);
      for (let look = 0; look < 2; look += 1) await looks.next();
      await note(1, { done: 3 });
      await looks.next();
      for (const batch of [1, 2]) await result(batch, { members: '5', failed: '0' });
      await looks.next();
      const key = scoringProgressKey(RUN, 1);
      expect(read).toEqual(['listed', key, 'listed', 'listed', key]);
    });
  });

  it('asks once about each result, however often it looks', async () => {
    const asked: string[] = [];
    class CountingBucket extends Bucket {
      override metadataIfThere(key: string) {
        asked.push(key);
        return super.metadataIfThere(key);
      }
    }
    await bucket.writeJson(manifestKey(RUN), { ...manifest, members: 100, batches: 50 });
    const looks = watchRun(s3, new CountingBucket(s3, NAME), upload);
    for (let batch = 1; batch <= 40; batch++) await result(batch, { members: '2', failed: '1' });
    await looks.next();
    await result(41, { members: '2', failed: '1' });
    await looks.next();
    expect((await looks.next()).value).toMatchObject({ members: { done: 82, failed: 41 } });
    expect(asked.toSorted()).toEqual(Array.from({ length: 41 }, (_, n) => resultKey(RUN, n + 1)));
  });

  it.each([
    ['another file', { source: { bucket: NAME, key: 'uploads/acme/other.csv' } }],
    ['another content of the file', { etag: '0cc175b9c0f1b6a831c399e269772661' }],
  ])('is not misled by the reading of %s', async (_, difference) => {
    await bucket.writeJson(progressKey('20240131T101502Z-00000000'), progressOf(7, difference));
    const looks = watch();
    expect((await looks.next()).value).toEqual(NOTHING);
    await bucket.writeJson(progressKey(RUN), progressOf(8));
    expect((await looks.next()).value).toEqual({ ...NOTHING, rowsRead: 8 });
  });

  it('does without a progress that cannot be understood', async () => {
    await bucket.writeJson(progressKey(RUN), { rows: 'many' });
    const looks = watch();
    expect((await looks.next()).value).toEqual(NOTHING);
    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await looks.next()).value).toEqual({ ...NOTHING, manifest });
  });

  it('is not misled by a run of the same file that was still reading when the upload began', async () => {
    const runId = '20240131T101501Z-00000000';
    const looks = watch({ ...upload, earlierRuns: new Set([runId]) });
    await bucket.writeJson(progressKey(runId), progressOf(7));
    expect((await looks.next()).value).toEqual(NOTHING);
    await bucket.writeJson(manifestKey(runId), { ...manifest, runId });
    expect((await looks.next()).value).toEqual(NOTHING);
  });

  it.each([
    ['another file', { source: { bucket: NAME, key: 'uploads/acme/other.csv' } }],
    ['another content of the file', { etag: '0cc175b9c0f1b6a831c399e269772661' }],
  ])('is not misled by the run of %s', async (_, difference) => {
    await bucket.writeJson(manifestKey('20240131T101502Z-00000000'), { ...manifest, ...difference });
    const looks = watch();
    expect((await looks.next()).value).toEqual(NOTHING);
    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await looks.next()).value).toEqual({ ...NOTHING, manifest });
  });

  it.each([
    ['is of long before', '20240131T101000Z-00000000', new Set<string>()],
    ['was there just before', '20240131T101501Z-00000000', new Set(['20240131T101501Z-00000000'])],
  ])('is not misled by a run of the same file and content that %s', async (_, runId, earlierRuns) => {
    await bucket.writeJson(manifestKey(runId), { ...manifest, runId });
    expect((await watch({ ...upload, earlierRuns }).next()).value).toEqual(NOTHING);
  });

  it('finds a run whose clock is a few seconds behind that of the upload', async () => {
    const runId = '20240131T101455Z-00000000';
    await bucket.writeJson(manifestKey(runId), { ...manifest, runId });
    expect((await watch().next()).value).toMatchObject({ manifest: { runId } });
  });

  it('passes over what others have spoiled', async () => {
    await bucket.writeJson(manifestKey('20240131T101502Z-00000000'), 'no manifest');
    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await watch().next()).value).toEqual({ ...NOTHING, manifest });
  });

  it('says so when its own manifest cannot be understood, rather than wait for another', async () => {
    await bucket.writeJson(manifestKey(RUN), { ...manifest, batches: 'two' });
    await expect(watch().next()).rejects.toThrow(`s3://${NAME}/runs/${RUN}/manifest.json cannot be used`);
  });
});

describe('the runs since a time', () => {
  it('are those of that second and after, each once', async () => {
    for (const runId of ['20240131T101501Z-a', '20240131T101502Z-b', '20240131T101503Z-c']) {
      await bucket.writeJson(manifestKey(runId), {});
      await bucket.writeJson(`runs/${runId}/rejected.jsonl`, {});
    }
    expect(await runIdsSince(s3, NAME, upload.uploadedAt)).toEqual(['20240131T101502Z-b', '20240131T101503Z-c']);
  });

  it('are those that are still reading, too, when they are asked for with their objects', async () => {
    await bucket.writeJson(progressKey('20240131T101502Z-a'), {});
    await bucket.writeJson(progressKey('20240131T101502Z-b'), {});
    await bucket.writeJson(manifestKey('20240131T101502Z-b'), {});
    await bucket.writeJson('runs/20240131T101502Z-c/rejected.jsonl', {});
    expect(await runObjectsSince(s3, NAME, upload.uploadedAt)).toEqual([
      { runId: '20240131T101502Z-a', hasManifest: false, hasProgress: true },
      { runId: '20240131T101502Z-b', hasManifest: true, hasProgress: true },
      { runId: '20240131T101502Z-c', hasManifest: false, hasProgress: false },
    ]);
    expect(await runIdsSince(s3, NAME, upload.uploadedAt)).toEqual(['20240131T101502Z-b']);
  });

  it('are all there when they fill more than one page', async () => {
    const runIds = Array.from({ length: 1001 }, (_, n) => `20240131T101502Z-${String(n).padStart(8, '0')}`);
    for (const runId of runIds) await bucket.writeJson(manifestKey(runId), {});
    expect(await runIdsSince(s3, NAME, upload.uploadedAt)).toEqual(runIds);
  }, 30_000);
});
