import { readExpected } from '../../functions/expectations.ts';
import { type Manifest, manifestSchema } from '../../lib/run/contracts.ts';
import { manifestKey, outputKey } from '../../lib/run/keys.ts';
import { knownDefinitionOf } from '../../lib/run/run-definition.ts';
import { type Boundary, summarySchema } from '../../lib/run/summary.ts';
import { shownSource } from '../../lib/run/upload-kinds.ts';
import { Bucket, InvalidObjectError } from '../../lib/storage/bucket.ts';
import { MS_PER_DAY, parseDay } from '../../lib/transactions/cells.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { CommandError, fromEnvironment } from '../shared/command.ts';
import { runIdsSince } from '../shared/progress/run-listing.ts';
import type { Target } from '../shared/target.ts';
import { type Explanation, explain } from './explanation.ts';
import { findMember } from './member-of-run.ts';
import { unknownMember } from './unknown.ts';
import { readAgain } from './upload.ts';

const boundariesSchema = summarySchema.pick({ boundaries: true });

const RUNS_SHOWN = 3;

/**
 * Explains what a run has found out about a member. Transactions come from the upload, as long as it is there.
 *
 * @throws CommandError when there is no such run or member, or the run's file was of no use
 */
export async function explainRun(target: Target, runId: string, memberId: string): Promise<Explanation> {
  const expected = fromEnvironment(readExpected);
  const bucket = new Bucket(target.s3, target.bucket);
  const manifest = await bucket.readJsonIfThere(manifestKey(runId), manifestSchema);
  if (manifest === undefined) throw await unknownRun(target, runId);
  const { asOf, reason } = manifest;
  if (reason !== undefined || asOf === null) {
    throw new CommandError(`run ${runId} has no members: ${whole(reason ?? 'its as-of day cannot be read')}`);
  }
  const asOfDay = parseDay(asOf) ?? Math.floor(Date.parse(asOf) / MS_PER_DAY);
  const definition = knownDefinitionOf(manifest);
  const search = await findMember(bucket, manifest, memberId);
  const { inFile, notes } = await readAgain(bucket, manifest, { memberId, asOfDay, definition });
  if (!('member' in search)) {
    throw unknownMember(memberId, `run ${runId}`, { memberIds: search.memberIds, rejected: inFile.rejected });
  }
  const { member } = search;
  if (notes.length === 0 && inFile.transactions.length !== member.transactions) {
    notes.push(
      `${member.transactions} transactions went into the features, ${inFile.transactions.length} are read now`,
    );
  }
  const source = {
    run: runId,
    bucket: bucket.name,
    upload: shownSource(manifest.source.key),
    uploadedBy: manifest.partner,
  };
  const boundaries = await boundariesOf(bucket, manifest);
  return explain({ member, source, asOf, asOfDay, definition, notes, inFile, boundaries, expected });
}

async function unknownRun({ s3, bucket, name }: Target, runId: string): Promise<CommandError> {
  const runs = await runIdsSince(s3, bucket, new Date(0));
  const latest = runs.slice(-RUNS_SHOWN).toReversed();
  const hint = latest.length > 0 ? `latest: ${latest.map((run) => printable(run)).join(', ')}` : 'it has no runs';
  return new CommandError(`no run ${runId} in ${name}; ${hint}`);
}

/** Where the offers part in the run's report, if there is one of this version. */
async function boundariesOf(bucket: Bucket, { partner, runId }: Manifest): Promise<Boundary[]> {
  try {
    const summary = await bucket.readJsonIfThere(outputKey(partner, runId, 'summary'), boundariesSchema);
    return summary?.boundaries ?? [];
  } catch (error) {
    if (error instanceof InvalidObjectError) return [];
    throw error;
  }
}
