import { Tally } from '../../../../lib/report/figures/tally.ts';
import type { ScoredMember } from '../../../../lib/run/contracts.ts';
import { failed, scored } from '../../../builders/members.ts';
import { MANIFEST, result } from '../../../builders/results.ts';
import { DEFAULT_CALLS, mapCalls } from '../../../default-calls.ts';
import { DEFAULT } from '../../../default-partner.ts';

function tallyOf(...members: ScoredMember[]): Tally {
  const tally = new Tally(DEFAULT_CALLS);
  for (const one of members) tally.addMember(one);
  return tally;
}

const one = scored('A', 1, 1, 'OFFER_1');

describe('a tally', () => {
  it('counts members per outcome', () => {
    expect(tallyOf(one, one, one, failed('B', 'down')).members).toEqual({ total: 4, scored: 3, failed: 1 });
  });

  it('counts requests, of which all but the first of a call are retries', () => {
    const members = [one, { ...one, attempts: { ...one.attempts, ats: 3, offer: 2 } }, failed('B', 'down')];
    const tally = tallyOf(...members);
    tally.addBatch({ ...result(1, 1_400, 1_900, members), spans: {} });
    expect(tally.requests).toEqual({
      ...mapCalls(() => ({ sent: 2, retries: 0, rows: 2, failed: 0 })),
      ats: { sent: 9, retries: 6, rows: 9, failed: 1 },
      resp: { sent: 3, retries: 0, rows: 3, failed: 0 },
      offer: { sent: 3, retries: 1, rows: 3, failed: 0 },
    });
  });

  it('counts requests of several members once, whatever the members have been in, and how many there were a second', () => {
    const members = [one, one, one, failed('B', 'down')];
    const tally = tallyOf(...members);
    // Of the second batch of four, one request had to be sent again.
    const [sent, again] = [
      { ats: { requests: 1, retries: 0, rows: 4 } },
      { ats: { requests: 2, retries: 1, rows: 8 }, resp: { requests: 1, retries: 0, rows: 4 } },
    ];
    tally.addBatch({ ...result(1, 1_400, 1_900, members), requests: sent });
    tally.addBatch({ ...result(2, 1_600, 3_400, members), requests: again });
    const { ats, resp } = tally.requests;
    // From 1,400 to 3,400 ms.
    expect(ats).toEqual({ sent: 3, retries: 1, rows: 12, failed: 1, requestsPerSecond: 1.5, rowsPerSecond: 6 });
    expect(resp).toEqual({ sent: 1, retries: 0, rows: 4, failed: 0 });
  });

  it('counts failed calls by endpoint and status, the most frequent first', () => {
    const { failures } = tallyOf(
      failed('A', 'timed out'),
      failed('B', 'crashed on B', 500),
      failed('C', 'crashed', 500),
    );
    expect(failures).toEqual([
      { step: 'ats', status: 500, calls: 2, example: 'crashed on B' },
      { step: 'ats', calls: 1, example: 'timed out' },
    ]);
  });

  it('counts rejected rows by problem, the most frequent first', () => {
    const tally = new Tally(DEFAULT_CALLS);
    for (const problem of ['blank', 'no number', 'no number']) {
      tally.addRejected({ line: 2, problem, reason: `${problem} here`, raw: '' });
    }
    expect(tally.rejections).toEqual([
      { problem: 'no number', rows: 2 },
      { problem: 'blank', rows: 1 },
    ]);
  });

  it('has percentiles of the members themselves, and leaves out calls that were never made', () => {
    const members = Array.from({ length: 100 }, (_, index) => ({ ...one, latency: { offer: index + 1, total: 200 } }));
    const offer = tallyOf(...members, failed('B', 'down'))
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
    const tally = tallyOf(one, one, one);
    tally.addBatch(result(1, 1_400, 1_900));
    tally.addBatch(result(2, 1_600, 3_400));
    const ats = tally.steps(MANIFEST).find(({ step }) => step === 'ats');
    expect(ats?.throughputPerSecond).toBe(1.5); // 3 members in 2 s
    expect(ats?.span).toEqual({ from: 1_400, to: 3_400 });
  });

  it('tells waiting for one stage from waiting for another', () => {
    const tally = new Tally(DEFAULT_CALLS);
    tally.addWait('features', { from: 0, to: 10 });
    tally.addBatch(result(1, 1_400, 1_900)); // written at 1,300
    tally.addWait('report', { from: 0, to: 40 });
    const means = tally.steps(MANIFEST).map(({ step, meanMs }) => [step, meanMs]);
    expect(means.slice(-4)).toEqual([
      ['wait', 50],
      ['wait features', 10],
      ['wait predict', 100],
      ['wait report', 40],
    ]);
  });

  it('has no wall clock for what never happened', () => {
    const total = new Tally(DEFAULT_CALLS).steps(MANIFEST).find(({ step }) => step === 'total');
    expect(total).toMatchObject({ count: 0, meanMs: 0, throughputPerSecond: 0 });
    expect(total).not.toHaveProperty('span');
  });
});

