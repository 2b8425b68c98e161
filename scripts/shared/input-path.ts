import { constants, createReadStream } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MARK, PART } from '../../lib/run/upload-kinds.ts';
import type { InputFile } from '../../lib/transactions/parts.ts';
import { CommandError, messageOf } from './command.ts';

/** What a person names: a file, or a directory of parts, which are read as one file. */
export interface InputPath {
  path: string;
  /** The file itself, or the directory's parts in the order of their names. */
  files: readonly string[];
  isDirectory: boolean;
  /** Of all files together; undefined when it is not known. */
  bytes: number | undefined;
}

/** @throws CommandError when something cannot be read, is no file, or a directory without parts */
export async function inputAt(path: string): Promise<InputPath> {
  try {
    // Without opening anything: to open a pipe would wait for its writer.
    const isDirectory = (await stat(path)).isDirectory();
    const files = isDirectory ? await partsIn(path) : [path];
    let bytes = 0;
    for (const file of files) bytes += await sizeOf(file);
    return { path, files, isDirectory, bytes };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

/** In byte order, as a bucket lists them. */
async function partsIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(PART));
  if (names.length > 0) {
    return names
      .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .map((name) => join(directory, name));
  }
  throw new CommandError(
    `${directory} is a directory without parts: name a file, or a directory of files ${PART}…, which ${MARK} closes in the bucket`,
  );
}

async function sizeOf(file: string): Promise<number> {
  const stats = await stat(file);
  if (!stats.isFile()) throw new CommandError(`${file} is not a file`);
  await access(file, constants.R_OK);
  return stats.size;
}

/** The same files, to be read. @param signal ends that */
export function filesAt({ files, isDirectory }: InputPath, signal?: AbortSignal): InputFile[] {
  return files.map((file) => ({
    ...(isDirectory && { name: basename(file) }),
    open: async () => createReadStream(file, { signal }),
  }));
}
