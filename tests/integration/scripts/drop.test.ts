import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../../../lib/bucket.ts';
import type { Manifest, Summary } from '../../../lib/contracts.ts';
import { manifestKey, partnerOf, reportKey, resultKey, runIdOf, summaryKey } from '../../../lib/layout.ts';
import type { ObjectCreated } from '../../../local/objects.ts';
import { type LocalS3, startLocalS3 } from '../../../local/s3.ts';
import { writeStack } from '../../../local/stack.ts';
import { script } from './spawned.ts';

const NOBODY = 2 ** 22 + 1;
const endpoints = { ats: 'http://127.0.0.1:9/a', resp: 'http://127.0.0.1:9/r', offer: 'http://127.0.0.1:9/o' };

let directory: string;
let local: LocalS3;
let s3: S3Client;
let bucket: Bucket;
let uploads: ObjectCreated[];
/** What stands in for the stages: what becomes of an upload. */
let onUpload: (upload: ObjectCreated) => Promise<void>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drop-'));
  uploads = [];
  onUpload = (upload) => endRun(upload, {});
  local = await startLocalS3({
    directory: join(directory, 's3'),
    port: 0,
    bucket: 'offers',
    onObjectCreated: (object) => {
      if (!object.key.startsWith('uploads/')) return;
      uploads.push(object);
      void onUpload(object);
    },
  });
  s3 = new S3Client({ endpoint: local.endpoint, region: local.region, credentials: local.credentials });
  bucket = new Bucket(s3, 'offers');
  announce(process.pid);
});

afterEach(async () => {
  s3.destroy();
  await local.close();
  await rm(directory, { recursive: true });
});

function announce(pid: number) {
  const { endpoint, region, credentials } = local;
  writeStack({ pid, bucket: 'offers', s3: { endpoint, region, ...credentials }, endpoints }, directory);
}

function manifestOf(upload: ObjectCreated): Manifest {
  return {
    runId: runIdOf({ ...upload, uploadedAt: upload.createdAt }),
    partner: partnerOf(upload.key),
    source: { bucket: 'offers', key: upload.key },
    asOf: '2024-01-31',
    etag: upload.etag,
    rows: { read: 3, accepted: 2, rejected: 1, imputed: 0 },
    members: 2,
    batches: 1,
    startedAt: upload.createdAt.toISOString(),
    wait: { from: 0, to: 1 },
    steps: [],
  };
}

async function endRun(upload: ObjectCreated, differences: Partial<Summary>): Promise<void> {
  const manifest = manifestOf(upload);
  const { runId, partner, source, asOf, rows, startedAt } = manifest;
  await bucket.writeJson(manifestKey(runId), manifest);
  await bucket.writeJson(resultKey(runId, 1), {});
  await s3.send(new PutObjectCommand({ Bucket: 'offers', Key: reportKey(partner, runId), Body: 'the workbook' }));
  const summary: Summary = {
    ...{ runId, partner, source, asOf, rows, startedAt, finishedAt: startedAt, steps: [] },
    status: 'COMPLETE',
    members: { total: 2, scored: 2, failed: 0 },
    offers: { OFFER_1: 2 },
    reportKey: reportKey(partner, runId),
    ...differences,
  };
  await bucket.writeJson(summaryKey(partner, runId), summary);
}

async function csv(name: string, content = 'MEMBER_ID\n'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

function drop(...args: string[]) {
  return script('drop', [...args, '--out', join(directory, 'out')], { STACK_DIR: directory });
}

describe('drop', () => {
  it('uploads the file, tells what came of it and fetches the report', async () => {
    const { code, stdout, stderr } = await drop(await csv('members.csv'), '--partner', 'acme');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(uploads.map(({ key }) => key)).toEqual(['uploads/acme/members.csv']);
    expect(stdout).toMatch(/^uploading\n/);
    expect(stdout).toContain('COMPLETE\n');
    expect(stdout).toContain('3 read = 2 accepted + 1 rejected');
    expect(stdout).toContain(join(directory, 'out', 'report.xlsx'));
    expect(readFileSync(join(directory, 'out', 'report.xlsx'), 'utf8')).toBe('the workbook');
    expect(JSON.parse(readFileSync(join(directory, 'out', 'summary.json'), 'utf8'))).toMatchObject({
      status: 'COMPLETE',
    });
  });

  it.each([
    ['2', 'PARTIAL', '1 of 2 members failed'],
    ['1', 'FAILED', 'no row could be used'],
  ] as const)('ends with %s when the run is %s', async (code, status, reason) => {
    onUpload = (upload) => endRun(upload, { status, reason });
    const ended = await drop(await csv('members.csv'));
    expect(ended.code).toBe(Number(code));
    expect(ended.stdout).toContain(`${status}: ${reason}\n`);
    expect(readFileSync(join(directory, 'out', 'report.xlsx'), 'utf8')).toBe('the workbook');
  });

  it('hands the as-of day on with the object', async () => {
    await drop(await csv('members.csv'), '--as-of', '2024-01-31');
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: 'offers', Key: 'uploads/default/members.csv' }));
    expect(Metadata).toEqual({ 'as-of': '2024-01-31' });
  });

  it.each([
    ['members.txt', 'members.txt.csv'],
    ['MEMBERS.CSV', 'MEMBERS.CSV'],
    ['members, März+1 100%.csv', 'members, März+1 100%.csv'],
  ])('names the object for %s so that a run starts', async (name, key) => {
    const { code } = await drop(await csv(name));
    expect({ code, keys: uploads.map((upload) => upload.key) }).toEqual({ code: 0, keys: [`uploads/default/${key}`] });
  });

  it('takes an empty file', async () => {
    expect((await drop(await csv('empty.csv', ''))).code).toBe(0);
  });

  it('takes a file that has to go up in parts', async () => {
    const { code } = await drop(await csv('large.csv', 'x'.repeat(11 * 2 ** 20)));
    expect({ code, sizes: uploads.map(({ size }) => size) }).toEqual({ code: 0, sizes: [11 * 2 ** 20] });
  });

  it('finds the second run of a file that is dropped twice at once', async () => {
    const file = await csv('members.csv');
    await drop(file);
    onUpload = (upload) => endRun(upload, { status: 'PARTIAL', reason: 'the second run' });
    expect((await drop(file)).stdout).toContain('the second run');
  });
});

