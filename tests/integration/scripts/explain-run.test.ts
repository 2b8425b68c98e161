import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { referenceEndpoints } from '../../../lib/endpoints/reference-services.ts';
import { resultSchema } from '../../../lib/run/contracts.ts';
import { batchKey, manifestKey, outputKey, resultKey } from '../../../lib/run/keys.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { JSON_LINES_CONTENT_TYPE, jsonLine } from '../../../lib/storage/json-lines.ts';
import { type LocalS3, startLocalS3 } from '../../../local/s3/server.ts';
import type { CreatedObject } from '../../../local/s3/store.ts';
import { writeStack } from '../../../local/stack.ts';
import { readAgain } from '../../../scripts/explain/upload.ts';
import { CALL_DEFINITION, endpointsAt, mapCalls } from '../../default-calls.ts';
import { DEFAULT, PARTNERS } from '../../default-partner.ts';
import { CSV, HEADER } from './explain-sample.ts';
import { script } from './spawned.ts';

// Each test starts the command, some of them more than once, perhaps on a machine that is busy with other tests.
jest.setTimeout(30_000);

const BUCKET = 'offers';
let directory: string;
let local: LocalS3;
let s3: S3Client;
let bucket: Bucket;
let app: FastifyInstance;
let uploads: CreatedObject[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'explain-'));
  uploads = [];
  local = await startLocalS3({
    directory: join(directory, 's3'),
    port: 0,
    bucket: BUCKET,
    onObjectCreated: (object) => uploads.push(object),
  });
  const { endpoint, region, credentials } = local;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  bucket = new Bucket(s3, BUCKET);
  app = referenceEndpoints();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const endpoints = mapCalls(() => 'http://127.0.0.1:9/');
  writeStack({ pid: process.pid, bucket: BUCKET, s3: { endpoint, region, ...credentials }, endpoints }, directory);
});

afterEach(async () => {
  await app.close();
  s3.destroy();
  await local.close();
  await rm(directory, { recursive: true });
});

/** Uploads a file and does what the features stage does: one member per batch. */
async function prepare(csv: string | Buffer = CSV, key = 'uploads/acme/members.csv') {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: csv, Metadata: { 'as-of': '2024-01-31' } }));
  const upload = uploads.findLast((object) => object.key === key);
  if (upload === undefined) throw new Error('nothing was uploaded');
  return prepareRun(bucket, { ...upload, bucket: BUCKET }, { minBatchSize: 1, maxBatches: 10 }, { partners: PARTNERS });
}

/** What the predict stage does with a batch. */
function score(runId: string, batch: number) {
  const address = app.listeningOrigin;
  const { source: endpoints } = endpointsAt(mapCalls((call) => new URL(CALL_DEFINITION[call].path, address)));
  return scoreBatch(bucket, { key: batchKey(runId, batch), createdAt: new Date() }, { endpoints, concurrency: 1 });
}

async function scoreAll({ runId, batches }: { runId: string; batches: number }) {
  for (let batch = 1; batch <= batches; batch++) await score(runId, batch);
}

/** What the report stage leaves for programs. */
async function report({ runId, partner, batches }: { runId: string; partner: string; batches: number }) {
  let lines = '';
  for (let batch = 1; batch <= batches; batch++) {
    const { members } = await bucket.readJson(resultKey(runId, batch), resultSchema);
    lines += members.map(jsonLine).join('');
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: resultKey(runId, batch) }));
  }
  await bucket.writeText(outputKey(partner, runId, 'members'), lines, JSON_LINES_CONTENT_TYPE);
}

const explain = (...args: string[]) => script('explain', args, { STACK_DIR: directory });

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await explain(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^[^\n]+\n$/);
  return stderr;
}

