import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Manifest } from '../../../lib/run/contracts.ts';
import { manifestKey, outputKey, partnerOf, progressKey, resultKey, runIdOf } from '../../../lib/run/keys.ts';
import { OUTPUTS, OUTPUTS_BESIDE_SUMMARY, type Output } from '../../../lib/run/outputs.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { type LocalS3, startLocalS3 } from '../../../local/s3/server.ts';
import type { CreatedObject } from '../../../local/s3/store.ts';
import { writeStack } from '../../../local/stack.ts';
import { inputToDrop, upload } from '../../../scripts/drop/upload.ts';
import { MANIFEST } from '../../builders/results.ts';
import { summaryWith } from '../../builders/summaries.ts';
import { mapCalls } from '../../default-calls.ts';
import { script } from './spawned.ts';

/** As somebody may have set them for work on AWS. */
const FOR_AWS = { AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_USE_FIPS_ENDPOINT: 'true' };

const NOBODY = 2 ** 22 + 1;
const endpoints = mapCalls(() => 'http://127.0.0.1:9/');

let directory: string;
let local: LocalS3;
let s3: S3Client;
let bucket: Bucket;
let uploads: CreatedObject[];
/** What stands in for the stages: what becomes of an upload. */
let onUpload: (upload: CreatedObject) => Promise<void>;

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
  notify(process.pid);
});

afterEach(async () => {
  s3.destroy();
  await local.close();
  await rm(directory, { recursive: true });
});

function notify(pid: number) {
  const { endpoint, region, credentials } = local;
  writeStack({ pid, bucket: 'offers', s3: { endpoint, region, ...credentials }, endpoints }, directory);
}

function manifestOf(upload: CreatedObject): Manifest {
  return {
    ...MANIFEST,
    runId: runIdOf(upload),
    partner: partnerOf(upload.key),
    source: { bucket: 'offers', key: upload.key },
    etag: upload.etag,
    rows: { read: 3, accepted: 2, rejected: 1, imputed: 0 },
    members: 2,
    startedAt: upload.createdAt.toISOString(),
    finishedAt: upload.createdAt.toISOString(),
  };
}

async function endRun(upload: CreatedObject, differences: Partial<Summary>): Promise<void> {
  const manifest = manifestOf(upload);
  const { runId, partner, source, asOf, rows, startedAt } = manifest;
  await bucket.writeJson(manifestKey(runId), manifest);
  await bucket.createJson(resultKey(runId, 1), {}, { members: '2', failed: '0' });
  const key = (output: Output) => outputKey(partner, runId, output);
  for (const output of OUTPUTS_BESIDE_SUMMARY) {
    await bucket.writeText(key(output), `the ${output}`, 'text/plain');
  }
  const summary = summaryWith({
    ...{ runId, partner, source, asOf, rows, startedAt, finishedAt: startedAt },
    rejections: [{ problem: 'MEMBER_ID is blank', rows: 1 }],
    members: { total: 2, scored: 2, failed: 0 },
    offers: { OFFER_1: 2 },
    ...differences,
  });
  await bucket.writeJson(key('summary'), summary);
}

/** All files of a report but the one that people open. */
const BESIDE_WORKBOOK = Object.values(OUTPUTS).flatMap(({ file }) => (file === 'report.xlsx' ? [] : [file]));

function saved(output: Output): string {
  return readFileSync(join(directory, 'out', OUTPUTS[output].file), 'utf8');
}

