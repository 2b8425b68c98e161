import { StepTimer } from '../../../lib/timing/step-timer.ts';

/** The statistics of one step whose observations took so many milliseconds. */
function statisticsOf(...durations: number[]) {
  const timer = new StepTimer({ step: 'read', unit: 'file', items: 'rows' });
  for (const duration of durations) timer.observe(duration);
  return timer.statistics();
}

describe('the statistics of a step', () => {
  it('say of what was done once the same time everywhere', () => {
    const { count, meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs } = statisticsOf(599.5);
    expect({ count, meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }).toEqual({
      count: 1,
      meanMs: 599.5,
      p50Ms: 599.5,
      p90Ms: 599.5,
      p95Ms: 599.5,
      p99Ms: 599.5,
      maxMs: 599.5,
    });
  });

  it('have no percentile beyond the maximum, which is exact', () => {
    const { p50Ms, p99Ms, maxMs } = statisticsOf(10, 1234.5678, 20);
    expect(maxMs).toBe(1234.5678);
    expect(p99Ms).toBe(1234.5678);
    // Of three the second, to three digits.
    expect(p50Ms).toBeCloseTo(20, 1);
  });

  it('are all zero when nothing was done', () => {
    expect(statisticsOf()).toMatchObject({ count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
  });
});
