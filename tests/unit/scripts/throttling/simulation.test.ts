import { lambdaThrottling } from '../../../../local/lambda/throttling.ts';
import { randomFrom } from '../../../../scripts/shared/random.ts';
import { simulate } from '../../../../scripts/throttling/simulation.ts';

const SECOND = 1000;
const WORK_MS = 320 * SECOND;

/** So many batches of one run, ten at a time, that are the same work in all. */
function run(batches: number, atMs = 0) {
  return { atMs, batches, batchMs: WORK_MS / batches };
}

function playing(runs: ReturnType<typeof run>[], throttling = lambdaThrottling()) {
  return simulate({ runs, concurrency: 10, throttling, random: randomFrom(1) });
}

describe('batches that Lambda has no room for', () => {
  it('take a hundred times as long as the work when there are two hundred', async () => {
    const { totalMs, idleShare, givenUp } = await playing([run(200)]);
    // Ten are taken each time: 20 times after 0, 1, 3, … 511, 811, … 3511 seconds.
    expect(totalMs).toBeGreaterThan(3510 * SECOND);
    expect(totalMs).toBeLessThan(3520 * SECOND);
    expect(idleShare).toBeGreaterThan(0.98);
    expect(givenUp).toBe(0);
  });

  it('take no longer than the longest of them when there are as many as are scored at a time', async () => {
    const { totalMs } = await playing([run(10)]);
    // 32 seconds, a tenth more at the most, and a second until they are written.
    expect(totalMs).toBeLessThan((32 * 1.1 + 1) * SECOND);
  });

  it('of a second run wait at the most as long again as the first one takes', async () => {
    const { totalMs } = await playing([run(10), run(10, 3 * SECOND)]);
    expect(totalMs).toBeLessThan((2 * 32 * 1.1 + 32 * 1.1 + 5) * SECOND);
  });

  it('take what the work takes when they queue', async () => {
    const { totalMs, idleShare } = await simulate({ runs: [run(200)], concurrency: 10, random: randomFrom(1) });
    expect(totalMs).toBeLessThan(36 * SECOND);
    expect(idleShare).toBeLessThan(0.1);
  });
});
