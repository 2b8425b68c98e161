import { FIRST_FEATURES } from '../../lib/run/contract-version.ts';
import type { Manifest, Result, ScoredMember } from '../../lib/run/contracts.ts';
import { CALLS } from '../default-calls.ts';

/** Of a run with one member: uploaded at 1,000 ms, read from 1,100 to 1,400. */
export const MANIFEST: Manifest = {
  runId: '20240131T101502Z-3f9a1c2e',
  partner: 'default',
  source: { bucket: 'offers', key: 'uploads/default/a.csv' },
  etag: 'e',
  asOf: '2024-01-31',
  rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
  members: 1,
  batches: 1,
  features: [...FIRST_FEATURES],
  calls: [...CALLS],
  startedAt: new Date(1_100).toISOString(),
  finishedAt: new Date(1_400).toISOString(),
  wait: { from: 1_000, to: 1_100 },
  steps: [],
};

/** A batch of that run written at 1,300 ms, taken up at `from` and done at `to`. */
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
