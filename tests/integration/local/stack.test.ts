import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapNames } from '../../../lib/registry.ts';
import { readStack, removeStack, type Stack, stackEnvironment, writeStack } from '../../../local/stack.ts';
import { mapCalls, URL_VARIABLES } from '../../default-calls.ts';

const stack: Stack = {
  pid: process.pid,
  bucket: 'member-offers-dev',
  s3: { endpoint: 'http://127.0.0.1:4569', region: 'us-east-1', accessKeyId: 'ANOTHER', secretAccessKey: 'ANOTHER' },
  endpoints: mapCalls((call) => `http://127.0.0.1:4000/${call}`),
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stack-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the state of a stack', () => {
  it('is read as it was written, until it is removed', () => {
    expect(readStack(directory)).toBeUndefined();
    writeStack(stack, directory);
    expect(readStack(directory)).toEqual(stack);
    expect(readdirSync(directory)).toEqual(['stack.json']);
    removeStack(directory);
    expect(readStack(directory)).toBeUndefined();
  });

  it('does not count when its process is no more', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeStack({ ...stack, pid }, directory);
    expect(readStack(directory)).toBeUndefined();
  });

  it('is refused when it is something else', () => {
    writeFileSync(join(directory, 'stack.json'), '{}');
    expect(() => readStack(directory)).toThrow('bucket');
  });

  it('becomes the environment that functions and AWS clients need', () => {
    expect(stackEnvironment(stack, { MIN_BATCH_SIZE: '500', MAX_BATCHES: '24' })).toEqual({
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_USE_DUALSTACK_ENDPOINT: 'false',
      AWS_USE_FIPS_ENDPOINT: 'false',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4569',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'ANOTHER',
      AWS_SECRET_ACCESS_KEY: 'ANOTHER',
      BUCKET: 'member-offers-dev',
      ...mapNames(URL_VARIABLES, () => expect.any(String)),
      ATS_URL: 'http://127.0.0.1:4000/ats',
      RESP_URL: 'http://127.0.0.1:4000/resp',
      OFFER_URL: 'http://127.0.0.1:4000/offer',
      ENDPOINT_HEADERS_REF: '',
      NOTIFY_TOPIC: '',
      MIN_BATCH_SIZE: expect.stringMatching(/^\d+$/),
      MAX_BATCHES: expect.stringMatching(/^\d+$/),
    });
  });
});
