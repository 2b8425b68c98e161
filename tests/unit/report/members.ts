import { CALLS } from '../../../lib/calls.ts';
import { FEATURE_NAMES } from '../../../lib/members/features.ts';
import type { Manifest, Result, ScoredMember } from '../../../lib/run/contracts.ts';

/** Members and runs as simple as can be, to be varied. */

export function scored(memberId: string, ats: number, resp: number, offer: string): ScoredMember {
  return {
    ...PLAIN,
    memberId,
    outcome: { status: 'SCORED', ats, resp, offer },
    latency: { ats: 1, resp: 1, offer: 1, total: 2 },
  };
}

export function failed(memberId: string, message: string, status?: number): ScoredMember {
  const failure = { step: 'ats', attempts: 5, message, ...(status === undefined ? {} : { status }) } as const;
  return {
    ...PLAIN,
    memberId,
    outcome: { status: 'FAILED', resp: 0.5, failures: [failure] },
    latency: { ats: 1, resp: 1, total: 1 },
    attempts: { ats: 5, resp: 1, offer: 0 },
  };
}

const PLAIN = {
  transactions: 1,
  imputedValues: 0,
  features: {
    AVG_POINTS_BOUGHT: 1,
    AVG_REVENUE_USD: 1,
    LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 1,
    LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 1,
    PCT_BUY_TRANSACTIONS: 1,
    PCT_GIFT_TRANSACTIONS: 0,
    PCT_REDEEM_TRANSACTIONS: 0,
    DAYS_SINCE_LAST_TRANSACTION: 1,
  },
  attempts: { ats: 1, resp: 1, offer: 1 },
};

/** Uploaded at 1,000 ms, read from 1,100 to 1,400. */
export const MANIFEST: Manifest = {
  runId: '20240131T101502Z-3f9a1c2e',
  partner: 'default',
  source: { bucket: 'offers', key: 'uploads/default/a.csv' },
  etag: 'e',
  asOf: '2024-01-31',
  rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
  members: 1,
  batches: 1,
  features: [...FEATURE_NAMES],
  calls: [...CALLS],
  startedAt: new Date(1_100).toISOString(),
  finishedAt: new Date(1_400).toISOString(),
  wait: { from: 1_000, to: 1_100 },
  steps: [],
};

/** A batch written at 1,300 ms, taken up at `from` and done at `to`. */
export function result(batch: number, from: number, to: number, members: ScoredMember[] = []): Result {
  const span = { from, to };
  return {
    runId: MANIFEST.runId,
    batch,
    batches: 2,
    calls: [...CALLS],
    members,
    wait: { from: 1_300, to: from },
    spans: { ats: span, total: span },
  };
}
