import { UnusableFileError } from './unusable-file.ts';

/** What is said of an archive whose bytes are not those that a program has packed. @param archive such as `gzip archive` */
export function damaged(archive: string, cause?: unknown): UnusableFileError {
  const reason = `the ${archive} is damaged and cannot be unpacked; pack the file anew, or upload it as it is`;
  return new UnusableFileError(reason, { cause });
}

/** What is said of an archive that has no end. */
export function cutOff(archive: string, cause?: unknown): UnusableFileError {
  return new UnusableFileError(`the ${archive} is cut off: it ends in the middle; upload it again`, { cause });
}

/** Why an archive cannot be unpacked, by the error of Node's decompressor; any other error is handed back as it is. */
export function reasonOf(error: unknown, archive: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (!/^Z(?:STD)?_/.test(code)) return error;
  if (code === 'Z_BUF_ERROR') return cutOff(archive, error);
  const advice = ADVICE.get(code);
  return advice === undefined
    ? damaged(archive, error)
    : new UnusableFileError(`the ${archive} ${advice}`, { cause: error });
}

/** What a whole archive may have that is not unpacked here. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'ZSTD_error_frameParameter_windowTooLarge',
    'takes more than 128 MiB of memory to unpack; pack the file without --long',
  ],
  ['ZSTD_error_dictionary_wrong', 'was packed with a dictionary; pack the file without'],
]);
