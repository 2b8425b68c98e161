import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OUTPUTS } from '../../lib/run/outputs.ts';

const BIOME = resolve('node_modules/.bin/biome');

/** Files of members and of secrets as the README has people make them, and as they may call them instead. */
const FILES = ['members.csv', 'acme/MEMBERS.CSV', 'member_data.csv', 'members.tsv', 'members.txt', 'members.XLSX'];
/** The same, packed, and as editors and people keep what was there before. */
const COPIES = [
  'members.csv.gz',
  'members.txt.gz',
  'members.zst',
  'members.zip',
  'acme/MEMBERS.CSV.zip',
  'members.csv.bak',
  'members.csv~',
];
const DATA = [...FILES, ...COPIES, ...inFolders(Object.values(OUTPUTS).map(({ file }) => file))];
const SECRETS = ['.env', '.env.local', 'headers.json'];
const STACK = ['.local/stack.json', '.local-2/s3/member-offers-dev/runs/1/manifest.json'];

function inFolders(names: string[]): string[] {
  return ['', 'reports/january/', 'january/'].flatMap((folder) => names.map((name) => `${folder}${name}`));
}

/** A checkout with nothing in it but what says which files are none of git's and of the checks. */
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'ignored-files-'));
  for (const name of ['.gitignore', 'biome.json']) copyFileSync(name, join(checkout, name));
  run('git', 'init', '--quiet');
});

afterEach(() => rmSync(checkout, { recursive: true }));

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: checkout, encoding: 'utf8' });
  if (error) throw error;
  return status === 0 ? stdout : `${status}: ${stdout}${stderr}`;
}

/** Puts files into the checkout that no check would let pass. */
function write(names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), '<p>{not,formatted');
  }
}

const untracked = () => run('git', 'status', '--porcelain', '--untracked-files=all').split('\n').filter(Boolean);

it('data of members, secrets and local stacks are neither committed nor checked, wherever they lie', () => {
  write([...DATA, ...SECRETS, ...STACK]);
  expect(untracked()).toEqual(['?? .gitignore', '?? biome.json']);
  expect(run(BIOME, 'ci', '--colors=off', '.')).toMatch(/^Checked 1 file/);
});

it('the commands of the README name no file that would be', () => {
  const blocks = readFileSync('README.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms);
  const commands = [...blocks].map(([, block = '']) => block).join('');
  const files = [...commands.matchAll(/[\w./-]+\.(?:csv\.gz|csv|json|xlsx|html)\b/g)].map(([name]) =>
    name.replace(/^\/\//, ''),
  );
  const folders = [...commands.matchAll(/--out ([\w./-]+)/g)].map(([, folder]) => `${folder}/any.file`);
  const own = [...files, ...folders].filter((name) => !name.startsWith('events/'));
  expect(own).toEqual(
    expect.arrayContaining(['members.csv', 'members.csv.gz', 'headers.json', 'out/january/any.file']),
  );
  expect(own.filter((name) => run('git', 'check-ignore', name).trim() !== name)).toEqual([]);
});

it('what belongs to the project is committed', () => {
  const own = ['.env.example', 'events/objects/uploads/default/any.csv', 'events/sample.csv', 'tests/data/any.csv'];
  write(own);
  expect(untracked()).toEqual(expect.arrayContaining(own.map((name) => `?? ${name}`)));
});
