import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestSchema } from '../../../lib/run/contracts.ts';
import { endKey, uploadKey } from '../../../lib/run/keys.ts';
import { writeStack } from '../../../local/stack.ts';
import { mapCalls } from '../../default-calls.ts';
import { fileOf } from '../faults/content.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { script } from './spawned.ts';

let directory: string;
const pipeline = usePipeline();
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'resume-'));
  const { AWS_ENDPOINT_URL_S3: endpoint = '', AWS_REGION: region = '', ATS_URL: url = '' } = process.env;
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env;
  const s3 = { endpoint, region, accessKeyId, secretAccessKey };
  const { name: bucket } = pipeline.bucket;
  writeStack({ pid: process.pid, bucket, s3, endpoints: mapCalls(() => url) }, directory);
});
afterAll(() => rm(directory, { recursive: true }));

function resume(runId: string, ...options: string[]) {
  return script('resume', [runId, '--out', join(directory, 'out'), ...options], { STACK_DIR: directory });
}

/** Drops a file for which the offer service refuses the first member. */
async function dropPartly(name: string): Promise<string> {
  let offers = 0;
  pipeline.intercept = ({ url }, reply) =>
    url === '/offer/assign' && offers++ === 0 ? reply.code(422).send('no') : undefined;
  const { runId, status } = await pipeline.drop(name, fileOf(3), '2024-01-31');
  expect(status).toBe('PARTIAL');
  pipeline.reset();
  return runId;
}

/** The run of a file. Runs that began in the same second have no order. */
async function runOf(name: string): Promise<string> {
  for (const key of await pipeline.bucket.list('runs/')) {
    if (!key.endsWith('/manifest.json')) continue;
    const { runId, source } = await pipeline.bucket.readJson(key, manifestSchema);
    if (source.key === uploadKey('default', name)) return runId;
  }
  throw new Error(`no run of ${name}`);
}

describe('resume', () => {
  it('calls for members that failed, and tells how long that took and when the run began', async () => {
    const runId = await dropPartly('again.csv');
    const { code, stdout } = await resume(runId);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^calling the endpoints again for members that failed: 1\nCOMPLETE\n/);
    expect(stdout).toMatch(/\n {2}started {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
    expect(stdout).toMatch(/\n {2}elapsed {2}\S+ (ms|s|min \d+ s) since the run was resumed\n/);
    expect(stdout).not.toMatch(/\n {2}time |from the upload/);

    // Now there is nothing to do, and nobody has waited.
    const again = await resume(runId);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^nothing to do: the run has ended and no member has failed\nCOMPLETE\n/);
    expect(again.stdout).not.toContain('elapsed');
  }, 60_000);

  it('does not wait for a report that is there, and only untold', async () => {
    const runId = await dropPartly('untold.csv');
    await pipeline.delete(endKey(runId));
    const { code, stdout } = await resume(runId);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^the report is there, and the run is about to end: .*\n?.* add --now\nPARTIAL: /);
    expect(stdout).not.toContain('elapsed');
  }, 60_000);

  it('says of a run that does not go on how far it has come, and how to make it', async () => {
    pipeline.admits = (functionName) => functionName !== 'predict';
    await pipeline.put('lost.csv', fileOf(3), '2024-01-31');
    await pipeline.idle();
    const runId = await runOf('lost.csv');
    const { code, stdout, stderr } = await resume(runId, '--timeout', '1');
    expect(code).toBe(1);
    expect(stdout).toMatch(/if\s+nothing is at work any more, add --now\n$/);
    expect(stderr).toMatch(/^scoring members: 0 of 3\nno report for 1 s: 0 of 1 batches are scored; .* add --now\n$/);
    expect((await resume(runId, '--now', '--timeout', '1')).stdout).toContain(
      'started again batches that had no result: 1',
    );
  }, 60_000);
});
