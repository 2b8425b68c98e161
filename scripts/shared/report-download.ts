import { constants, createWriteStream } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { outputKey } from '../../lib/run/keys.ts';
import { OUTPUT_NAMES, OUTPUTS } from '../../lib/run/outputs.ts';
import type { Summary } from '../../lib/run/summary.ts';
import { Bucket, ObjectMissingError } from '../../lib/storage/bucket.ts';
import { whole } from '../../local/terminal/printable.ts';
import { CommandError, messageOf } from './command.ts';
import type { Target } from './target.ts';

/** The directory for reports by default. */
export const REPORTS_DIRECTORY = 'out';

/**
 * Downloads all files of a run's report into a directory.
 *
 * @param out undefined means a directory named after the run
 * @returns a line that says where the report is
 */
export async function fetchReport(target: Target, summary: Summary, out: string | undefined): Promise<string> {
  const directory = out ?? join(REPORTS_DIRECTORY, summary.runId);
  await makeDirectory(directory);
  const bucket = new Bucket(target.s3, target.bucket);
  const { partner, runId } = summary;
  const fetched = await Promise.all(
    OUTPUT_NAMES.map((output) =>
      download(bucket, outputKey(partner, runId, output), join(directory, OUTPUTS[output].file)),
    ),
  );
  if (fetched.includes(false)) return `${shown(directory)} (what there is of the report)`;
  const { workbook, ...others } = OUTPUTS;
  const beside = Object.values(others).map(({ file }) => file);
  return `${shown(join(directory, workbook.file))} (beside it: ${beside.join(', ')})`;
}

function shown(path: string): string {
  return whole(path);
}

/** @returns whether the object exists: a report that could not be written has only its summary */
async function download(bucket: Bucket, key: string, path: string): Promise<boolean> {
  try {
    const { chunks } = await bucket.read(key);
    await pipeline(chunks, createWriteStream(path));
    return true;
  } catch (error) {
    if (error instanceof ObjectMissingError) return false;
    throw error;
  }
}

/** Makes a directory unless it exists. @throws CommandError when it cannot be made or written to */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new CommandError(
      `cannot make the directory ${path} for the report, --out names another: ${messageOf(error)}`,
    );
  }
}
