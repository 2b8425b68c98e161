import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `sls package` reads; it leaves its files beside them, so each packaging has its own. */
export const SOURCES = [
  'serverless.yml',
  'package.json',
  'tsconfig.json',
  'functions',
  'lib',
  'local',
  'partners',
  'resources',
];

const ZIPS = ['features', 'predict', 'report', 'onFailure', 'resume', 'endpoints'].map((name) => `${name}.zip`);

/** Made up: a template that is right must not hold it. */
export const REGION = 'eu-central-1';

/** Is given the folder that holds the template and, of what has been bundled, the zips; it is gone afterwards. */
type Reader<T> = (folder: string) => Promise<T>;

interface OfZips {
  zips?: string;
  files?: Readonly<Record<string, string>>;
}

/**
 * Packages the service as docs/deploy.md says, without credentials.
 *
 * @param files to be written before, by their paths in the project
 * @throws with what the framework printed; what `read` throws
 */
export function packaging<T>(
  stage: string,
  environment: Record<string, string>,
  read: Reader<T>,
  files: Readonly<Record<string, string>> = {},
): Promise<T> {
  return inFolderOfItsOwn(async (directory) => {
    await writeFiles(directory, files);
    await sls('package', directory, stage, environment);
    return read(join(directory, '.serverless'));
  });
}

/**
 * Makes a template for zips that are there already, as the deploying job does: without the bundler. It takes a
 * third of the time.
 *
 * @param options.zips the folder that they are in; without one they are empty, which makes no difference to the template
 * @param options.files as of `packaging`
 * @throws as `packaging` does
 */
export function packagingOfZips<T>(
  stage: string,
  environment: Record<string, string>,
  read: Reader<T>,
  options: OfZips = {},
): Promise<T> {
  return ofZips('package', stage, environment, read, options);
}

/**
 * Deploys a template and empty zips, as that job does.
 *
 * @param environment says where AWS is, and has its keys
 * @throws as `packaging` does
 */
export function deploymentOfZips<T>(stage: string, environment: Record<string, string>, read: Reader<T>): Promise<T> {
  return ofZips('deploy', stage, environment, read);
}

function ofZips<T>(
  command: Command,
  stage: string,
  environment: Record<string, string>,
  read: Reader<T>,
  { zips, files = {} }: OfZips = {},
): Promise<T> {
  return inFolderOfItsOwn(async (directory) => {
    await writeFiles(directory, files);
    await mkdir(join(directory, 'zips'));
    for (const zip of ZIPS) {
      const content = zips === undefined ? '' : await readFile(join(zips, zip));
      await writeFile(join(directory, 'zips', zip), content);
    }
    await sls(command, directory, stage, { ...environment, PACKAGES: 'built' });
    return read(join(directory, '.serverless'));
  });
}

async function inFolderOfItsOwn<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'member-offers-package-'));
  try {
    for (const source of SOURCES) await cp(source, join(directory, source), { recursive: true });
    await symlink(resolve('node_modules'), join(directory, 'node_modules'));
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(directory, path), text);
}

type Command = 'package' | 'deploy';

async function sls(command: Command, cwd: string, stage: string, environment: Record<string, string>): Promise<void> {
  const { PATH, HOME } = process.env;
  const nobody = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const serverless = resolve('node_modules/serverless/bin/serverless.js');
  try {
    await run(process.execPath, [serverless, command, '--stage', stage, '--region', REGION], {
      cwd,
      env: { PATH, HOME, ...nobody, ...environment },
    });
  } catch (error) {
    throw new Error(`cannot ${command} the service: ${Object(error).stdout}${Object(error).stderr}`, { cause: error });
  }
}
