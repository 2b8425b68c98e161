import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import { manifestKey, progressKey } from '../../../lib/run/keys.ts';
import { readProgressSchema } from '../../../lib/run/progress.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { ReadProgress } from '../../../lib/stages/features/read-progress.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { PARTNERS } from '../../default-partner.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';

const RUN = '20240131T101502Z-3f9a1c2e';
const BATCHING = { minBatchSize: 50, maxBatches: 4 };

let s3: S3Client;
let bucket: Bucket;

afterEach(() => {
  jest.restoreAllMocks();
});
const local = useTestBucket('test');
beforeEach(() => {
  s3 = local.client;
  bucket = new Bucket(s3, NAME);
});

function draft() {
  const rows = { read: 0, accepted: 0, rejected: 0, imputed: 0 };
  return { runId: RUN, source: { bucket: NAME, key: 'uploads/acme/m.csv' }, etag: 'e', rows };
}

/** A bucket whose writes fail; how many have been tried. */
class BrokenBucket extends Bucket {
  writes = 0;

  override async writeJson(): Promise<void> {
    this.writes += 1;
    throw new Error('no room');
  }
}

/** Reads a chunk at each of these times, counting ten rows for each; returns the rows noted after each. */
async function readAt(times: readonly number[], into: Bucket = bucket): Promise<(number | undefined)[]> {
  const run = draft();
  let time = 0;
  const progress = new ReadProgress(into, run, () => time);
  const noted: (number | undefined)[] = [];
  const chunks = async function* () {
    for (time of times) yield Buffer.from('x');
  };
  for await (const _ of progress.of(chunks())) {
    run.rows.read += 10;
    await progress.settled();
    noted.push((await bucket.readJsonIfThere(progressKey(RUN), readProgressSchema))?.rows.read);
  }
  return noted;
}

describe('the progress of reading', () => {
  it('is noted once a second, and not in the first one', async () => {
    // Rows are noted when a chunk arrives: those of the chunks before it.
    expect(await readAt([0, 999, 1000, 1999, 2000, 2500])).toEqual([undefined, undefined, 20, 20, 40, 40]);
  });

  it('says whose it is', async () => {
    await readAt([1000]);
    const { source, etag } = draft();
    expect(await bucket.readJson(progressKey(RUN), readProgressSchema)).toMatchObject({ source, etag });
  });

  it('is not waited for by the reading, and not noted twice at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let writes = 0;
    class SlowBucket extends Bucket {
      override async writeJson(): Promise<void> {
        writes += 1;
        await promise;
      }
    }
    let time = 0;
    const progress = new ReadProgress(new SlowBucket(s3, NAME), draft(), () => time);
    const chunks = async function* () {
      for (time of [1000, 2000, 3000]) yield Buffer.from('x');
    };
    let read = 0;
    for await (const _ of progress.of(chunks())) read += 1;
    expect({ read, writes }).toEqual({ read: 3, writes: 1 });
    resolve();
    await progress.settled();
  });

  it('goes on although it cannot be noted', async () => {
    const broken = new BrokenBucket(s3, NAME);
    expect(await readAt([1000, 2000], broken)).toEqual([undefined, undefined]);
    expect(broken.writes).toBe(2);
  });

  it('passes on the error of the file', async () => {
    const progress = new ReadProgress(bucket, draft(), () => 0);
    const chunks = async function* () {
      yield Buffer.from('x');
      throw new Error('cut off');
    };
    const read = async () => {
      for await (const _ of progress.of(chunks()));
    };
    await expect(read()).rejects.toThrow('cut off');
  });
});

describe('the features stage', () => {
  const ROWS = 20_000;

  async function upload() {
    const key = 'uploads/acme/m.csv';
    const header =
      'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';
    const rows = Array.from({ length: ROWS }, (_, row) => `M${row % 100},2024-01-01,buy,100,1`);
    const Body = [header, ...rows].join('\n');
    const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: NAME, Key: key, Body }));
    const createdAt = new Date('2024-01-31T10:15:02Z');
    return { bucket: NAME, key, etag: ETag.replaceAll('"', ''), sequencer: '1', createdAt };
  }

  /** A clock by which every look at it takes a while. */
  function slowClock(stepMs: number): void {
    let time = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => {
      time += stepMs;
      return time;
    });
  }

  it('notes how far it has come with a file that takes seconds', async () => {
    slowClock(600);
    const { runId, rows } = await prepareRun(bucket, await upload(), BATCHING, { partners: PARTNERS });
    const noted = await bucket.readJson(progressKey(runId), readProgressSchema);
    expect(noted.source.key).toBe('uploads/acme/m.csv');
    expect(noted.rows.read).toBeLessThan(rows.read);
    expect(rows.read).toBe(ROWS);
  });

  it('notes nothing of a file that is read at once', async () => {
    slowClock(0);
    const { runId } = await prepareRun(bucket, await upload(), BATCHING, { partners: PARTNERS });
    expect(await bucket.exists(progressKey(runId))).toBe(false);
  });

  it('does its work although it cannot note how far it has come', async () => {
    slowClock(600);
    const broken = new BrokenBucket(s3, NAME);
    const { runId, rows } = await prepareRun(broken, await upload(), BATCHING, { partners: PARTNERS });
    expect(broken.writes).toBeGreaterThan(0);
    expect(rows.read).toBe(ROWS);
    expect(await bucket.exists(manifestKey(runId))).toBe(true);
  });
});