describe('a member of a run', () => {
  it('is explained with what the run found, before there is a report', async () => {
    const run = await prepare();
    await scoreAll(run);
    const { code, stdout, stderr } = await explain(run.runId, 'M0012');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('M0012: OFFER_1\n');
    expect(stdout).toContain(`run        ${run.runId} in bucket offers, as of 2024-01-31`);
    expect(stdout).toContain('uploads/acme/members.csv of acme');
    expect(stdout).toContain('  *    4  2023-12-20 10:00:00               0          4    blank: kind, points');
    expect(stdout).toContain('AVG_POINTS_BOUGHT                     = (1,200 + 0 + 500 − 300) / 4 = 350\n');
    expect(stdout).toContain('POST to the ATS endpoint\n');
    expect(stdout).toMatch(/→ prediction 37\.9166\d+ \(1 attempt/);
    expect(stdout).not.toContain('note ');
  });

  it('is explained from the report’s data when there is a report, with the border between the offers', async () => {
    const run = await prepare();
    await scoreAll(run);
    await report(run);
    const border = {
      below: 'OFFER_1',
      above: 'OFFER_2',
      highestBelow: 150.5,
      lowestAbove: 210,
      near: 0,
      overlapping: 0,
    };
    await bucket.writeJson(outputKey(run.partner, run.runId, 'summary'), { boundaries: [border] });
    const { code, stdout } = await explain(run.runId, 'M0112');
    expect(code).toBe(0);
    expect(stdout).toContain('M0112: OFFER_1\n');
    expect(stdout).toContain('in this run     OFFER_1 up to 150.5, OFFER_2 from 210\n');
  });

  it('that is not scored yet is told as such, with its features, and ends with 1', async () => {
    const run = await prepare();
    await score(run.runId, 2);
    const { code, stdout } = await explain(run.runId, 'M0012');
    expect(code).toBe(1);
    expect(stdout).toContain('M0012: not scored yet\n');
    expect(stdout).toContain('(1,200 + 0 + 500 − 300) / 4 = 350\n');
    expect(stdout).not.toContain('requests and answers');
  });

  it('that failed ends with 2', async () => {
    const run = await prepare();
    await app.close();
    app = (await import('fastify')).default();
    app.post('/ml/resp/predict', async () => ({ prediction: 0.25 }));
    await app.listen({ host: '127.0.0.1', port: 0 });
    await scoreAll(run);
    const { code, stdout } = await explain(run.runId, 'M0112');
    expect(code).toBe(2);
    expect(stdout).toContain('M0112: FAILED at ATS\n');
    expect(stdout).toContain('→ prediction 0.25 (1 attempt');
    expect(stdout).toContain('→ failed with status 404 (1 attempt');
  });

  it.each([
    ['deleted', async () => s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'uploads/acme/members.csv' }))],
    [
      'overwritten',
      async () => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'uploads/acme/members.csv', Body: HEADER })),
    ],
  ])('is explained without its transactions when the upload has been %s since', async (fate, befall) => {
    const run = await prepare();
    await scoreAll(run);
    await befall();
    const { code, stdout } = await explain(run.runId, 'M0012');
    expect(code).toBe(0);
    expect(stdout).toContain(
      `note       uploads/acme/members.csv has been ${fate} since: its transactions cannot be shown`,
    );
    expect(stdout).not.toContain('transactions: ');
    expect(stdout).toContain('  AVG_POINTS_BOUGHT                     = 350\n');
    expect(stdout).toContain('line 7: LAST_TRANSACTION_TS "2024-02-01" is after the as-of day');
    expect(stdout).toContain('offer           OFFER_1');
  });

  it('is explained with the parts of a folder, as long as they are as the run has read them', async () => {
    const put = (name: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `uploads/acme/january/${name}`, Body }));
    await put('part-0.csv', `${HEADER}\nM0012,2023-12-20 10:00:00,buy,1200,12.5\n`);
    await put('part-1.csv', `${HEADER}\nM0112,2024-01-01,gift,100,1\nM0012,2024-01-10,redeem,-300,0\n`);
    const run = await prepare(Buffer.alloc(0), 'uploads/acme/january/_SUCCESS');
    await scoreAll(run);
    const { stdout } = await explain(run.runId, 'M0012');
    expect(stdout).toContain('uploads/acme/january/ of acme');
    expect(stdout).toContain('part-0.csv:2  2023-12-20 10:00:00');
    expect(stdout).toContain('part-1.csv:3  2024-01-10 00:00:00');
    expect(stdout).toContain('(1,200 − 300) / 2 = 450\n');
    expect(stdout).not.toContain('note ');
    await put('part-1.csv', HEADER);
    const wanted = { memberId: 'M0012', asOfDay: 19_753, definition: DEFAULT };
    const { notes } = await readAgain(bucket, run, wanted);
    expect(notes).toEqual([
      expect.stringMatching(/^uploads\/acme\/january\/ cannot be used now \(in part-1\.csv: it was overwritten/),
    ]);
  });

  it('whose features are not what its transactions come to is told both', async () => {
    const run = await prepare();
    await scoreAll(run);
    const result = await bucket.readJson(resultKey(run.runId, 1), resultSchema);
    for (const member of result.members) member.features.AVG_POINTS_BOUGHT = 351;
    await bucket.writeJson(resultKey(run.runId, 1), result);
    const { stdout } = await explain(run.runId, 'M0012');
    expect(stdout).toContain('(1,200 + 0 + 500 − 300) / 4 = 350\n');
    expect(stdout).toContain('but 351 is what the endpoints were sent\n');
    expect(stdout).toContain('"AVG_POINTS_BOUGHT": 351');
  });

  it('is not there: the nearest are', async () => {
    const run = await prepare();
    await scoreAll(run);
    const unknown = `no member "M0O12" in run ${run.runId}; nearest: M0012, M0112\n`;
    expect(await refusal(run.runId, 'M0O12')).toBe(unknown);
    await report(run);
    expect(await refusal(run.runId, 'M0O12')).toBe(unknown);
    expect(await refusal(run.runId, 'ONLY-REJECTED')).toContain('rejected rows that name it: 1, the first in line 8');
  });

  it('is not there when the run is not: the latest runs are', async () => {
    const first = await prepare();
    const second = await prepare(CSV, 'uploads/acme/second.csv');
    const line = await refusal('20240131T101502Z-3f9a1c2e', 'M0012');
    expect(line).toMatch(/^no run 20240131T101502Z-3f9a1c2e in the local stack; latest: /);
    expect(line).toContain(first.runId);
    expect(line).toContain(second.runId);
  });

  it('is not there when the file could not be used: the reason is', async () => {
    const { runId } = await prepare('a,b\n1,2\n');
    expect(await refusal(runId, 'M0012')).toContain(`run ${runId} has no members: no header`);
  });

  it('is not shown when the manifest or the data of the report make no sense', async () => {
    const run = await prepare();
    await scoreAll(run);
    await bucket.writeText(outputKey(run.partner, run.runId, 'members'), 'no \x1bJSON', JSON_LINES_CONTENT_TYPE);
    expect(await refusal(run.runId, 'M0012')).toMatch(/members\.jsonl cannot be used: line 1 is not JSON\n$/);
    await bucket.writeJson(manifestKey(run.runId), { runId: run.runId });
    expect(await refusal(run.runId, 'M0012')).toMatch(/manifest\.json cannot be used/);
  });
});
