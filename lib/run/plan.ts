import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '../storage/bucket.ts';
import { completeIfAllIn } from './completion.ts';
import { type Manifest, manifestSchema, type Plan, planSchema } from './contracts.ts';
import { batchPrefix, manifestKey, planKey, rejectedRowsKey } from './keys.ts';

/** Two attempts at an upload have read different things, for example because its as-of day was changed in between. */
export class PlanConflictError extends Error {
  override name = 'PlanConflictError';
}

export async function readPlan(bucket: Bucket, runId: string): Promise<Plan | undefined> {
  return bucket.readJsonIfThere(planKey(runId), planSchema);
}

/**
 * Decides on the plan of a run: the first plan that is stored holds for all attempts.
 *
 * @returns the stored plan, if this attempt has read the same
 * @throws PlanConflictError when this attempt has read something else; the next attempt begins with the stored plan
 */
export async function decide(bucket: Bucket, own: Plan): Promise<Plan> {
  const plan = await firstPlan(bucket, own);
  if (isDeepStrictEqual(contentOf(plan), contentOf(own))) return plan;
  const digests = [plan, own].flatMap(({ partnerFile }) => partnerFile?.digest ?? []);
  const isOtherFile = digests.length === 2 && digests[0] !== digests[1];
  const [theirs, ours] = [plan, own].map((one) => `${summaryOf(one)}${isOtherFile ? partnerFileOf(one) : ''}`);
  throw new PlanConflictError(`another attempt has read ${own.source.key} otherwise: ${theirs}, not ${ours}`);
}

/** Stores a plan unless there is one. @returns the stored plan */
export async function firstPlan(bucket: Bucket, own: Plan): Promise<Plan> {
  const key = planKey(own.runId);
  return (await bucket.createJson(key, own)) ? own : bucket.readJson(key, planSchema);
}

function contentOf({ asOf, parts, rows, members, reason, partnerFile }: Plan) {
  return { asOf, parts, rows, members, reason, digest: partnerFile?.digest };
}

function summaryOf({ asOf, parts, rows, members, reason }: Plan): string {
  if (reason !== undefined) return `of no use (${reason})`;
  const where = parts === undefined ? '' : ` in ${parts.length} parts`;
  return `${rows.read} rows of ${members} members${where} as of ${asOf}`;
}

function partnerFileOf({ partnerFile }: Plan): string {
  return partnerFile === undefined ? '' : `, by ${partnerFile.file} (${partnerFile.digest})`;
}

/** The manifest of a plan whose batches and rejected rows are all written; undefined when some are missing. */
export async function manifestOfWritten(bucket: Bucket, plan: Plan): Promise<Manifest | undefined> {
  const { batchSize: _, ...manifest } = plan;
  const areRowsThere = plan.rows.rejected === 0 || (await bucket.exists(rejectedRowsKey(plan.runId)));
  return areRowsThere && (await areWritten(bucket, plan)) ? manifest : undefined;
}

/** The manifest of a plan that cannot be carried out: it hands on no members. */
export function failedManifest({ batchSize: _, ...plan }: Plan, reason: string): Manifest {
  const rows = { read: 0, accepted: 0, rejected: 0, imputed: 0 };
  return { ...plan, rows, members: 0, batches: 0, reason };
}

/**
 * Stores a run's manifest unless there is one, and completes the run if all results are there.
 * @returns the stored manifest
 */
export async function conclude(bucket: Bucket, own: Manifest): Promise<Manifest> {
  const key = manifestKey(own.runId);
  const manifest = (await bucket.createJson(key, own)) ? own : await bucket.readJson(key, manifestSchema);
  await completeIfAllIn(bucket, manifest);
  return manifest;
}

/** Whether all batches of a run's first round are there. */
async function areWritten(bucket: Bucket, { runId, batches }: Pick<Plan, 'runId' | 'batches'>) {
  return (await bucket.list(batchPrefix(runId))).length >= batches;
}
