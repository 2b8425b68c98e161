import { type Manifest, manifestSchema, type Outcome, scoredMemberSchema } from '../../lib/run/contracts.ts';
import { outputKey, RUNS_PREFIX } from '../../lib/run/keys.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import type { Bucket } from '../../lib/storage/bucket.ts';
import { readJsonLines } from '../../lib/storage/json-lines.ts';
import { parseDay } from '../../lib/transactions/cells.ts';
import { TransactionReader } from '../../lib/transactions/reader.ts';
import type { Transaction } from '../../lib/transactions/transaction.ts';
import { projectPartner } from '../shared/project-partners.ts';

/** What a file must lead to. */
export interface Expectation {
  key: string;
  rows: number;
  memberIds: ReadonlySet<string>;
}

/** What all files have led to. */
export class Verdict {
  runs = { COMPLETE: 0, PARTIAL: 0, FAILED: 0, hung: 0 };
  rows = { dropped: 0, accepted: 0, rejected: 0, inFailedFiles: 0, lost: 0 };
  /** `unasked` counts failed members for which an endpoint got no request, because it was taken to be down. */
  members = { dropped: 0, scored: 0, failed: 0, unasked: 0, inFailedFiles: 0, lost: 0, doubled: 0 };

  get isGood(): boolean {
    const { unasked, lost, doubled } = this.members;
    return this.runs.hung + this.rows.lost + unasked + lost + doubled === 0;
  }
}

export async function expectationOf(key: string, file: string, asOf: string): Promise<Expectation> {
  const memberIds = new Set<string>();
  const add = ({ memberId }: Transaction) => memberIds.add(memberId);
  const { input } = projectPartner('default').definition;
  const reader = new TransactionReader({ add }, { input, asOfDay: parseDay(asOf) ?? 0, reject: async () => {} });
  const chunks = async function* () {
    yield Buffer.from(file);
  };
  await reader.read([{ open: async () => chunks() }]);
  return { key, rows: reader.counts.read, memberIds };
}

/** Checks the reports of all runs. A file that has several runs, because it was stored again, counts once. */
export async function judge(bucket: Bucket, expectations: readonly Expectation[]): Promise<Verdict> {
  const verdict = new Verdict();
  const manifests = await manifestsIn(bucket);
  for (const expectation of expectations) {
    const run = manifests.filter(({ source }) => source.key === expectation.key).at(-1);
    await judgeRun(bucket, expectation, run, verdict);
  }
  return verdict;
}

export async function manifestsIn(bucket: Bucket): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for await (const { key } of bucket.objects(RUNS_PREFIX)) {
    if (key.endsWith('/manifest.json')) manifests.push(await bucket.readJson(key, manifestSchema));
  }
  return manifests;
}

async function judgeRun(bucket: Bucket, { rows, memberIds }: Expectation, run: Manifest | undefined, verdict: Verdict) {
  verdict.rows.dropped += rows;
  verdict.members.dropped += memberIds.size;
  const key = `reports/${run?.partner}/${run?.runId}/summary.json`;
  const summary = run && (await bucket.readJsonIfThere(key, summarySchema));
  if (summary === undefined) {
    verdict.runs.hung += 1;
    return;
  }
  verdict.runs[summary.status] += 1;
  if (summary.members.total === 0) {
    // The report gives the reason. No row or member of the file counts as processed.
    verdict.rows.inFailedFiles += rows;
    verdict.members.inFailedFiles += memberIds.size;
    return;
  }
  verdict.rows.accepted += summary.rows.accepted;
  verdict.rows.rejected += summary.rows.rejected;
  verdict.rows.lost += rows - summary.rows.accepted - summary.rows.rejected;
  const { chunks } = await bucket.read(outputKey(summary.partner, summary.runId, 'members'));
  const seen = new Set<string>();
  for await (const { memberId, outcome } of readJsonLines(chunks, scoredMemberSchema)) {
    if (seen.has(memberId)) verdict.members.doubled += 1;
    seen.add(memberId);
    verdict.members[outcome.status === 'SCORED' ? 'scored' : 'failed'] += 1;
    if (isUnasked(outcome)) verdict.members.unasked += 1;
  }
  for (const memberId of memberIds) if (!seen.has(memberId)) verdict.members.lost += 1;
}

function isUnasked(outcome: Outcome): boolean {
  return (
    outcome.status === 'FAILED' && outcome.failures.some(({ step, attempts }) => step !== 'predict' && attempts === 0)
  );
}
