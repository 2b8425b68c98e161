import { Deadline } from '../../../../lib/stages/predict/deadline.ts';
import { now } from '../../../../lib/timing/clock.ts';

/** Timers of the same length end in their order, so this ends after all that are there by now. */
const aMillisecond = () => new Promise((resolve) => setTimeout(resolve, 1));

const never = () => new Promise<string>(() => undefined);

describe('a deadline', () => {
  it('passes by itself, and then work has come to nothing, whatever becomes of it', async () => {
    const deadline = new Deadline(1);
    expect(deadline.hasPassed).toBe(false);
    expect(await deadline.limit(never)).toBeUndefined();
    expect(deadline.hasPassed).toBe(true);
  });

  it('lets work that ends before it come to what it does', async () => {
    const deadline = new Deadline(60_000);
    expect(await deadline.limit(async () => 'done')).toBe('done');
    expect(deadline.hasPassed).toBe(false);
    deadline.clear();
  });

  it('tells when it is, milliseconds since the epoch', () => {
    const before = now();
    const deadline = new Deadline(60_000);
    expect(deadline.endsAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(deadline.endsAt).toBeLessThanOrEqual(now() + 60_000);
    deadline.clear();
  });

  it.each([0, -5])('of %i ms has passed, and no work begins', async (leftMs) => {
    const deadline = new Deadline(leftMs);
    expect(deadline.hasPassed).toBe(true);
    let begun = 0;
    expect(await deadline.limit(async () => (begun += 1))).toBeUndefined();
    expect(begun).toBe(0);
  });

  it('never comes when nothing is said of it, unless it is made to', async () => {
    const deadline = new Deadline();
    expect(deadline.endsAt).toBe(Number.POSITIVE_INFINITY);
    await aMillisecond();
    expect(deadline.hasPassed).toBe(false);
    const work = deadline.limit(never);
    deadline.pass();
    expect(await work).toBeUndefined();
    expect(deadline.hasPassed).toBe(true);
  });

  it('does not come any more when nobody is interested in it', async () => {
    const deadline = new Deadline(1);
    deadline.clear();
    await aMillisecond();
    expect(deadline.hasPassed).toBe(false);
  });
});
