import { constants, createReadStream } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beginningOfList } from '../../lib/counted.ts';
import { isLeftBehind, MARK } from '../../lib/left-behind.ts';
import { PART } from '../../lib/run/upload-kinds.ts';
import type { InputFile } from '../../lib/transactions/parts.ts';
import { CommandError, messageOf } from './command.ts';

/** What a person names: a file, or a directory of parts, which are read as one file. */
export interface InputPath {
  path: string;
  /** The file itself, or the directory's parts in the order of their names. */
  files: readonly string[];
  isDirectory: boolean;
  /** What else a directory holds, folders with a slash; without what programs leave in such a directory. */
  leftOut: readonly string[];
  /** Of all files together; undefined when it is not known. */
  bytes: number | undefined;
}

/** @throws CommandError when something cannot be read, is no file, or a directory without parts */
export async function inputAt(path: string): Promise<InputPath> {
  try {
    // Without opening anything: to open a pipe would wait for its writer.
    const isDirectory = (await stat(path)).isDirectory();
    if (!isDirectory && basename(path) === MARK) {
      throw new CommandError(`${path} only says that a folder of parts is whole: name the directory, ${dirname(path)}`);
    }
    const { files, leftOut } = isDirectory ? await partsIn(path) : { files: [path], leftOut: [] };
    let bytes = 0;
    for (const file of files) bytes += await sizeOf(file);
    return { path, files, isDirectory, leftOut, bytes };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

async function partsIn(directory: string): Promise<Pick<InputPath, 'files' | 'leftOut'>> {
  const names = await namesIn(directory);
  const isPart = (name: string) => name.startsWith(PART);
  const files = names.filter(isPart).map((name) => join(directory, name));
  if (files.length === 0) throw new CommandError(await withoutParts(directory, names));
  return { files, leftOut: names.filter((name) => !isPart(name) && !isLeftBehind(name)) };
}

/** In byte order, as a bucket lists them; folders with a slash. */
async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

async function withoutParts(directory: string, names: readonly string[]): Promise<string> {
  const below: string[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('/') && !isLeftBehind(candidate))) {
    if ((await readdir(join(directory, name))).some((inside) => inside.startsWith(PART))) below.push(name);
  }
  if (below.length > 0) {
    return `${directory} is a directory without parts: they are in folders below (${beginningOfList(below)}); name one of these, or write without partitionBy`;
  }
  return `${directory} is a directory without parts: name a file, or a directory of files ${PART}…, which ${MARK} closes in the bucket`;
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
