import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { hasCode } from './process/processes.ts';
import { orRefuse } from './process/refusal.ts';

const FILE = '.env';

/**
 * Sets the variables of the file `.env` that are not set yet, for whatever is started after this module: `node --import`.
 * Node's own `--env-file` takes a byte-order mark, as editors and shells of Windows write it, for a part of the first
 * name, and UTF-16 for no variables at all, without a word.
 */
function loadEnvFile(): void {
  const text = readIfThere(FILE);
  if (text === undefined) return;
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
}

function readIfThere(path: string): string | undefined {
  try {
    return textOf(readFileSync(path));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** @throws when it is neither UTF-8 nor, by its mark, UTF-16 */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]));
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('it is not UTF-8; save it as that', { cause });
  }
}

// Workers begin with the variables that the process has by then; some have been taken out.
if (isMainThread) orRefuse(loadEnvFile);
