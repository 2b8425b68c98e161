import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { LocalS3 } from './s3/server.ts';

/**
 * Stores every file of a directory in the bucket, under its relative path, unless the bucket has such an object.
 *
 * @returns how many objects it has stored
 */
export async function seed(s3: Pick<LocalS3, 'createIfAbsent'>, directory: string): Promise<number> {
  let created = 0;
  for (const path of filesIn(directory)) {
    const key = relative(directory, path).replaceAll(sep, '/');
    if (await s3.createIfAbsent(key, () => createReadStream(path))) created++;
  }
  return created;
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
