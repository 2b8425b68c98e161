import { cutMembers } from '../../lib/stages/features/batches.ts';

/** As in serverless.yml. */
export const BATCHING = { minBatchSize: 100, maxBatches: 10, maxBatchSize: 25_000 };

/** As many as features makes of so many members. */
export function batchesOf(members: number): number {
  return cutMembers(members, BATCHING).batches;
}