describe('a run is', () => {
  it('COMPLETE when everybody is scored', () => {
    expect(tallyOf(one).verdict(MANIFEST)).toEqual({ status: 'COMPLETE' });
  });

  it('PARTIAL when somebody failed, with the most frequent reason', () => {
    expect(tallyOf(one, failed('A', 'odd', 400), failed('B', 'down'), failed('C', 'down')).verdict(MANIFEST)).toEqual({
      status: 'PARTIAL',
      reason: '3 of 4 members could not be scored; most often: down',
    });
  });

  describe('of whose rows 6 of 100 were rejected,', () => {
    const rows = { read: 100, accepted: 94, rejected: 6, imputed: 0 };
    const { input } = DEFAULT;
    const limited = (maxRejectedShare: number) => ({
      ...MANIFEST,
      rows,
      partnerFile: { file: 'acme.yml', digest: '0', definition: { ...DEFAULT, input: { ...input, maxRejectedShare } } },
    });
    const rejected = { line: 2, problem: 'SPEND is not a number', reason: 'SPEND "x" is not a number', raw: '' };

    it('PARTIAL where the partner allows fewer, with the most frequent reason', () => {
      const tally = tallyOf(one);
      tally.addRejected(rejected);
      expect(tally.verdict(limited(0.05))).toEqual({
        status: 'PARTIAL',
        reason:
          "6 of 100 rows were rejected, more than the 5% that the partner's file allows (maxRejectedShare); most often: SPEND is not a number",
      });
    });

    it('COMPLETE where the partner allows as many, and when the run began before there was a limit', () => {
      expect(tallyOf(one).verdict(limited(0.06))).toEqual({ status: 'COMPLETE' });
      expect(tallyOf(one).verdict({ ...MANIFEST, rows })).toEqual({ status: 'COMPLETE' });
    });

    it('PARTIAL for both reasons when somebody failed besides, and FAILED when all did', () => {
      expect(tallyOf(one, failed('A', 'down')).verdict(limited(0))).toEqual({
        status: 'PARTIAL',
        reason:
          "1 of 2 members could not be scored; most often: down. 6 of 100 rows were rejected, more than the 0% that the partner's file allows (maxRejectedShare)",
      });
      expect(tallyOf(failed('A', 'down')).verdict(limited(0.05)).status).toBe('FAILED');
    });
  });

  it('FAILED when nobody is scored', () => {
    expect(tallyOf(failed('A', 'down')).verdict(MANIFEST).status).toBe('FAILED');
  });

  it('FAILED when the file could not be used', () => {
    expect(tallyOf().verdict({ ...MANIFEST, reason: 'empty' })).toEqual({ status: 'FAILED', reason: 'empty' });
  });
});
