import pMap from 'p-map';
import type { Bucket } from '../bucket.ts';
import { type Batch, batchSchema, type Step } from '../contracts.ts';
import { batchKey } from '../layout.ts';
import type { FeatureTable } from '../members/features.ts';
import type { Ledger } from '../members/ledger.ts';
import { now, StepTimer } from '../timing.ts';

/**
 * How members are shared out: among `maxBatches`, or fewer where these would hold less than `minBatchSize` each, or more
 * where they would hold more than `maxBatchSize`.
 */
export interface Batching {
  minBatchSize: number;
  maxBatches: number;
  maxBatchSize?: number | undefined;
}

export interface BatchPlan {
  runId: string;
  members: number;
  /** Members per batch; the last one may hold fewer. */
  size: number;
  batches: number;
}

/** As many as S3 lists on one page. */
const MOST_BATCHES = 1000;

/** Writes under way at a time; they wait for S3, not for the processor. */
const CONCURRENT_WRITES = 8;

/** Members in them at the most: each takes some 1.5 kB, as an object, as text and as bytes, until S3 has it. */
const MEMBERS_UNDER_WAY = 100_000;

/** @param members how many there are, at least one */
export function planBatches(runId: string, members: number, batching: Batching): BatchPlan {
  const { minBatchSize, maxBatches, maxBatchSize = Number.POSITIVE_INFINITY } = batching;
  const most = Math.min(MOST_BATCHES, Math.max(maxBatches, Math.ceil(members / maxBatchSize)));
  const size = Math.max(minBatchSize, Math.ceil(members / most));
  return { runId, members, size, batches: Math.ceil(members / size) };
}

/** How many of a plan's batches are written at a time: large ones would fill the memory. */
export function writesAtATime({ size }: BatchPlan): number {
  return Math.max(1, Math.min(CONCURRENT_WRITES, Math.floor(MEMBERS_UNDER_WAY / size)));
}

/** What has been written. */
export interface WrittenBatches {
  batches: number;
  /** How long it took. */
  step: Step;
}

/**
 * Writes members in order of first appearance, a slice per object. Where an earlier attempt has begun to, it goes on with
 * slices as large as those: the settings may be others by now, and the predict stage has started with what is there.
 */
export async function writeBatches(
  bucket: Bucket,
  planned: BatchPlan,
  ledger: Ledger,
  table: FeatureTable,
): Promise<WrittenBatches> {
  const timer = new StepTimer({ step: 'write batches', unit: 'object', items: 'members' });
  const write = async (plan: BatchPlan, number: number) => {
    const from = now();
    // The predict stage starts when a batch is created: one that is there already must not start it again.
    const isNew = await bucket.createJson(batchKey(plan.runId, number), batchOf(plan, number, ledger, table));
    timer.stop(from, endOf(plan, number) - firstOf(plan, number));
    return isNew;
  };
  // Before all others, so that it is there when any of them is.
  const plan = (await write(planned, 1)) ? planned : await planOfFirst(bucket, planned);
  const others = Array.from({ length: plan.batches - 1 }, (_, index) => index + 2);
  await pMap(others, (number) => write(plan, number), { concurrency: writesAtATime(plan) });
  return { batches: plan.batches, step: timer.statistics() };
}

async function planOfFirst(bucket: Bucket, { runId, members }: BatchPlan): Promise<BatchPlan> {
  const first = await bucket.readJson(batchKey(runId, 1), batchSchema);
  return { runId, members, size: first.members.length, batches: first.batches };
}

function firstOf({ size }: BatchPlan, batch: number): number {
  return (batch - 1) * size;
}

function endOf({ size, members }: BatchPlan, batch: number): number {
  return Math.min(batch * size, members);
}

function batchOf(plan: BatchPlan, batch: number, ledger: Ledger, table: FeatureTable): Batch {
  const first = firstOf(plan, batch);
  const slice = ledger.memberIds.slice(first, endOf(plan, batch)).map((memberId, position) => {
    const member = first + position;
    return {
      memberId,
      transactions: ledger.transactions(member),
      imputedValues: ledger.imputedValues(member),
      features: table.of(member),
    };
  });
  return { runId: plan.runId, batch, batches: plan.batches, members: slice };
}
