import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TestProcess } from '../../../scripts/mutation/test-process.ts';

let directory: string;
beforeAll(async () => {
  // Of this project's own modules alone it is said that they are loaded anew.
  await mkdir('out', { recursive: true });
  directory = await mkdtemp(resolve('out', 'mutation-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function testFile(name: string, text: string): Promise<string> {
  const path = join(directory, `${name}.test.ts`);
  await writeFile(path, text);
  return path;
}

const RATE_LIMITER = `import { RateLimiter } from '${resolve('lib/endpoints/rate-limiter.ts')}';\n`;

async function mutate(tests: string) {
  const args = ['--no-warnings', 'scripts/mutation.ts', 'lib/endpoints/rate-limiter.ts', '--tests', tests];
  return promisify(execFile)(process.execPath, args).catch((error) => error);
}

describe('npm run mutation', () => {
  it('says which changes to the code a test does not notice', async () => {
    const weak = `${RATE_LIMITER}it('takes a turn', () => { expect(new RateLimiter(2, () => 5).take()).toBe(0); });`;
    const { stdout } = await mutate(await testFile('weak', weak));
    // A second turn would tell how long a turn is; the first tells what comes before it.
    expect(stdout).toContain('survived\n  - 1000 / perSecond\n  + 1000 * perSecond\n');
    expect(stdout).not.toContain('- Math.max(at, this.#nextAt)');
    expect(stdout).toMatch(/\nall +\d+ +[1-9]\d* +0 +[1-9]\d* +0 +\d\d\.\d %\n/);
  });

  it('refuses tests that fail without any change, and names the one', async () => {
    const { code, stderr } = await mutate(
      await testFile('failing', `${RATE_LIMITER}it('fails', () => { expect(1).toBe(2); });`),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /failing\.test\.ts fails without a mutant: fails: Error: expect\(received\)\.toBe\(expected\)/,
    );
  });
});

describe('the process of the tests', () => {
  let tests: TestProcess;
  beforeAll(() => {
    tests = new TestProcess(directory);
  });
  afterAll(() => tests.stop());

  it('shows each trial the modules as if they had just been loaded', async () => {
    await writeFile(join(directory, 'counter.ts'), 'export const counter = { count: 0 };');
    const file = await testFile(
      'counting',
      "import { counter } from './counter.ts';\nit('is first', () => { expect(counter.count++).toBe(0); });",
    );
    for (let trial = 0; trial < 2; trial++) {
      expect(await tests.try({ file }, 60_000)).not.toHaveProperty('failure');
    }
  });

  it('lets a trial put something else in a package’s place, and the next one has the package again', async () => {
    const parse = "it('parses', async () => { expect((await import('csv-parse/sync')).parse('a')).toEqual([['";
    const replacing = await testFile(
      'replacing',
      `import { jest } from '@jest/globals';
       jest.unstable_mockModule('csv-parse/sync', () => ({ parse: () => [['else']] }));
       ${parse}else']]); });`,
    );
    const plain = await testFile('plain', `${parse}a']]); });`);
    for (const file of [plain, replacing, plain]) {
      expect(await tests.try({ file }, 60_000)).not.toHaveProperty('failure');
    }
  });

  it('counts what nobody has caught as a failure', async () => {
    const file = await testFile(
      'careless',
      "it('is careless', async () => { Promise.reject(new Error('nobody')); await new Promise(setImmediate); });",
    );
    expect((await tests.try({ file }, 60_000))?.failure).toBe('Error: nobody');
  });

  it('is replaced when it hangs, and when it dies', async () => {
    const endless = await testFile('endless', "it('does not end', () => { for (;;); });");
    const dying = await testFile('dying', "it('ends everything', () => process.exit(3));");
    const good = await testFile('good', "it('is fine', () => undefined);");
    expect(await tests.try({ file: endless }, 100)).toBeUndefined();
    expect((await tests.try({ file: dying }, 60_000))?.failure).toMatch(/testing-process\.ts ended with code 3$/);
    expect(await tests.try({ file: good }, 60_000)).toMatchObject({ tests: [{ hits: {} }] });
  });
});