async function csv(name: string, content = 'MEMBER_ID\n'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

function drop(...args: string[]) {
  return script('drop', [...args, '--out', join(directory, 'out')], { STACK_DIR: directory, ...FOR_AWS });
}

describe('drop', () => {
  it('uploads the file, tells what came of it and fetches all that the report is made of', async () => {
    const { code, stdout } = await drop(await csv('members.csv'), '--partner', 'acme');
    expect(code).toBe(0);
    expect(uploads.map(({ key }) => key)).toEqual(['uploads/acme/members.csv']);
    expect(stdout).toMatch(/^COMPLETE\n/);
    expect(stdout).toContain('3 read = 2 accepted + 1 rejected');
    expect(stdout).toContain(`${join(directory, 'out', 'report.xlsx')} (beside it: ${BESIDE_WORKBOOK.join(', ')})`);
    for (const output of OUTPUTS_BESIDE_SUMMARY) {
      expect(saved(output)).toBe(`the ${output}`);
    }
    expect(JSON.parse(saved('summary'))).toMatchObject({ status: 'COMPLETE' });
  });

  it('tells its progress beside the result, where that is not read from a terminal', async () => {
    const { stderr } = await drop(await csv('members.csv'));
    // What lies between depends on when the run is looked at.
    expect(stderr).toMatch(
      /^uploading: 10 bytes of 10 bytes\n(reading the file\n|writing the report\n|scoring .*\n)*done\n$/,
    );
  });

  it.each([
    [0, 'COMPLETE'],
    [2, 'PARTIAL'],
    [1, 'FAILED'],
  ] as const)(
    '--json ends with %d when the run is %s, and prints its summary and nothing else',
    async (code, status) => {
      onUpload = (upload) => endRun(upload, { status, reason: 'a \u001b[2J reason' });
      const ended = await drop(await csv('members.csv'), '--json');
      expect(ended.code).toBe(code);
      expect(JSON.parse(ended.stdout)).toEqual(JSON.parse(saved('summary')));
      expect(ended.stdout).toMatch(/^\{\n {2}"runId": /);
      expect(ended.stdout).not.toContain('\u001b');
      expect(ended.stderr).toContain('done\n');
      expect(ended.stderr).toContain(join(directory, 'out', 'report.xlsx'));
    },
  );

  it('--json prints nothing at all on stdout when there is no report', async () => {
    onUpload = async () => {};
    const { code, stdout, stderr } = await drop(await csv('members.csv'), '--json', '--timeout', '1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('no progress for 1 s');
  });

  it('tells the rows that have been read while there is no manifest', async () => {
    onUpload = async (upload) => {
      const { runId, source, etag, rows } = manifestOf(upload);
      await bucket.writeJson(progressKey(runId), { source, etag, rows: { ...rows, read: 1_250_000 } });
    };
    const { stderr } = await drop(await csv('members.csv'), '--timeout', '1');
    expect(stderr).toContain('reading the file: 1,250,000 rows\n');
    expect(stderr).toContain('a run is reading');
  });

  it('does nothing to the terminal, whatever a run says', async () => {
    const hostile = `\u001b]0;title\u0007\u009b2J\u202e${'x'.repeat(5000)}\nCOMPLETE`;
    onUpload = (upload) =>
      endRun(upload, {
        status: 'PARTIAL',
        reason: hostile,
        offers: { [hostile]: 2 },
        rejections: [{ problem: hostile, rows: 1 }],
        failures: [{ step: 'ats', calls: 1, example: hostile }],
      });
    const { stdout, stderr } = await drop(await csv('members.csv'));
    expect(stdout).toContain('PARTIAL: \\u001b]0;title\\u0007\\u009b2J\\u202ex');
    expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
    // The line that says where the report is holds the name of a directory.
    for (const line of stdout.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(110);
  });

  it.each([
    ['2', 'PARTIAL', '1 of 2 members failed'],
    ['1', 'FAILED', 'no row could be used'],
  ] as const)('ends with %s when the run is %s', async (code, status, reason) => {
    onUpload = (upload) => endRun(upload, { status, reason });
    const ended = await drop(await csv('members.csv'));
    expect(ended.code).toBe(Number(code));
    expect(ended.stdout).toContain(`${status}: ${reason}\n`);
    expect(saved('workbook')).toBe('the workbook');
  });

  it('hands the as-of day on with the object', async () => {
    await drop(await csv('members.csv'), '--as-of', '2024-01-31');
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: 'offers', Key: 'uploads/default/members.csv' }));
    expect(Metadata).toEqual({ 'as-of': '2024-01-31' });
  });

  it.each([
    ['members.txt', 'members.txt'],
    ['members', 'members'],
    ['members.csv.gz', 'members.csv.gz'],
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

  it('takes what comes in on standard input', async () => {
    const options = { STACK_DIR: directory, input: 'MEMBER_ID\nM1\n' };
    const { code, stderr } = await script('drop', ['-', '--out', join(directory, 'out')], options);
    expect({ code, uploads: uploads.map(({ key, size }) => [key, size]) }).toEqual({
      code: 0,
      uploads: [['uploads/default/stdin', 13]],
    });
    expect(stderr).toContain('uploading: 13 bytes\n');
  });

  it('uploads the parts of a directory, then the mark whose run it follows, and nothing over other parts', async () => {
    const january = join(directory, 'january');
    await mkdir(january);
    await mkdir(join(january, 'sub'));
    for (const name of ['part-1.csv', 'part-0.csv', '.part-0.csv.crc', '_SUCCESS', 'notes.txt']) {
      await csv(`january/${name}`);
    }
    onUpload = async (upload) => {
      if (upload.key.endsWith('_SUCCESS')) await endRun(upload, {});
    };
    const { code, stdout, stderr } = await drop(`${january}/`, '--partner', 'acme', '--as-of', '2024-01-31');
    const [mark, ...parts] = uploads.map(({ key }) => key).toReversed();
    expect({ code, keys: [...parts.toSorted(), mark] }).toEqual({
      code: 0,
      keys: ['part-0.csv', 'part-1.csv', '_SUCCESS'].map((name) => `uploads/acme/january/${name}`),
    });
    expect(stdout).toMatch(/^COMPLETE\n[\s\S]* s3:\/\/offers\/uploads\/acme\/january\/\n/);
    expect(stderr).toMatch(/^left out: notes\.txt, sub\/\nuploading: [\s\S]*uploading: 20 bytes of 20 bytes\n/);
    const { Metadata } = await s3.send(
      new HeadObjectCommand({ Bucket: 'offers', Key: 'uploads/acme/january/_SUCCESS' }),
    );
    expect(Metadata).toEqual({ 'as-of': '2024-01-31' });
    await rename(join(january, 'part-1.csv'), join(january, 'part-2.csv'));
    const sending = { signal: new AbortController().signal, onProgress: () => undefined };
    const again = upload(s3, 'offers', await inputToDrop(january), { partner: 'acme', asOf: undefined }, sending);
    await expect(again).rejects.toThrow(
      /^uploads\/acme\/january\/ in the bucket holds other parts \(1, such as uploads\/acme\/january\/part-1\.csv\), .* rename the directory$/,
    );
    expect(uploads).toHaveLength(3);
  });

  it('deletes the mark of the earlier upload before the first part of a directory', async () => {
    const january = join(directory, 'january');
    await mkdir(january);
    await csv('january/part-0.csv');
    onUpload = async () => {};
    const sent: string[] = [];
    s3.middlewareStack.add((next, { commandName }) => (args) => {
      if (/^(?:Put|Delete)Object/.test(commandName ?? ''))
        sent.push(`${commandName} ${(args.input as { Key: string }).Key}`);
      return next(args);
    });
    const sending = { signal: new AbortController().signal, onProgress: () => undefined };
    for (const _ of [1, 2]) {
      await upload(s3, 'offers', await inputToDrop(january), { partner: 'acme', asOf: undefined }, sending);
    }
    const written = [
      'PutObjectCommand uploads/acme/january/part-0.csv',
      'PutObjectCommand uploads/acme/january/_SUCCESS',
    ];
    expect(sent).toEqual([...written, 'DeleteObjectCommand uploads/acme/january/_SUCCESS', ...written]);
  });

  it('breaks off all parts of a directory when one of them cannot be sent', async () => {
    const january = join(directory, 'january');
    await mkdir(january);
    await csv('january/part-0.csv');
    await csv('january/part-1.csv', 'x'.repeat(11 * 2 ** 20));
    const [begun, given, deleted] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    s3.middlewareStack.add((next, { commandName }) => async (args) => {
      if (commandName === 'PutObjectCommand') {
        await begun.promise;
        throw new Error('S3 is not well');
      }
      if (commandName === 'UploadPartCommand') {
        begun.resolve();
        await given.promise;
      }
      if (commandName === 'AbortMultipartUploadCommand') deleted.resolve();
      return next(args);
    });
    const sending = { signal: new AbortController().signal, onProgress: () => undefined };
    const sent = upload(s3, 'offers', await inputToDrop(january), { partner: 'acme', asOf: undefined }, sending);
    await expect(sent).rejects.toThrow('S3 is not well');
    given.resolve();
    await deleted.promise;
    expect(uploads).toEqual([]);
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
    const { code, stdout, stderr } = await drop(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = stderr.split('\n').filter((line) => !/^(uploading|reading|scoring)\b/.test(line));
    expect(lines).toEqual([expect.stringMatching(/./), '']);
    return lines.join('\n');
  }

  it('there is no such file', async () => {
    expect(await refusal(join(directory, 'nothing.csv'))).toContain(`cannot read ${join(directory, 'nothing.csv')}`);
  });

  it('a directory has no parts', async () => {
    expect(await refusal(directory)).toMatch(
      /is a directory without parts: name a file, or a directory of files part-…, which _SUCCESS closes in the bucket\n$/,
    );
  });

  it('the parts of a directory are in folders below it', async () => {
    for (const month of [1, 2]) {
      await mkdir(join(directory, `month=${month}`));
      await csv(`month=${month}/part-0.csv`);
    }
    expect(await refusal(directory)).toMatch(
      /is a directory without parts: they are in folders below \(month=1\/, month=2\/\); name one of these, or write without partitionBy\n$/,
    );
  });

  it('the mark of a directory is no file', async () => {
    expect(await refusal(await csv('_SUCCESS', ''))).toMatch(
      /_SUCCESS only says that a folder of parts is whole: name the directory, /,
    );
    expect(uploads).toEqual([]);
  });

  it('an option is wrong', async () => {
    expect(await refusal('a.csv', '--as-of', 'today')).toContain(
      '--as-of must be a day such as 2024-01-31, not "today"',
    );
  });

  it('no stack is running', async () => {
    notify(NOBODY);
    expect(await refusal(await csv('members.csv'))).toMatch(/^no local stack is running .* start one with "npm start"/);
  });

  it('the state of the stack makes no sense', async () => {
    await writeFile(join(directory, 'stack.json'), '{}');
    expect(await refusal(await csv('members.csv'))).toContain('cannot understand the state of the local stack');
  });

  it('the stack has ended while the run was going on', async () => {
    onUpload = async () => notify(NOBODY);
    expect(await refusal(await csv('members.csv'))).toBe('the local stack ended before the run did\n');
  });

  it('a run does not begin', async () => {
    onUpload = async () => {};
    const line = await refusal(await csv('members.csv'), '--timeout', '1');
    expect(line).toContain('no progress for 1 s: no run for uploads/default/members.csv');
  });

  it('a run does not go on', async () => {
    onUpload = async (upload) => bucket.writeJson(manifestKey(manifestOf(upload).runId), manifestOf(upload));
    const line = await refusal(await csv('members.csv'), '--timeout', '1');
    expect(line).toMatch(/no progress for 1 s: run \S+ has 0 of 1 results/);
  });

  it('the report has nowhere to go', async () => {
    await writeFile(join(directory, 'out'), 'a file');
    expect(await refusal(await csv('members.csv'))).toContain(
      `cannot make the directory ${join(directory, 'out')} for the report, --out names another`,
    );
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
    expect(stderr).toMatch(/^AWS is not configured on this machine: Region [^\n]+\(set AWS_REGION and [^\n]+\)\n$/);
  });
});

describe('a name that would command the terminal', () => {
  it('is made harmless in what drop says of it', async () => {
    const { stderr } = await drop(join(directory, '\u001b[2Jnothing.csv'));
    expect(stderr).toContain('\\u001b[2Jnothing.csv');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('drop --help', () => {
  it('prints how it is used, and ends with 0', async () => {
    const { code, stdout } = await drop('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run drop -- FILE.csv/);
  });
});
