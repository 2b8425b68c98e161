import type { RunFigures } from '../../../../lib/report/figures/run-figures.ts';
import type { ScoredMember } from '../../../../lib/run/contracts.ts';
import type { Summary } from '../../../../lib/run/summary.ts';
import type { Step } from '../../../../lib/timing/step-timer.ts';

/** When the run in these figures began, milliseconds since the epoch. */
const STARTED = Date.UTC(2024, 0, 31, 10, 15, 2);

function aStep(step: string, count: number): Step {
  const [from, to] = [STARTED + 500, STARTED + 1500];
  const times = { meanMs: 12.5, p50Ms: 10, p90Ms: 20, p95Ms: 25, p99Ms: 40, maxMs: 80 };
  return { step, unit: 'member', count, ...times, items: 'members', throughputPerSecond: count, span: { from, to } };
}

function aSlowMember(memberId: string): ScoredMember {
  return {
    memberId,
    transactions: 1,
    imputedValues: 0,
    features: {
      AVG_POINTS_BOUGHT: 0,
      AVG_REVENUE_USD: 0,
      LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 0,
      LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 0,
      PCT_BUY_TRANSACTIONS: 1,
      PCT_GIFT_TRANSACTIONS: 0,
      PCT_REDEEM_TRANSACTIONS: 0,
      DAYS_SINCE_LAST_TRANSACTION: 0,
    },
    outcome: { status: 'SCORED', ats: 999.5, resp: 0.2, offer: 'OFFER_1' },
    latency: { ats: 70, resp: 60, offer: 10, total: 80 },
    attempts: { ats: 2, resp: 1, offer: 1 },
  };
}

/** 1,000 members, 800 of them with OFFER_1, over 2 seconds. */
function someSummary(changes: Partial<Summary> = {}): Summary {
  return {
    runId: '20240131T101502Z-3f9a1c2e',
    partner: 'acme',
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
    steps: [aStep('read', 1), aStep('ats', 1000), aStep('resp', 1000), aStep('offer', 1000), aStep('report', 1)],
    startedAt: '2024-01-31T10:15:02.000Z',
    finishedAt: '2024-01-31T10:15:04.000Z',
    outputs: { workbook: 'w', page: 'p', offers: 'o', members: 'm' },
    ...changes,
  };
}

export function someFigures({ summary = {}, ...changes }: Changes = {}): RunFigures {
  return {
    summary: someSummary(summary),
    slowestMembers: [aSlowMember('M1')],
    latencyBins: [
      { fromMs: 10, toMs: 10 * 10 ** 0.1, members: { ats: 600, resp: 1000, offer: 1000 } },
      { fromMs: 10 * 10 ** 0.1, toMs: 10 * 10 ** 0.2, members: { ats: 400, resp: 0, offer: 0 } },
    ],
    predictionCells: [
      { offer: 'OFFER_1', ats: 250, resp: 0.2, members: 800 },
      { offer: 'OFFER_2', ats: 4000, resp: 0.5, members: 200 },
    ],
    lanes: [
      {
        name: 'features',
        segments: [
          { activity: 'wait', from: STARTED, to: STARTED + 100 },
          { activity: 'read', from: STARTED + 100, to: STARTED + 400 },
        ],
      },
      { name: 'batch 1', segments: [{ activity: 'score', from: STARTED + 400, to: STARTED + 1900 }] },
      { name: 'report', segments: [{ activity: 'report', from: STARTED + 1940, to: STARTED + 2000 }] },
    ],
    ...changes,
  };
}

interface Changes extends Partial<Omit<RunFigures, 'summary'>> {
  summary?: Partial<Summary>;
}

/** A run whose file could not be used: nothing was scored or called. */
export function failedFigures(): RunFigures {
  const none = { sent: 0, retries: 0, failed: 0 };
  const { predictions, ...summary } = someSummary({
    status: 'FAILED',
    reason: 'The file has no column MEMBER_ID.',
    asOf: null,
    rows: { read: 0, accepted: 0, rejected: 0, imputed: 0 },
    rejections: [],
    members: { total: 0, scored: 0, failed: 0 },
    offers: {},
    boundaries: [],
    requests: { ats: none, resp: none, offer: none },
    elapsedMs: 0,
    phases: [],
    steps: [],
  });
  return { summary, slowestMembers: [], latencyBins: [], predictionCells: [], lanes: [] };
}
