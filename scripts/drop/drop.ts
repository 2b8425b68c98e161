import { setTimeout as pause } from 'node:timers/promises';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { beginningOfList } from '../../lib/counted.ts';
import type { Summary } from '../../lib/run/summary.ts';
import { Bucket } from '../../lib/storage/bucket.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import { hasCode } from '../../local/process/processes.ts';
import { printableJson, whole } from '../../local/terminal/printable.ts';
import { count } from '../../local/terminal/units.ts';
import { CommandError, messageOf } from '../shared/command.ts';
import type { InputPath } from '../shared/input-path.ts';
import { type Progress, progressOn } from '../shared/progress/progress.ts';
import { type Look, type Uploaded, watchRun } from '../shared/progress/run-watcher.ts';
import { fetchReport, makeDirectory, REPORTS_DIRECTORY } from '../shared/report-download.ts';
import { summaryText } from '../shared/summary/summary-text.ts';
import type { Target } from '../shared/target.ts';
import { columnsOf } from '../shared/wrapping.ts';
import { upload, type WhatToUpload } from './upload.ts';

export interface DropOptions extends WhatToUpload {
  /** Of a file or a directory of parts, or `-`. */
  path: string;
  /** Directory for the report; undefined means one named after the run. */
  out: string | undefined;
  timeoutSeconds: number;
  /** Whether a program reads stdout: then it gets the summary as JSON and nothing else. */
  json: boolean;
}

export const EXIT_CODES = { COMPLETE: 0, FAILED: 1, PARTIAL: 2 } as const;

/**
 * Uploads a file or a directory of parts, follows its run, prints the summary and fetches the report.
 *
 * @returns the exit code: 0 COMPLETE, 1 FAILED, 2 PARTIAL
 * @throws CommandError when there is no report
 */
export async function drop(
  target: Target,
  input: InputPath,
  options: DropOptions,
  signal: AbortSignal,
): Promise<number> {
  // Made first, so that a directory that cannot be written is reported before the run.
  await makeDirectory(options.out ?? REPORTS_DIRECTORY);
  const startedAt = performance.now();
  const summary = await run(target, input, options, signal);
  const elapsedMs = performance.now() - startedAt;
  if (!options.json) {
    const telling = { columns: columnsOf(process.stdout), resumeCommand: target.resumeCommand?.(summary.runId) };
    console.log(`${summaryText(summary, elapsedMs, telling)}\n`);
  }
  const where = await fetchReport(target, summary, options.out);
  if (options.json) {
    console.error(where);
    console.log(printableJson(summary));
  } else {
    console.log(where);
  }
  return EXIT_CODES[summary.status];
}

/** The stream for progress: stderr when stdout goes to a program or a file. */
export function progressStream({ json }: Pick<DropOptions, 'json'>): NodeJS.WriteStream {
  return json || !process.stdout.isTTY ? process.stderr : process.stdout;
}

async function run(target: Target, input: InputPath, options: DropOptions, signal: AbortSignal): Promise<Summary> {
  const stream = progressStream(options);
  if (input.leftOut.length > 0) stream.write(`left out: ${whole(beginningOfList(input.leftOut))}\n`);
  const progress = progressOn(stream, input.bytes);
  try {
    const onProgress = progress.uploaded;
    const uploaded = await upload(target.s3, target.bucket, input, options, { signal, onProgress });
    return await follow(target, uploaded, { seconds: options.timeoutSeconds, progress, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, target);
  } finally {
    progress.stop();
  }
}

const CONNECTION_ERRORS = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'];

/** Adds to an error of S3 or of the connection where it happened. @throws CommandError when the target has ended */
function explained(error: unknown, target: Target): unknown {
  if (error instanceof CommandError) return error;
  // If the stack has ended, saying so explains more than the error of its S3.
  target.assertAlive();
  if (error instanceof S3ServiceException) {
    return new CommandError(`S3 refused bucket ${target.bucket}: ${error.name}: ${error.message}`, { cause: error });
  }
  if (!CONNECTION_ERRORS.some((code) => hasCode(error, code))) return error;
  return new CommandError(`${target.name} does not answer: ${messageOf(error)}`, { cause: error });
}

async function follow(
  { s3, bucket, pollMs, assertAlive }: Target,
  uploaded: Uploaded,
  { seconds, progress, signal }: { seconds: number; progress: Progress; signal: AbortSignal },
): Promise<Summary> {
  const assertProgress = assertProgressWithin(seconds);
  for await (const look of watchRun(s3, new Bucket(s3, bucket), uploaded)) {
    progress.looked(look);
    if (look.summary) return look.summary;
    assertAlive();
    assertProgress(look, uploaded);
    await pause(pollMs, undefined, { signal });
  }
  throw new Error('the run was no longer followed although it had not ended');
}

/** Makes a check that throws a CommandError when the run has made no progress for too long. */
function assertProgressWithin(seconds: number) {
  let last = '';
  let changedAt = performance.now();
  return ({ manifest, rowsRead, results, members }: Look, { key }: Uploaded) => {
    const state = `${manifest?.runId} ${rowsRead} ${results} ${members.done}`;
    if (state !== last) {
      last = state;
      changedAt = performance.now();
    }
    if (performance.now() - changedAt < seconds * 1000) return;
    const reading = rowsRead === undefined ? `no run for ${key}` : `a run is reading ${key}: ${count(rowsRead)} rows`;
    const where = manifest ? `run ${manifest.runId} has ${results} of ${manifest.batches} results` : reading;
    throw new CommandError(
      `no progress for ${formatDuration(seconds * 1000)}: ${where}; see the logs of its functions`,
    );
  };
}
