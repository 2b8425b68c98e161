import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { injectFaults } from '../../../local/faults/faults.ts';
import { type FaultPlan, parseFaults } from '../../../local/faults/spec.ts';
import { type Pipeline, usePipeline } from '../harness/pipeline.ts';

/** As in production, but for the delays. */
const ENVIRONMENT = { MAX_ATTEMPTS: '10', RETRY_DELAY_MS: '1', TIMEOUT_MS: '1000', PROBE_AFTER_MS: '5' };

const FAULTS: { plan: FaultPlan; seed: number; retryAfterSeconds: number } = {
  plan: parseFaults(''),
  seed: 1,
  retryAfterSeconds: 0,
};

jest.setTimeout(60_000);

const pipeline = usePipeline({ environment: ENVIRONMENT, prepare: (app) => injectFaults(app, FAULTS) });
beforeEach(() => {
  FAULTS.plan = parseFaults('');
});

/** Every fault that may pass, together a fifth of all calls. */
const A_FIFTH =
  '500:3%,503:3%,429:3%,429-date:1%,reset:2%,half:2%,hang:0.2%,no-json:1%,types:1%,nan:1%,null:0.8%,error:1%,empty:0.5%,204:0.5%';

describe('a run whose endpoints fail a fifth of all calls', () => {
  it.each([1, 2, 3])('is COMPLETE, with every member scored (seed %i)', async (seed) => {
    Object.assign(FAULTS, { plan: parseFaults(A_FIFTH), seed });
    const summary = await pipeline.drop(`fire-${seed}.csv`, await readFile('events/sample.csv'), '2024-01-31');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { failed: 0 } });
    const retries = Object.values(summary.requests).reduce((sum, call) => sum + call.retries, 0);
    // A fifth of the requests fails, so there is one retry to four calls.
    expect(retries / (3 * summary.members.total)).toBeGreaterThan(0.15);
    expect(retries / (3 * summary.members.total)).toBeLessThan(0.4);
    expect(summary.offers).toEqual((await calm()).offers);
  });

  let undisturbed: ReturnType<Pipeline['drop']> | undefined;
  async function calm() {
    FAULTS.plan = parseFaults('');
    undisturbed ??= readFile('events/sample.csv').then((file) => pipeline.drop('calm.csv', file, '2024-01-31'));
    return undisturbed;
  }
});

describe('a run whose endpoint goes down and comes back, again and again', () => {
  it('is COMPLETE', async () => {
    let requests = 0;
    pipeline.intercept = ({ url }, reply) => {
      if (url !== '/ml/resp/predict') return undefined;
      requests += 1;
      return requests % 100 < 60 ? reply.code(503).send('restarting') : undefined;
    };
    const summary = await pipeline.drop('flapping.csv', await readFile('events/sample.csv'), '2024-01-31');
    expect(summary).toMatchObject({ status: 'COMPLETE', members: { failed: 0 } });
    expect(requests).toBeGreaterThan(summary.members.total + 60);
  });
});

describe('a batch for which there is no time left', () => {
  it('is written with every member failed, so that the run ends', async () => {
    pipeline.calls.length = 0;
    // Less than what is kept for the last answers and the result.
    pipeline.predictTimeLeftMs = 900;
    const summary = await pipeline.drop('late.csv', await readFile('events/sample.csv'), '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', members: { scored: 0 } });
    expect(summary.reason).toMatch(/the predict function ran out of time/);
    expect(pipeline.calls).toEqual([]);
  });
});
