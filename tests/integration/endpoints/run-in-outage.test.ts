import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { usePipeline } from '../harness/pipeline.ts';

/** A short outage is waited for, and no probe is sent within the test. */
const ENVIRONMENT = { MAX_ATTEMPTS: '10', RETRY_DELAY_MS: '1', PROBE_AFTER_MS: '600000', MAX_OUTAGE_MS: '50' };

/** The pipeline runs 4 invocations in this process, each with CONCURRENCY 8. */
const IN_PROGRESS = 4 * 8;
const OUTAGE_AFTER = 20;

jest.setTimeout(60_000);

const pipeline = usePipeline({ environment: ENVIRONMENT });

describe('a run whose endpoint goes down for good', () => {
  it('is PARTIAL, and the next one FAILED, with no more requests than it takes to find out', async () => {
    let requests = 0;
    pipeline.intercept = ({ url }, reply) => {
      if (url !== '/offer/assign') return undefined;
      requests += 1;
      return requests > 100 ? reply.code(500).send('out of memory') : undefined;
    };
    const partial = await pipeline.drop('partial.csv', await readFile('events/sample.csv'), '2024-01-31');
    expect(partial).toMatchObject({ status: 'PARTIAL', members: { scored: 100, failed: partial.members.total - 100 } });
    expect(partial.reason).toMatch(/OFFER endpoint .* is down: .* before that it answered 500: out of memory/);
    expect(requests).toBeLessThanOrEqual(100 + OUTAGE_AFTER + IN_PROGRESS);

    const before = requests;
    const failed = await pipeline.drop('failed.csv', await readFile('events/sample.csv'), '2024-01-31');
    expect(failed).toMatchObject({ status: 'FAILED', members: { scored: 0 } });
    expect(requests).toBe(before);
  });
});
