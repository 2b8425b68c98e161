import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MODULE = resolve('local/env-file.ts');
const PRINT = 'console.log(JSON.stringify(Object.entries(process.env).filter(([name]) => /EF_/.test(name)).sort()))';
const IN_WORKER = `delete process.env.EF_ONE; new (require('node:worker_threads').Worker)(${JSON.stringify(PRINT)}, { eval: true })`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'env-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(content: string | Buffer | undefined, script = PRINT, environment: Record<string, string> = {}) {
  if (content !== undefined) writeFileSync(join(directory, '.env'), content);
  const env = { PATH: process.env.PATH, ...environment };
  const options = { cwd: directory, env, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', MODULE, '-e', script], options);
  return { status, stdout: stdout.trim(), stderr };
}

const LINES = 'EF_ONE=\'{"a": 1}\'\r\n# EF_NONE=1\r\nEF_TWO=zwölf\r\n';
const SET = JSON.stringify([
  ['EF_ONE', '{"a": 1}'],
  ['EF_TWO', 'zwölf'],
]);

describe('the file .env', () => {
  it.each([
    ['UTF-8', Buffer.from(LINES)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\uFEFF${LINES}`)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${LINES}`, 'utf16le')],
  ])('sets its variables in %s', (_, content) => {
    expect(run(content)).toEqual({ status: 0, stdout: SET, stderr: '' });
  });

  it('sets none that are set in the shell', () => {
    expect(run('EF_ONE=1\nEF_TWO=2', PRINT, { EF_ONE: '', EF_TWO: 'shell' }).stdout).toBe(
      '[["EF_ONE",""],["EF_TWO","shell"]]',
    );
  });

  it('need not be there', () => {
    expect(run(undefined)).toEqual({ status: 0, stdout: '[]', stderr: '' });
  });

  it('sets nothing again in workers, which are not to have what has been taken out', () => {
    expect(run('EF_ONE=secret\nEF_TWO=2', IN_WORKER).stdout).toBe('[["EF_TWO","2"]]');
  });

  it('is refused in one line when it cannot be read', () => {
    expect(run(Buffer.from('EF_TWO=zw\xf6lf', 'latin1'))).toEqual({
      status: 1,
      stdout: '',
      stderr: '.env cannot be read: it is not UTF-8; save it as UTF-8\n',
    });
  });
});
