import { cutMembers, writesAtATime } from '../../../../lib/stages/features/batches.ts';

describe('members are shared out', () => {
  it.each([
    { members: 990, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 20 },
    { members: 990, minBatchSize: 50, maxBatches: 8, size: 124, batches: 8 },
    { members: 1, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 1 },
    { members: 50, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 1 },
    { members: 51, minBatchSize: 50, maxBatches: 1000, size: 50, batches: 2 },
    { members: 1_000_001, minBatchSize: 50, maxBatches: 1000, size: 1001, batches: 1000 },
    { members: 7, minBatchSize: 1, maxBatches: 1000, size: 1, batches: 7 },
    { members: 2_000_000, minBatchSize: 50, maxBatches: 2000, size: 2000, batches: 1000 },
  ])('$members members in $batches batches of $size', ({ members, minBatchSize, maxBatches, size, batches }) => {
    expect(cutMembers(members, { minBatchSize, maxBatches })).toEqual({ batchSize: size, batches });
  });

  it.each([
    { members: 990, size: 100, batches: 10 },
    { members: 250_000, size: 25_000, batches: 10 },
    { members: 250_001, size: 22_728, batches: 11 },
    { members: 2_000_000, size: 25_000, batches: 80 },
    // No more batches than S3 lists on one page.
    { members: 30_000_000, size: 30_000, batches: 1000 },
  ])('$members members in ten batches unless they were too large', ({ members, size, batches }) => {
    const batching = { minBatchSize: 100, maxBatches: 10, maxBatchSize: 25_000 };
    expect(cutMembers(members, batching)).toEqual({ batchSize: size, batches });
  });

  it('holds the least a batch has when that is more than the most', () => {
    const batching = { minBatchSize: 100, maxBatches: 10, maxBatchSize: 50 };
    expect(cutMembers(250, batching)).toEqual({ batchSize: 100, batches: 3 });
  });
});

describe('batches are written', () => {
  it.each([
    { members: 10_000, batches: 100, atATime: 8 },
    { members: 2_000_000, batches: 200, atATime: 8 },
    { members: 2_000_000, batches: 100, atATime: 5 },
    { members: 2_000_000, batches: 24, atATime: 1 },
    { members: 2_000_000, batches: 1, atATime: 1 },
  ])('$atATime at a time when $members members are in $batches', ({ members, batches, atATime }) => {
    expect(writesAtATime(cutMembers(members, { minBatchSize: 1, maxBatches: batches }))).toBe(atATime);
  });
});
