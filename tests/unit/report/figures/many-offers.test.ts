import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MEMBERS = 300_000;

describe('a run whose members have an offer of their own each', () => {
  it('is summed up in bounded memory, and in a summary that does not grow with them', async () => {
    const script = join(import.meta.dirname, 'collect-codes.ts');
    // A heap that would not hold the names.
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=64', script, `${MEMBERS}`]);
    const { summaryBytes, megabytes, ...counts } = JSON.parse(stdout);
    expect(counts).toEqual({
      named: 1000,
      otherOffers: { offers: MEMBERS - 1000, members: MEMBERS - 1000 },
      // Of eight offers with one member each and of the others in 64 × 40 cells.
      cells: expect.any(Number),
    });
    expect(counts.cells).toBeLessThanOrEqual(8 + 64 * 40);
    expect(summaryBytes).toBeLessThan(300_000);
    // The process as a whole, most of which is Node itself.
    expect(megabytes).toBeLessThan(384);
  });
});
