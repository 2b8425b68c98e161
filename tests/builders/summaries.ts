import { mapNames } from '../../lib/registry.ts';
import { outputKey } from '../../lib/run/keys.ts';
import { OUTPUTS_BESIDE_SUMMARY } from '../../lib/run/outputs.ts';
import { NO_REQUESTS, type Summary } from '../../lib/run/summary.ts';
import type { Step } from '../../lib/timing/step-timer.ts';
import { mapCalls } from '../default-calls.ts';

/** When the run of these summaries began, milliseconds since the epoch. */
export const STARTED = Date.UTC(2024, 0, 31, 10, 15, 2);

/** A step that ran for the second second of the run. */
export function step(name: string, count: number, changes: Partial<Step> = {}): Step {
  const [from, to] = [STARTED + 500, STARTED + 1500];
  return {
    step: name,
    unit: 'member',
    count,
    ...{ meanMs: 12.5, p50Ms: 10, p90Ms: 20, p95Ms: 25, p99Ms: 40, maxMs: 80 },
    items: 'members',
    throughputPerSecond: count,
    span: { from, to },
    ...changes,
  };
}

/** 1,000 members, 800 of them with OFFER_1, over 2 seconds. */
export function summaryWith(changes: Partial<Summary> = {}): Summary {
  const { runId = '20240131T101502Z-3f9a1c2e', partner = 'acme' } = changes;
  return {
    runId,
    partner,
    source: { bucket: 'bucket', key: 'uploads/acme/members.csv' },
    asOf: '2024-01-31',
    status: 'COMPLETE',
    rows: { read: 4010, accepted: 4000, rejected: 10, imputed: 7 },
    rejections: [{ problem: 'MEMBER_ID is blank', rows: 10 }],
    members: { total: 1000, scored: 1000, failed: 0 },
    offers: { OFFER_1: 800, OFFER_2: 200 },
    predictions: {
      ats: { min: 0, lowerQuartile: 100, median: 250, upperQuartile: 900, max: 4000 },
      resp: { min: 0.01, lowerQuartile: 0.1, median: 0.2, upperQuartile: 0.4, max: 0.9 },
    },
    boundaries: [
      { below: 'OFFER_1', above: 'OFFER_2', highestBelow: 199.8, lowestAbove: 200.1, near: 12, overlapping: 0 },
    ],
    requests: {
      ...mapCalls(() => NO_REQUESTS),
      ats: { sent: 1003, retries: 3, failed: 0 },
      resp: { sent: 1000, retries: 0, failed: 0 },
      offer: { sent: 1000, retries: 0, failed: 0 },
    },
    failures: [],
    elapsedMs: 2000,
    phases: [
      { phase: 'wait features', durationMs: 100 },
      { phase: 'features', durationMs: 300 },
      { phase: 'scoring', durationMs: 1500 },
      { phase: 'wait report', durationMs: 40 },
      { phase: 'report', durationMs: 60 },
    ],
    steps: [step('read', 1), step('ats', 1000), step('resp', 1000), step('offer', 1000), step('report', 1)],
    startedAt: '2024-01-31T10:15:02.000Z',
    finishedAt: '2024-01-31T10:15:04.000Z',
    outputs: mapNames(OUTPUTS_BESIDE_SUMMARY, (output) => outputKey(partner, runId, output)),
    ...changes,
  };
}

/** What was sent in a second for 1,000 members: 6 requests to ATS, one of which had to be sent again, and 5 to RESP. */
export const BATCHED: Summary['requests'] = {
  ...mapCalls(() => NO_REQUESTS),
  ats: { sent: 6, retries: 1, rows: 1200, failed: 0, requestsPerSecond: 6, rowsPerSecond: 1200 },
  resp: { sent: 5, retries: 0, rows: 1000, failed: 0, requestsPerSecond: 5, rowsPerSecond: 1000 },
};

/** Of a run whose file could not be used: nothing was scored, called or timed. */
export function failedSummary(changes: Partial<Summary> = {}): Summary {
  const { predictions, ...summary } = summaryWith({
    status: 'FAILED',
    reason: 'The file has no column MEMBER_ID.',
    asOf: null,
    rows: { read: 0, accepted: 0, rejected: 0, imputed: 0 },
    rejections: [],
    members: { total: 0, scored: 0, failed: 0 },
    offers: {},
    boundaries: [],
    requests: mapCalls(() => NO_REQUESTS),
    elapsedMs: 0,
    phases: [],
    steps: [],
    ...changes,
  });
  return summary;
}
