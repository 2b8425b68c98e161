import { RateLimiter } from '../../../lib/endpoints/rate-limiter.ts';
import { DEFAULT_RESILIENCE, retryDelay } from '../../../lib/endpoints/resilience.ts';

describe('the delay before another attempt', () => {
  it('is random, and may double with each failure up to the longest', () => {
    const longest = (failures: number) => retryDelay(DEFAULT_RESILIENCE, { failures }, () => 1);
    expect([1, 2, 3, 6, 9].map(longest)).toEqual([200, 400, 800, 5_000, 5_000]);
    expect(retryDelay(DEFAULT_RESILIENCE, { failures: 3 }, () => 0.25)).toBe(200);
  });

  it('is short where the service is well, and this input is what it refuses', () => {
    const longest = (failures: number) => retryDelay(DEFAULT_RESILIENCE, { failures, isBrief: true }, () => 1);
    expect([1, 2, 3, 4, 9].map(longest)).toEqual([200, 400, 800, 1_000, 1_000]);
  });

  it('is what the endpoint asks for, up to the cap, and the random part', () => {
    expect(retryDelay(DEFAULT_RESILIENCE, { failures: 1, askedMs: 7_000 }, () => 0.5)).toBe(7_100);
    expect(retryDelay(DEFAULT_RESILIENCE, { failures: 1, askedMs: 86_400_000 }, () => 0.5)).toBe(20_100);
  });
});

describe('the default number of attempts', () => {
  it('loses less than one of 100,000 members when a fifth of their calls fails at random', () => {
    expect(3 * 100_000 * 0.2 ** DEFAULT_RESILIENCE.attempts).toBeLessThan(0.05);
  });
});

describe('the rate limiter', () => {
  it('spreads requests evenly and makes up for nothing', () => {
    let at = 1_000;
    const rateLimiter = new RateLimiter(10, () => at);
    expect([rateLimiter.take(), rateLimiter.take(), rateLimiter.take()]).toEqual([0, 100, 200]);
    at += 250;
    expect(rateLimiter.take()).toBe(50);
    at += 5_000;
    expect([rateLimiter.take(), rateLimiter.take()]).toEqual([0, 100]);
  });
});
