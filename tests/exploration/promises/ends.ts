import type { Manifest } from '../../../lib/run/contracts.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { uploadKind } from '../../../lib/run/upload-kinds.ts';
import type { Harness } from '../harness.ts';
import { memberIdsIn, rowsIn, TRANSACTION_DAY } from '../members.ts';
import { isDue, unansweredIn } from './answers.ts';
import { disagreements, readReport } from './reports.ts';
import { batchesOf, filesOf, hasBegun, isFailedReport, manifestOf, scoredIn, summaryOf } from './runs.ts';
import type { Report } from './watch.ts';

/** What must be so of every run when nothing moves any more. */
export function assessEnds(harness: Harness, report: Report): void {
  for (const runId of harness.runIds) if (hasBegun(harness, runId)) assessRun(harness, runId, report);
  for (const upload of unansweredIn(harness)) {
    if (isDue(harness, upload)) report('every upload has a run', `${upload.key} has none`);
  }
}

function assessRun(harness: Harness, runId: string, report: Report): void {
  const name = harness.named(runId);
  const [manifest, summary] = [manifestOf(harness, runId), summaryOf(harness, runId)];
  if (manifest === undefined || summary === undefined) {
    report('every run ends', `${name} has no ${manifest === undefined ? 'manifest' : 'summary'}`);
    return;
  }
  if (summary.status === 'FAILED' && !summary.reason) report('who fails says why', `${name} does not`);
  for (const problem of intakeProblems(harness, runId, manifest)) report('what was read is what was dropped', problem);
  for (const problem of outcomeProblems(harness, runId, manifest, summary)) report('the outputs agree', problem);
}

function intakeProblems(harness: Harness, runId: string, manifest: Manifest): string[] {
  const { rows, members, batches, asOf, reason } = manifest;
  const name = harness.named(runId);
  const stored = batchesOf(harness, runId);
  const inBatches = stored.flatMap((batch) => batch.members);
  if (reason !== undefined) {
    const isUnread = stored.length === 0 || isGivenUp(manifest);
    return [
      isUnread ? [] : [`${name} has ${stored.length} batches, and its manifest says: ${reason}`],
      isExcused(harness, manifest) ? [] : [`${name} could be read, and its manifest says: ${reason}`],
    ].flat();
  }
  const files = filesOf(harness, manifest);
  const ids = files.flatMap(memberIdsIn);
  const days = asOf === null ? 0 : (Date.parse(asOf) - Date.parse(TRANSACTION_DAY)) / 86_400_000;
  const found = inBatches.map(({ memberId }) => memberId);
  return [
    rows.read === files.flatMap(rowsIn).length ? [] : [`${name} has read ${rows.read} rows`],
    rows.accepted + rows.rejected === rows.read ? [] : [`${name} does not account for its rows`],
    stored.length === batches ? [] : [`${name} has ${stored.length} batches, and its manifest says ${batches}`],
    members === ids.length && found.join() === ids.join() ? [] : [`${name} has the members ${found}, not ${ids}`],
    inBatches.every(({ features }) => features.DAYS_SINCE_LAST_TRANSACTION === days)
      ? []
      : [`${name} has features of another day than its manifest, which is as of ${asOf}`],
  ].flat();
}

/** The file has failed, after some of its batches were written: what has become of these is of no account. */
function isGivenUp({ reason = '' }: Manifest): boolean {
  return /^the function features failed|was broken off/.test(reason);
}

/** Whether the file was not there any more, reading it was given up, or parts waited in vain. */
function isExcused(harness: Harness, manifest: Manifest): boolean {
  const { source, etag, parts = [], reason = '' } = manifest;
  if (uploadKind({ key: source.key }) === 'part') return true;
  if (parts.some((part) => harness.objects.find(part.key)?.etag !== part.etag)) return true;
  // Only versions tell that the same bytes have been dropped again.
  const isAnotherVersion = harness.objects.isVersioned && reason.includes('overwritten');
  return isGivenUp(manifest) || isAnotherVersion || harness.objects.find(source.key)?.etag !== etag;
}

function outcomeProblems(harness: Harness, runId: string, manifest: Manifest, summary: Summary): string[] {
  const name = harness.named(runId);
  if (isFailedReport(summary)) return [];
  try {
    const files = readReport(harness, summary);
    const scored = scoredIn(harness, runId);
    const inReport = files.members.filter(({ outcome }) => outcome.status === 'SCORED').map(({ memberId }) => memberId);
    const isWhole = files.members.length === manifest.members && manifest.members === summary.members.total;
    return [
      ...disagreements(summary, files),
      ...(isWhole ? [] : [`${files.members.length} members of ${manifest.members}`]),
      ...(inReport.length === scored.size || isGivenUp(manifest)
        ? []
        : [`scored are ${[...scored]}, in the report ${inReport}`]),
    ].map((problem) => `${name}, ${problem}`);
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : error}`];
  }
}
