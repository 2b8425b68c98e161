import { readResilience } from '../../../functions/resilience.ts';
import { DEFAULT_RESILIENCE } from '../../../lib/endpoints/resilience.ts';

describe('how calls are tried again', () => {
  it('is as the environment says', () => {
    const settings = { MAX_ATTEMPTS: '7', TIMEOUT_MS: '1', RETRY_DELAY_MS: '0', PROBE_AFTER_MS: '2', PATIENCE_MS: '3' };
    const expected = { attempts: 7, timeoutMs: 1, baseDelayMs: 0, probeAfterMs: 2, patienceMs: 3 };
    expect(readResilience(settings)).toEqual({ ...DEFAULT_RESILIENCE, ...expected });
  });

  it('is the same for all without settings, as where serverless.yml hands on what is not set', () => {
    const unset = { MAX_ATTEMPTS: '', TIMEOUT_MS: '', RETRY_DELAY_MS: '', PROBE_AFTER_MS: '', PATIENCE_MS: '' };
    expect(readResilience({})).toEqual(DEFAULT_RESILIENCE);
    expect(readResilience(unset)).toEqual(DEFAULT_RESILIENCE);
  });

  it.each([{ MAX_ATTEMPTS: '0' }, { TIMEOUT_MS: 'long' }, { PATIENCE_MS: '-1' }])(
    'is refused by name: %j',
    (settings) => {
      expect(() => readResilience(settings)).toThrow(Object.keys(settings)[0]);
    },
  );
});
