import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { hasCode } from './process/processes.ts';
import { orRefuse } from './process/refusal.ts';

const FILE = '.env';

/**
 * Sets the variables of the file `.env` that are not set yet, for all modules that are loaded later: `node --import`.
 * Node's own `--env-file` silently takes a byte-order mark, which editors and shells of Windows write, for a part of
 * the first name, and finds no variables in UTF-16.
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

/** @throws when the bytes are neither UTF-8 nor UTF-16 with a byte-order mark */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]));
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('it is not UTF-8; save it as UTF-8', { cause });
  }
}

// Not in worker threads: they start with the variables of the process, from which some have been removed on purpose.
if (isMainThread) orRefuse(loadEnvFile);
