import pMap from 'p-map';
import type { MemberAggregates } from '../../members/aggregates.ts';
import type { FeatureTable } from '../../members/feature-table.ts';
import { callsPartOf } from '../../partners/definition.ts';
import { CONTRACT_VERSION } from '../../run/contract-version.ts';
import { type Batch, batchSchema, type Plan } from '../../run/contracts.ts';
import { batchKey, numbersTo } from '../../run/keys.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';
import { type Step, StepTimer } from '../../timing/step-timer.ts';
import { WRITE_BATCHES } from '../../timing/steps.ts';
import type { RejectedMembers } from '../../transactions/rejected-members.ts';

/**
 * How members are shared out: among `maxBatches`, or fewer where these would hold less than `minBatchSize` each, or more
 * where they would hold more than `maxBatchSize`.
 */
export interface Batching {
  minBatchSize: number;
  maxBatches: number;
  maxBatchSize?: number | undefined;
}

/** Into how many batches, and of how many members each: the last one may hold fewer. */
export type Cut = Pick<Plan, 'batches' | 'batchSize'>;

/** What was settled of a run before this attempt at it. */
export type Beginning = Cut & Pick<Plan, 'features' | 'calls' | 'partnerFile'>;

/** What was read of a file's members. */
export interface ReadMembers {
  aggregates: MemberAggregates;
  /** Their features. */
  table: FeatureTable;
  /** Whose rows were rejected. */
  rejected: RejectedMembers;
}

/** As many as S3 lists on one page. */
const MAX_BATCHES = 1000;

/** Writes under way at a time; they wait for S3, not for the processor. */
const CONCURRENT_WRITES = 8;

/** Members in them at the most: each takes some 1.5 kB, as an object, as text and as bytes, until S3 has it. */
const MEMBERS_UNDER_WAY = 100_000;

/** @param members how many there are, at least one */
export function cutMembers(members: number, batching: Batching): Cut {
  const { minBatchSize, maxBatches, maxBatchSize = Number.POSITIVE_INFINITY } = batching;
  const limit = Math.min(MAX_BATCHES, Math.max(maxBatches, Math.ceil(members / maxBatchSize)));
  const batchSize = Math.max(minBatchSize, Math.ceil(members / limit));
  return { batchSize, batches: Math.ceil(members / batchSize) };
}

/** How a version that stored no plan has begun a run; undefined when there is no such beginning. */
export async function beginningByFirstBatch(bucket: Bucket, runId: string): Promise<Beginning | undefined> {
  const first = await bucket.readJsonIfThere(batchKey(runId, 1), batchSchema);
  if (first === undefined) return undefined;
  const { members, batches, calls } = first;
  return { batchSize: members.length, batches, features: Object.keys(members[0]?.features ?? {}), calls };
}

/** How many of a run's batches are written at a time: large ones would fill the memory. */
export function writesAtATime({ batchSize }: Pick<Cut, 'batchSize'>): number {
  return Math.max(1, Math.min(CONCURRENT_WRITES, Math.floor(MEMBERS_UNDER_WAY / batchSize)));
}

/**
 * Writes members in order of first appearance, a slice per object, but for those that an earlier attempt has written.
 * @returns how long it took
 */
export async function writeBatches(bucket: Bucket, plan: Plan, members: ReadMembers): Promise<Step> {
  const timer = new StepTimer(WRITE_BATCHES);
  const write = async (number: number) => {
    const from = now();
    // The predict stage starts when a batch is created: one that is there already must not start it again.
    await bucket.createJson(batchKey(plan.runId, number), batchOf(plan, number, members));
    timer.stop(from, endOf(plan, number) - firstOf(plan, number));
  };
  await pMap(numbersTo(plan.batches), write, { concurrency: writesAtATime(plan) });
  return timer.statistics();
}

function firstOf({ batchSize }: Plan, batch: number): number {
  return (batch - 1) * batchSize;
}

function endOf({ batchSize, members }: Plan, batch: number): number {
  return Math.min(batch * batchSize, members);
}

function batchOf(plan: Plan, batch: number, { aggregates, table, rejected }: ReadMembers): Batch {
  const first = firstOf(plan, batch);
  const slice = aggregates.memberIds.slice(first, endOf(plan, batch)).map((memberId, position) => {
    const member = first + position;
    const rejectedRows = rejected.rowsOf(memberId);
    return {
      memberId,
      transactions: aggregates.transactions(member),
      imputedValues: aggregates.imputedValues(member),
      ...(rejectedRows > 0 && { rejectedRows }),
      features: table.of(member),
    };
  });
  const { runId, batches, partner, calls, partnerFile } = plan;
  const definition = partnerFile && callsPartOf(partnerFile.definition);
  return {
    version: CONTRACT_VERSION,
    runId,
    batch,
    batches,
    partner,
    calls,
    ...(definition && { definition }),
    members: slice,
  };
}
