import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { mapNames } from '../../lib/registry.ts';
import { OUTPUTS } from '../../lib/run/outputs.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import { EXAMPLE_VARIABLES } from '../../local/endpoints/example-calls.ts';
import { readStack } from '../../local/stack.ts';
import { EXAMPLE_NAMES, SAMPLE_AS_OF, SAMPLES } from '../../scripts/sample/samples.ts';
import { URL_VARIABLES } from '../default-calls.ts';
import { send } from '../integration/local/s3/sent.ts';

/** The commands of the README against the real local stack: serverless-offline, bundles, threads, HTTP. */
const MINUTE = 60_000;

let directory: string;
let environment: NodeJS.ProcessEnv;
let stack: ReturnType<typeof spawn>;
let output = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'member-offers-e2e-'));
  const { BUCKET: _bucket, ...inherited } = process.env;
  environment = {
    ...inherited,
    // Not those of whoever runs the tests.
    ...mapNames([...URL_VARIABLES, ...EXAMPLE_VARIABLES], () => ''),
    STACK_DIR: join(directory, 'stack'),
    S3_PORT: '0',
    ENDPOINTS_PORT: '0',
    LAMBDA_PORT: '0',
    // As somebody may have set them for work on AWS.
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  };
  // What `npm start` runs, without npm in between: it is this process whose end matters.
  stack = spawn('node_modules/.bin/serverless', ['offline', 'start'], { env: environment, detached: true });
  for (const stream of [stack.stdout, stack.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  await notified('The local stack is ready');
}, MINUTE);

afterAll(async () => {
  if (stack.exitCode === null && stack.pid !== undefined) process.kill(-stack.pid, 'SIGKILL');
  await rm(directory, { recursive: true, force: true });
}, MINUTE);

/** Waits until the stack prints a text; fails with all that it printed when it ends instead. */
function notified(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => output.includes(text) && resolve();
    stack.stdout?.on('data', look);
    stack.once('exit', (code) => reject(new Error(`the stack ended with ${code}:\n${output}`)));
    look();
  });
}

function run(command: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { env: environment }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr });
    });
  });
}

describe('the local stack', () => {
  it(
    'turns a dropped file into a report',
    async () => {
      const out = join(directory, 'out');
      const drop = await run('npm', 'run', 'drop', '--', 'events/sample.csv', '--as-of', '2024-01-31', '--out', out);
      expect(drop.stdout).toContain('COMPLETE');
      expect(drop.code).toBe(0);
      const expected = JSON.parse(await readFile('tests/data/expected-sample.json', 'utf8'));
      const summary = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
      expect(summary).toMatchObject({ status: 'COMPLETE', rows: expected.rows, offers: expected.offers });
      const workbook = new ExcelJS.Workbook();
      await workbook.xlsx.readFile(join(out, 'report.xlsx'));
      expect(workbook.getWorksheet('Members')?.rowCount).toBe(1 + summary.members.total);
      expect((await readdir(out)).toSorted()).toEqual(
        Object.values(OUTPUTS)
          .map(({ file }) => file)
          .toSorted(),
      );
      expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('OFFER_2');
    },
    MINUTE,
  );

  it.each(EXAMPLE_NAMES)(
    'has services for what the example partner %s calls',
    async (partner) => {
      const out = join(directory, partner);
      const args = [SAMPLES[partner].file, '--partner', partner, '--as-of', SAMPLE_AS_OF, '--out', out];
      const drop = await run('npm', 'run', 'drop', '--', ...args);
      expect(drop.code).toBe(0);
      const expected = JSON.parse(await readFile(`tests/data/expected-${partner}.json`, 'utf8'));
      const summary = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
      expect(summary).toMatchObject({ status: 'COMPLETE', partner, rows: expected.rows, offers: expected.offers });
    },
    MINUTE,
  );

  it.each([
    ['features', '"accepted": 6'],
    ['predict', '"failed": 0'],
    ['report', '"status": "COMPLETE"'],
    ['endpoints', '"statusCode": 200'],
    ['onFailure', 'signal: killed'],
    ['resume', '"runId": "20240131T120000Z-478056de"'],
  ])(
    'serves `sls invoke local -f %s` with its sample event',
    async (name, answer) => {
      const invoked = await run('npx', 'sls', 'invoke', 'local', '-f', name, '-p', `events/${name}.json`);
      expect(invoked.stdout).toContain(answer);
      expect(invoked.code).toBe(0);
    },
    MINUTE,
  );

  it('answers programs on this machine, and no page of elsewhere, wherever it listens', async () => {
    const { s3, endpoints } = readStack(join(directory, 'stack')) ?? {};
    const lambda = /listening on (http:\S+)/.exec(output)?.[1] ?? '';
    const invoke = { method: 'POST', path: '/2015-03-31/functions/member-offers-dev-endpoints/invocations' };
    const body = await readFile('events/endpoints.json', 'utf8');
    expect(await send(lambda, { ...invoke, body })).toMatchObject({
      status: 200,
      body: expect.stringContaining('200'),
    });
    for (const address of [lambda, s3?.endpoint ?? '', endpoints?.ats ?? '']) {
      expect(new URL(address).hostname).toBe('127.0.0.1');
      const foreign: Record<string, string>[] = [
        { origin: 'https://attacker.example' },
        { host: `attacker.example:${new URL(address).port}` },
        { 'sec-fetch-site': 'cross-site', expect: '100-continue' },
      ];
      for (const headers of foreign) {
        const { status, body: text } = await send(address, { ...invoke, headers, body });
        expect({ status, text }).toEqual({
          status: 403,
          text: expect.stringMatching(/^This server answers only programs on this machine/),
        });
      }
    }
  });

  it(
    'ends on Ctrl-C and leaves nothing behind but the bucket',
    async () => {
      const exited = new Promise((resolve) => stack.once('exit', resolve));
      const { pid, s3, endpoints } = JSON.parse(await readFile(join(directory, 'stack/stack.json'), 'utf8'));
      if (stack.pid !== undefined) process.kill(-stack.pid, 'SIGINT');
      expect(await exited).toBe(0);
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      expect(existsSync(join(directory, 'stack/stack.json'))).toBe(false);
      await expect(fetch(s3.endpoint)).rejects.toThrow();
      await expect(fetch(endpoints.ats)).rejects.toThrow();
    },
    MINUTE,
  );
});
