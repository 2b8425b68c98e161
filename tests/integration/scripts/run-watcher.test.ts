import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../../../lib/bucket.ts';
import type { Manifest, Summary } from '../../../lib/contracts.ts';
import { manifestKey, reportKey, resultKey, summaryKey } from '../../../lib/layout.ts';
import { type LocalS3, startLocalS3 } from '../../../local/s3.ts';
import { runsSince, type Uploaded, watchRun } from '../../../scripts/cli/run-watcher.ts';

const RUN = '20240131T101502Z-3f9a1c2e';
const NO_ROWS = { read: 0, accepted: 0, rejected: 0, imputed: 0 };

const upload: Uploaded = {
  key: 'uploads/acme/members.csv',
  etag: '9b2cf535f27731c974343645a3985328',
  uploadedAt: new Date('2024-01-31T10:15:02Z'),
  earlierRuns: new Set(),
};

const manifest: Manifest = {
  runId: RUN,
  partner: 'acme',
  source: { bucket: 'offers', key: upload.key },
  asOf: '2024-01-31',
  etag: upload.etag,
  rows: NO_ROWS,
  members: 2,
  batches: 2,
  startedAt: '2024-01-31T10:15:03Z',
  wait: { from: 0, to: 1 },
  steps: [],
};

const summary: Summary = {
  runId: RUN,
  partner: 'acme',
  source: manifest.source,
  asOf: '2024-01-31',
  status: 'COMPLETE',
  rows: NO_ROWS,
  members: { total: 2, scored: 2, failed: 0 },
  offers: { OFFER_1: 2 },
  steps: [],
  startedAt: '2024-01-31T10:15:03Z',
  finishedAt: '2024-01-31T10:15:05Z',
  reportKey: reportKey('acme', RUN),
};

let directory: string;
let local: LocalS3;
let s3: S3Client;
let bucket: Bucket;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-watcher-'));
  local = await startLocalS3({ directory, port: 0, bucket: 'offers' });
  s3 = new S3Client({ endpoint: local.endpoint, region: local.region, credentials: local.credentials });
  bucket = new Bucket(s3, 'offers');
});

afterEach(async () => {
  s3.destroy();
  await local.close();
  await rm(directory, { recursive: true });
});

function watch(of: Uploaded = upload) {
  return watchRun(s3, bucket, of);
}

describe('watching a run', () => {
  it('sees the file read, the batches scored and the report written, one look at a time', async () => {
    const looks = watch();
    expect((await looks.next()).value).toEqual({ results: 0 });

    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await looks.next()).value).toEqual({ manifest, results: 0 });

    await bucket.writeJson(resultKey(RUN, 2), {});
    expect((await looks.next()).value).toEqual({ manifest, results: 1 });

    await bucket.writeJson(resultKey(RUN, 1), {});
    expect((await looks.next()).value).toEqual({ manifest, results: 2 });

    await bucket.writeJson(summaryKey('acme', RUN), summary);
    expect((await looks.next()).value).toEqual({ manifest, results: 2, summary });
    expect(await looks.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['another file', { source: { bucket: 'offers', key: 'uploads/acme/other.csv' } }],
    ['another content of the file', { etag: '0cc175b9c0f1b6a831c399e269772661' }],
  ])('is not misled by the run of %s', async (_, difference) => {
    await bucket.writeJson(manifestKey('20240131T101502Z-00000000'), { ...manifest, ...difference });
    const looks = watch();
    expect((await looks.next()).value).toEqual({ results: 0 });
    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await looks.next()).value).toEqual({ manifest, results: 0 });
  });

  it.each([
    ['is of long before', '20240131T101000Z-00000000', new Set<string>()],
    ['was there just before', '20240131T101501Z-00000000', new Set(['20240131T101501Z-00000000'])],
  ])('is not misled by a run of the same file and content that %s', async (_, runId, earlierRuns) => {
    await bucket.writeJson(manifestKey(runId), { ...manifest, runId });
    expect((await watch({ ...upload, earlierRuns }).next()).value).toEqual({ results: 0 });
  });

  it('finds a run whose clock is a few seconds behind that of the upload', async () => {
    const runId = '20240131T101455Z-00000000';
    await bucket.writeJson(manifestKey(runId), { ...manifest, runId });
    expect((await watch().next()).value).toMatchObject({ manifest: { runId } });
  });

  it('passes over what others have spoiled', async () => {
    await bucket.writeJson(manifestKey('20240131T101502Z-00000000'), 'no manifest');
    await bucket.writeJson(manifestKey(RUN), manifest);
    expect((await watch().next()).value).toEqual({ manifest, results: 0 });
  });

  it('says so when its own manifest cannot be understood, rather than wait for another', async () => {
    await bucket.writeJson(manifestKey(RUN), { ...manifest, batches: 'two' });
    await expect(watch().next()).rejects.toThrow(`s3://offers/runs/${RUN}/manifest.json cannot be used`);
  });
});

describe('the runs since a time', () => {
  it('are those of that second and after, each once', async () => {
    for (const runId of ['20240131T101501Z-a', '20240131T101502Z-b', '20240131T101503Z-c']) {
      await bucket.writeJson(manifestKey(runId), {});
      await bucket.writeJson(`runs/${runId}/rejected.jsonl`, {});
    }
    expect(await runsSince(s3, 'offers', upload.uploadedAt)).toEqual(['20240131T101502Z-b', '20240131T101503Z-c']);
  });

  it('are all there when they fill more than one page', async () => {
    const runIds = Array.from({ length: 1001 }, (_, n) => `20240131T101502Z-${String(n).padStart(8, '0')}`);
    for (const runId of runIds) await bucket.writeJson(manifestKey(runId), {});
    expect(await runsSince(s3, 'offers', upload.uploadedAt)).toEqual(runIds);
  }, 30_000);
});
