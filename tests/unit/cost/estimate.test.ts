import { estimate, type StageUsage } from '../../../lib/cost/estimate.ts';

const UNUSED: StageUsage = { name: 'predict', invocations: 0, seconds: 0, memoryMb: 1024, s3: { writes: 0, reads: 0 } };

const usdOf = (stage: Partial<StageUsage>) => estimate({ stages: [{ ...UNUSED, ...stage }] }).usd;

describe('What a run costs', () => {
  it('is nothing when nothing was used', () => {
    expect(usdOf({})).toBe(0);
    expect(estimate({ stages: [] })).toEqual({ usd: 0, lines: [] });
  });

  it('counts time by the memory that was set: 1,000 s of 1 GB are $0.0133334, of 512 MB half of that', () => {
    expect(usdOf({ seconds: 1000 })).toBeCloseTo(0.0133334, 12);
    expect(usdOf({ seconds: 1000, memoryMb: 512 })).toBeCloseTo(0.0066667, 12);
  });

  it('counts invocations by the million and S3 requests by the thousand, writes apart from reads', () => {
    expect(usdOf({ invocations: 5_000_000 })).toBeCloseTo(1, 12);
    expect(usdOf({ s3: { writes: 2000, reads: 0 } })).toBeCloseTo(0.01, 12);
    expect(usdOf({ s3: { writes: 0, reads: 5000 } })).toBeCloseTo(0.002, 12);
  });

  it('counts what is stored by GB and day: 3 GB for 2 days are 0.2 GB-months', () => {
    const { lines, usd } = estimate({ stages: [], stored: { bytes: 3 * 1024 ** 3, days: 2 } });
    expect(lines).toEqual([{ stage: undefined, item: 's3Storage', quantity: expect.closeTo(0.2, 12), usd }]);
    expect(usd).toBeCloseTo(0.0046, 12);
  });

  it('counts logs and what is sent to endpoints elsewhere by the GB', () => {
    expect(estimate({ stages: [], logBytes: 1024 ** 3 / 2 }).usd).toBeCloseTo(0.25, 12);
    expect(estimate({ stages: [], sentBytes: 2 * 1024 ** 3 }).usd).toBeCloseTo(0.18, 12);
  });

  it('is the sum over the stages, each with a line for time, invocations, writes and reads', () => {
    const stages = [
      { ...UNUSED, name: 'features', seconds: 30, memoryMb: 2048 },
      { ...UNUSED, invocations: 10, s3: { writes: 20, reads: 40 } },
    ];
    const { lines, usd } = estimate({ stages });
    // 60 GB-s × 0.0000133334 + 10 × 0.0000002 + 20 × 0.000005 + 40 × 0.0000004
    expect(usd).toBeCloseTo(0.000800004 + 0.000002 + 0.0001 + 0.000016, 12);
    expect(lines.map(({ stage, item, quantity }) => [stage, item, quantity])).toEqual([
      ['features', 'lambdaTime', 60],
      ['features', 'lambdaRequests', 0],
      ['features', 's3Writes', 0],
      ['features', 's3Reads', 0],
      ['predict', 'lambdaTime', 0],
      ['predict', 'lambdaRequests', 10],
      ['predict', 's3Writes', 20],
      ['predict', 's3Reads', 40],
    ]);
  });
});
