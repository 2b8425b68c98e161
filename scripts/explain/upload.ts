import type { Manifest } from '../../lib/run/contracts.ts';
import { rejectedRowsKey } from '../../lib/run/keys.ts';
import { shownSource } from '../../lib/run/upload-kinds.ts';
import { partFiles } from '../../lib/stages/features/folder-parts.ts';
import { type Bucket, ObjectMissingError } from '../../lib/storage/bucket.ts';
import { readJsonLines } from '../../lib/storage/json-lines.ts';
import { openedFile } from '../../lib/transactions/parts.ts';
import { type RejectedRow, rejectedRowSchema } from '../../lib/transactions/row-account.ts';
import { UnusableFileError } from '../../lib/transactions/unusable-file.ts';
import { namesMember } from './rejected.ts';
import { type MemberInFile, nothingOf, readMember, type WantedMember } from './transactions.ts';

/** What a run's upload still tells about a member. */
export interface ReadAgain {
  inFile: MemberInFile;
  /** What it does not tell, and why. */
  notes: string[];
}

/**
 * Reads the upload as the run did. Where it is not there any more, the run's own record of rejected rows is left, and
 * a note says so.
 */
export async function readAgain(bucket: Bucket, manifest: Manifest, wanted: WantedMember): Promise<ReadAgain> {
  const { source, etag, parts } = manifest;
  const without = async (problem: string): Promise<ReadAgain> => {
    const rejected = await recordedRejections(bucket, manifest.runId, wanted.memberId);
    const notes = [`${shownSource(source.key)} ${problem}: its transactions cannot be shown`];
    if (rejected.length > 0) notes.push('the rejected rows are those that hold the id in any column');
    return { inFile: { ...nothingOf(wanted), rejected }, notes };
  };
  try {
    if (parts !== undefined) return { inFile: await readMember(partFiles(bucket, parts), wanted), notes: [] };
    const object = await bucket.read(source.key);
    if (object.etag === etag) {
      const file = openedFile(object.chunks, async () => (await bucket.read(source.key)).chunks);
      return { inFile: await readMember([file], wanted), notes: [] };
    }
    object.chunks.destroy();
    return await without('has been overwritten since');
  } catch (error) {
    if (error instanceof ObjectMissingError) return without('has been deleted since');
    if (error instanceof UnusableFileError) return without(`cannot be used now (${error.message})`);
    throw error;
  }
}

async function recordedRejections(bucket: Bucket, runId: string, memberId: string): Promise<RejectedRow[]> {
  const rejected: RejectedRow[] = [];
  try {
    const { chunks } = await bucket.read(rejectedRowsKey(runId));
    for await (const row of readJsonLines(chunks, rejectedRowSchema)) {
      if (namesMember(row, memberId, undefined)) rejected.push(row);
    }
  } catch (error) {
    // There is such a record only when rows were rejected.
    if (!(error instanceof ObjectMissingError)) throw error;
  }
  return rejected;
}
