import { isNativeError } from 'node:util/types';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { ExpiredRunError } from '../../lib/stages/resume/resume-run.ts';
import { InvalidObjectError, ObjectMissingError } from '../../lib/storage/bucket.ts';
import { ObjectChangedError } from '../../lib/storage/condition.ts';
import { printableLines } from '../../local/terminal/printable.ts';

/** An error that the user can correct. The message, one line, says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Exit code of a command that was stopped with Ctrl-C, as shells have it: 128 + SIGINT. */
const INTERRUPTED = 130;

/** Under npm one Ctrl-C may arrive twice: from the terminal and from npm. */
const ONE_PRESS_MS = 1000;

/**
 * Runs a command and sets its exit code. Ctrl-C aborts the command's signal, so that it can clean up; a second Ctrl-C
 * ends the process at once. A `CommandError` and errors of S3 or the system end in one line on stderr and exit code 1.
 * Only an error of the program itself shows its stack trace.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command(interruption());
  } catch (error) {
    process.exitCode = isAbort(error) ? INTERRUPTED : 1;
    if (!isAbort(error)) report(error);
  }
}

function report(error: unknown): void {
  const refusal = refusalOf(error);
  // These messages quote names and answers from outside.
  console.error(refusal === undefined ? error : printableLines(refusal));
}

function interruption(): AbortSignal {
  const controller = new AbortController();
  let abortedAt = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      abortedAt = performance.now();
      controller.abort();
    } else if (performance.now() - abortedAt > ONE_PRESS_MS) {
      process.exit(INTERRUPTED);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return controller.signal;
}

/** Reads settings from the environment. @throws CommandError when `read` throws because they cannot be used */
export function fromEnvironment<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CommandError(messageOf(error), { cause: error });
  }
}

/** The message of an error, on one line. */
export function messageOf(error: unknown): string {
  return oneLine(isNativeError(error) ? error.message : String(error));
}

/** Errors whose message explains the problem to a person. */
const EXPLAINED = [InvalidObjectError, ObjectMissingError, ObjectChangedError, ExpiredRunError];

/** The line that explains an error; undefined when it is an error of the program itself. */

export function refusalOf(error: unknown): string | undefined {
  if (error instanceof CommandError) return error.message;
  if (error instanceof S3ServiceException) return `S3 refused: ${error.name}: ${oneLine(error.message)}`;
  if (EXPLAINED.some((kind) => error instanceof kind)) return messageOf(error);
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (error.name.endsWith('ProviderError') || error.message.startsWith('Region ')) {
    return `AWS is not configured on this machine: ${oneLine(error.message)} (set AWS_REGION and AWS_PROFILE, or run aws configure)`;
  }
  return code.startsWith('E') && !code.startsWith('ERR_') ? oneLine(error.message || code) : undefined;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