describe('drop says in one line, and ends with 1, that', () => {
  async function refusal(...args: string[]): Promise<string> {
    const { code, stderr } = await drop(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    return stderr;
  }

  it('there is no such file', async () => {
    expect(await refusal(join(directory, 'nothing.csv'))).toContain(`cannot read ${join(directory, 'nothing.csv')}`);
  });

  it('a directory is no file', async () => {
    expect(await refusal(directory)).toBe(`${directory} is not a file\n`);
  });

  it('an option is wrong', async () => {
    expect(await refusal('a.csv', '--as-of', 'today')).toContain(
      '--as-of must be a day such as 2024-01-31, not "today"',
    );
  });

  it('no stack is running', async () => {
    announce(NOBODY);
    expect(await refusal(await csv('members.csv'))).toMatch(/^no local stack is running .* start one with "npm start"/);
  });

  it('the state of the stack makes no sense', async () => {
    await writeFile(join(directory, 'stack.json'), '{}');
    expect(await refusal(await csv('members.csv'))).toContain('cannot understand the state of the local stack');
  });

  it('the stack has ended while the run was going on', async () => {
    onUpload = async () => announce(NOBODY);
    expect(await refusal(await csv('members.csv'))).toBe('the local stack ended before the run did\n');
  });

  it('a run does not begin', async () => {
    onUpload = async () => {};
    const line = await refusal(await csv('members.csv'), '--timeout', '1');
    expect(line).toContain('no progress for 1.00 s: no run for uploads/default/members.csv');
  });

  it('a run does not go on', async () => {
    onUpload = async (upload) => bucket.writeJson(manifestKey(manifestOf(upload).runId), manifestOf(upload));
    const line = await refusal(await csv('members.csv'), '--timeout', '1');
    expect(line).toMatch(/no progress for 1\.00 s: run \S+ has 0 of 1 results/);
  });

  it('the report has nowhere to go', async () => {
    await writeFile(join(directory, 'out'), 'a file');
    expect(await refusal(await csv('members.csv'))).toContain(`cannot make the directory ${join(directory, 'out')}`);
    expect(uploads).toEqual([]);
  });

  it('the bucket is not there', async () => {
    const { endpoint, region, credentials } = local;
    const stack = { pid: process.pid, bucket: 'elsewhere', s3: { endpoint, region, ...credentials }, endpoints };
    writeStack(stack, directory);
    expect(await refusal(await csv('members.csv'))).toContain('S3 refused bucket elsewhere: NoSuchBucket');
  });

  it('the stack does not answer', async () => {
    const { region, credentials } = local;
    const deaf = { endpoint: 'http://127.0.0.1:9', region, ...credentials };
    writeStack({ pid: process.pid, bucket: 'offers', s3: deaf, endpoints }, directory);
    expect(await refusal(await csv('members.csv'))).toBe(
      'the local stack does not answer: connect ECONNREFUSED 127.0.0.1:9\n',
    );
  });

  it('the machine knows no AWS', async () => {
    const home = join(directory, 'home');
    await mkdir(home);
    const { code, stderr } = await script('drop', [await csv('members.csv'), '--bucket', 'deployed'], {
      HOME: home,
      AWS_REGION: '',
      AWS_DEFAULT_REGION: '',
      AWS_CONFIG_FILE: join(home, 'config'),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^AWS is not configured on this machine: Region [^\n]+\n$/);
  });
});

describe('drop --help', () => {
  it('prints how it is used, and ends with 0', async () => {
    const { code, stdout } = await drop('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run drop -- FILE.csv/);
  });
});
