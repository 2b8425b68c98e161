import { planBatches, writesAtATime } from '../../../lib/stages/batches.ts';

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

describe('batches are written', () => {
  it.each([
    { members: 10_000, batches: 100, atATime: 8 },
    { members: 2_000_000, batches: 200, atATime: 8 },
    { members: 2_000_000, batches: 100, atATime: 4 },
    { members: 2_000_000, batches: 24, atATime: 1 },
    { members: 2_000_000, batches: 1, atATime: 1 },
  ])('$atATime at a time when $members members are in $batches', ({ members, batches, atATime }) => {
    expect(writesAtATime(planBatches('run', members, { minBatchSize: 1, maxBatches: batches }))).toBe(atATime);
  });
});
