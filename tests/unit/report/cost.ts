import type { Cost } from '../../../lib/cost/usage.ts';

/** Two functions, four cents and a bit. */
export const COST: Cost = {
  usd: 0.04125,
  isLowerBound: false,
  prices: { region: 'us-east-1', asOf: '2026-11' },
  stages: [
    { name: 'predict', invocations: 12, seconds: 80.5, memoryMb: 1024, s3: { writes: 30, reads: 90 }, usd: 0.04 },
    { name: 'report', invocations: 1, seconds: 0.75, memoryMb: 2048, s3: { writes: 5, reads: 14 }, usd: 0.00125 },
  ],
};

const WITHOUT = 'Cold starts, attempts that died, logs, storage and your endpoints are not in it.';

export const COST_BASIS = `From the functions' time until they stored what they had, their memory and their requests to S3, at AWS's prices of us-east-1 in 2026-11 without free tiers. ${WITHOUT}`;
