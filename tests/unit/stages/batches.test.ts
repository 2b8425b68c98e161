import { planBatches } from '../../../lib/stages/batches.ts';

describe('members are shared out', () => {
  it.each([
    { members: 990, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 20 },
    { members: 990, minBatchSize: 50, maxBatches: 8, size: 124, batches: 8 },
    { members: 1, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 1 },
    { members: 50, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 1 },
    { members: 51, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 2 },
    { members: 1_000_001, minBatchSize: 50, maxBatches: 1000, size: 1001, batches: 1000 },
    { members: 7, minBatchSize: 1, maxBatches: 1000, size: 1, batches: 7 },
  ])('$members members in $batches batches of $size', ({ members, minBatchSize, maxBatches, size, batches }) => {
    expect(planBatches('run', members, { minBatchSize, maxBatches })).toEqual({ runId: 'run', members, size, batches });
  });
});
