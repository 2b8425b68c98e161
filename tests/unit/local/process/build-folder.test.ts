import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBuildFolder } from '../../../../local/process/build-folder.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'build-folder-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the folder of the bundles', () => {
  it('is made where it may be', () => {
    makeBuildFolder(directory, '.esbuild/1');
    expect(existsSync(join(directory, '.esbuild/1'))).toBe(true);
  });

  it('is named, with what it takes, where it may not', () => {
    // Whoever runs this may be allowed everything; below a file nobody can make a folder.
    writeFileSync(join(directory, '.esbuild'), '');
    expect(() => makeBuildFolder(directory, '.esbuild/1')).toThrow(
      `The folder for bundles, ${join(directory, '.esbuild/1')}, cannot be made: the project's directory must be writable.`,
    );
  });
});
