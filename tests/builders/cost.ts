import type { Cost } from '../../lib/cost/usage.ts';

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

const WITHOUT =
  'Not included: the requests that store this estimate and later ones, cold starts, failed attempts, logs, storage and your endpoints.';

export const COST_BASIS = `Estimated from the functions' memory, time and requests to S3 until they stored their results, at AWS's prices of us-east-1 in 2026-11 without free tiers. ${WITHOUT}`;
