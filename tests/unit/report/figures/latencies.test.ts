import { LatencyBins } from '../../../../lib/report/figures/latency-bins.ts';
import { SlowestMembers } from '../../../../lib/report/figures/slowest.ts';
import { figuresOf } from '../../../builders/figures.ts';
import { failed, scored } from '../../../builders/members.ts';
import { CALLS, mapCalls } from '../../../default-calls.ts';

const none = mapCalls(() => 0);

describe('latency bins', () => {
  it('count each endpoint in bins of a tenth of a power of ten', () => {
    const bins = new LatencyBins(CALLS);
    bins.observe('ats', 10);
    bins.observe('resp', 12);
    bins.observe('offer', 13);
    bins.observe('ats', 12.5);
    const counted = bins.bins();
    // 10 to 12.59 ms, and 12.59 to 15.85 ms.
    expect(counted.map(({ members }) => members)).toEqual([
      { ...none, ats: 2, resp: 1 },
      { ...none, offer: 1 },
    ]);
    expect(counted[0]?.fromMs).toBeCloseTo(10, 9);
    expect(counted[0]?.toMs).toBeCloseTo(12.589, 3);
    expect(counted[1]?.fromMs).toBe(counted[0]?.toMs);
  });

  it('keep the empty bins between the fastest and the slowest call', () => {
    const bins = new LatencyBins(CALLS);
    bins.observe('ats', 1);
    bins.observe('resp', 100);
    expect(bins.bins()).toHaveLength(21);
  });

  it('take what is faster or slower than any call into the outermost', () => {
    const bins = new LatencyBins(CALLS);
    bins.observe('ats', 0);
    bins.observe('resp', 1e12);
    expect(bins.bins()).toHaveLength(90);
  });

  it('are of the members that the steps are of: of none that failed before an endpoint was asked', () => {
    const unasked = { ...failed('b', 'is down'), latency: { ats: 0.02, total: 0.02 } };
    const figures = figuresOf([scored('a', 1, 1, 'A'), { ...unasked, attempts: none }]);
    expect(figures.summary.steps.find(({ step }) => step === 'ats')?.count).toBe(1);
    expect(figures.latencyBins.map(({ members }) => members)).toEqual([mapCalls(() => 1)]);
  });

  it('are of the calls for which a request was sent: of none that was given up unasked, however long it had waited', () => {
    const waited = { ...failed('b', 'is down'), latency: { ats: 60_200, resp: 4, total: 60_200 } };
    const figures = figuresOf([scored('a', 1, 1, 'A'), { ...waited, attempts: { ...none, resp: 1 } }]);
    const timed = (name: string) => figures.summary.steps.find(({ step }) => step === name);
    expect([timed('ats')?.count, timed('ats')?.maxMs, timed('resp')?.count]).toEqual([1, 1, 2]);
    const inAll = figures.latencyBins.reduce((sum, { members }) => sum + (members.ats ?? 0), 0);
    expect(inAll).toBe(1);
  });

  it('are none without calls', () => {
    expect(new LatencyBins(CALLS).bins()).toEqual([]);
  });
});

describe('the slowest members', () => {
  const lasting = (memberId: string, total: number) => ({
    ...scored(memberId, 1, 1, 'A'),
    latency: { ats: total, total },
  });

  it('are kept, the slowest first, the earlier one first among equals', () => {
    const slowest = new SlowestMembers(3);
    for (const [id, ms] of [
      ['a', 5],
      ['b', 9],
      ['c', 1],
      ['d', 9],
      ['e', 7],
    ] as const)
      slowest.add(lasting(id, ms));
    expect(slowest.members.map(({ memberId }) => memberId)).toEqual(['b', 'd', 'e']);
  });

  it('are none of those for whom no request was sent', () => {
    const slowest = new SlowestMembers(3);
    slowest.add({ ...lasting('a', 60_200), attempts: none });
    expect(slowest.members).toEqual([]);
  });

  it('are all where there are no more', () => {
    const slowest = new SlowestMembers(3);
    slowest.add(lasting('a', 0));
    expect(slowest.members).toHaveLength(1);
  });
});
