import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOURCES } from './packaging.ts';

const DIRECTORY = join(tmpdir(), 'member-offers-templates');

/**
 * The template that `make` makes of the project as it is, made once for all tests that want the same: it takes four
 * seconds of the processor.
 *
 * @param wanted all that it depends on besides the project's files
 */
export async function keptTemplate(wanted: unknown, make: () => Promise<string>): Promise<string> {
  const file = join(DIRECTORY, `${await hashOf(wanted)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const text = await make();
  await mkdir(DIRECTORY, { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
  return text;
}

async function hashOf(wanted: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([wanted, process.version]));
  for (const path of (await Promise.all([...SOURCES, 'package-lock.json'].map(filesIn))).flat()) {
    hash.update(`\n${path}\n`).update(await readFile(path));
  }
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.toSorted();
}
