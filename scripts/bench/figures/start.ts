import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import * as z from 'zod';
import { endpointVariables } from '../../../local/stack.ts';
import { Child } from '../../shared/child.ts';
import type { Figure } from '../figure.ts';
import { type BenchHarness, BUCKET, NO_ENDPOINTS } from '../harness.ts';
import { SERVICE } from '../measured-service.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';

/** The largest package of the report function, which draws charts, and of all others; bytes. */
const MAX_REPORT = 2_000_000;
const LARGEST = 1_000_000;

const SLOWEST_MS = 150;

export interface StartFigures {
  coldStartMs: Map<string, Figure>;
  bundleBytes: Map<string, Figure>;
}

/** How large each packaged function is, and how long a new process takes to load it. */
export async function start(harness: BenchHarness, rounds: number): Promise<StartFigures> {
  const folder = join(harness.directory, 'package');
  await promisify(execFile)(process.execPath, [
    createRequire(import.meta.url).resolve('serverless/bin/serverless.js'),
    'package',
    '--package',
    folder,
  ]);
  const figures: StartFigures = { coldStartMs: new Map(), bundleBytes: new Map() };
  const zips = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  for (const name of zips.map((zip) => basename(zip, '.zip'))) {
    const zip = await readFile(join(folder, `${name}.zip`));
    figures.bundleBytes.set(name, {
      name: `${name}, zip, kB`,
      value: spreadOfRounds([zip.length / 1000]),
      target: { atMost: (name === 'report' ? MAX_REPORT : LARGEST) / 1000 },
      digits: 0,
      detail: '',
    });
    const [module] = SERVICE.function(name).handler.split('.');
    const bundle = join(await unpack(zip, join(folder, name)), `${module}.js`);
    const load = () => loadingMs(bundle);
    await inRounds(2, load);
    figures.coldStartMs.set(name, {
      name: `${name}, cold start, ms`,
      value: spreadOfRounds(await inRounds(rounds, load)),
      target: { atMost: SLOWEST_MS },
      digits: 0,
      detail: 'import of the packaged bundle in a new process',
    });
  }
  return figures;
}

/** @returns the folder */
async function unpack(zip: Uint8Array, folder: string): Promise<string> {
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

async function loadingMs(bundle: string): Promise<number> {
  const child = Child.start(new URL('../import-process.ts', import.meta.url), [pathToFileURL(bundle).href], {
    ...SERVICE.environment,
    ...endpointVariables(NO_ENDPOINTS),
    ...{ BUCKET, AWS_REGION: 'us-east-1', NODE_OPTIONS: '' },
  });
  try {
    return (await child.ask(z.object({ ms: z.number() }))).ms;
  } finally {
    child.stop();
  }
}
