import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stop } from 'esbuild';
import { isAlive } from './processes.ts';

/** Below the service; ignored by git. */
const BUILDS = '.esbuild';

/**
 * Reserves a folder for this process's bundles, and removes it when the process exits. With a shared folder, each
 * packaging or local invocation would delete the bundles of a running stack.
 *
 * @returns its path, relative to the service's directory
 */
export function reserveBuildFolder(serviceDirectory: string): string {
  const builds = join(serviceDirectory, BUILDS);
  removeAbandoned(builds);
  const own = String(process.pid);
  process.once('exit', () => {
    // Otherwise esbuild's own process may notice the end of its parent and print stack traces on the terminal.
    void stop();
    rmSync(join(builds, own), { recursive: true, force: true });
    if (existsSync(builds) && readdirSync(builds).length === 0) rmSync(builds, { recursive: true });
  });
  return join(BUILDS, own);
}

/** Makes the folder before the bundler does, whose error would explain nothing. @throws when it cannot be made */
export function makeBuildFolder(serviceDirectory: string, folder: string): void {
  const path = join(serviceDirectory, folder);
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new Error(`The folder for bundles, ${path}, cannot be made: the project's directory must be writable.`, {
      cause,
    });
  }
}

/** Removes the folders of processes that were killed. */
function removeAbandoned(builds: string): void {
  if (!existsSync(builds)) return;
  for (const name of readdirSync(builds)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !isAlive(pid)) rmSync(join(builds, name), { recursive: true, force: true });
  }
}
