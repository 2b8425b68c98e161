import type { Manifest, Outcome, Result, ScoredMember } from '../../../lib/contracts.ts';
import { Tally } from '../../../lib/report/tally.ts';

const FEATURES: ScoredMember['features'] = {
  AVG_POINTS_BOUGHT: 1,
  AVG_REVENUE_USD: 1,
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 1,
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 1,
  PCT_BUY_TRANSACTIONS: 1,
  PCT_GIFT_TRANSACTIONS: 0,
  PCT_REDEEM_TRANSACTIONS: 0,
  DAYS_SINCE_LAST_TRANSACTION: 1,
};

const MANIFEST: Manifest = {
  runId: '20240131T101502Z-3f9a1c2e',
  partner: 'default',
  source: { bucket: 'offers', key: 'uploads/default/a.csv' },
  etag: 'e',
  asOf: '2024-01-31',
  rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
  members: 1,
  batches: 1,
  startedAt: '2024-01-31T10:15:02.000Z',
  wait: { from: 0, to: 1 },
  steps: [],
};

function member(outcome: Outcome, latency: ScoredMember['latency']): ScoredMember {
  return { memberId: 'A', transactions: 1, imputedValues: 0, features: FEATURES, outcome, latency, attempts: 3 };
}

const scored = (offer: string, offerMs = 1): ScoredMember =>
  member({ status: 'SCORED', ats: 1, resp: 1, offer }, { ats: 1, resp: 1, offer: offerMs, total: 2 });
const failed = (error: string): ScoredMember => member({ status: 'FAILED', error }, { ats: 1, resp: 1, total: 1 });

function tallyOf(...members: ScoredMember[]): Tally {
  const tally = new Tally();
  for (const one of members) tally.addMember(one);
  return tally;
}

describe('a tally', () => {
  it('counts members per outcome and offer', () => {
    const tally = tallyOf(scored('OFFER_1'), scored('OFFER_2'), scored('OFFER_1'), failed('down'));
    expect(tally.members).toEqual({ total: 4, scored: 3, failed: 1 });
    expect(tally.offers).toEqual({ OFFER_1: 2, OFFER_2: 1 });
  });

  it('takes an offer for nothing but a name', () => {
    expect({ ...tallyOf(scored('__proto__'), scored('constructor')).offers }).toEqual(
      Object.fromEntries([
        ['__proto__', 1],
        ['constructor', 1],
      ]),
    );
  });

  it('has percentiles of the members themselves, and leaves out calls that were never made', () => {
    const latencies = Array.from({ length: 100 }, (_, index) => scored('OFFER_1', index + 1));
    const offer = tallyOf(...latencies, failed('down'))
      .steps(MANIFEST)
      .find(({ step }) => step === 'offer');
    expect(offer?.count).toBe(100);
    expect(offer?.meanMs).toBeCloseTo(50.5, 9);
    expect(offer?.p50Ms).toBeCloseTo(50, 1);
    expect(offer?.p90Ms).toBeCloseTo(90, 1);
    expect(offer?.p95Ms).toBeCloseTo(95, 1);
    expect(offer?.p99Ms).toBeCloseTo(99, 1);
    expect(offer?.maxMs).toBeCloseTo(100, 0);
  });

  it('has throughput over the wall clock from the first batch to the last', () => {
    const tally = tallyOf(scored('OFFER_1'), scored('OFFER_1'), scored('OFFER_1'));
    const batch = (from: number, to: number): Result => ({
      runId: MANIFEST.runId,
      batch: 1,
      batches: 2,
      members: [],
      wait: { from: 0, to: 4 },
      spans: { ats: { from, to } },
    });
    tally.addBatch(batch(1_000, 1_500));
    tally.addBatch(batch(1_200, 3_000));
    const steps = tally.steps(MANIFEST);
    expect(steps.find(({ step }) => step === 'ats')?.throughputPerSecond).toBe(1.5); // 3 members in 2 s
    expect(steps.find(({ step }) => step === 'wait')).toMatchObject({ count: 2, meanMs: 4 });
  });
});

describe('a run is', () => {
  it('COMPLETE when everybody is scored', () => {
    expect(tallyOf(scored('OFFER_1')).verdict(MANIFEST)).toEqual({ status: 'COMPLETE' });
  });

  it('PARTIAL when somebody failed, with the first reason', () => {
    expect(tallyOf(scored('OFFER_1'), failed('down'), failed('odd')).verdict(MANIFEST)).toEqual({
      status: 'PARTIAL',
      reason: '2 of 3 members could not be scored; the first: down',
    });
  });

  it('FAILED when nobody is scored', () => {
    expect(tallyOf(failed('down')).verdict(MANIFEST).status).toBe('FAILED');
  });

  it('FAILED when the file could not be used', () => {
    expect(tallyOf().verdict({ ...MANIFEST, reason: 'empty' })).toEqual({ status: 'FAILED', reason: 'empty' });
  });
});
