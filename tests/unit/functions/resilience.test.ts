import { readResilience } from '../../../functions/resilience.ts';
import { DEFAULT_RESILIENCE } from '../../../lib/endpoints/resilience.ts';

describe('how calls are tried again', () => {
  it('is as the environment says', () => {
    const settings = {
      MAX_ATTEMPTS: '7',
      TIMEOUT_MS: '1',
      RETRY_DELAY_MS: '0',
      PROBE_AFTER_MS: '2',
      MAX_OUTAGE_MS: '3',
    };
    const expected = { attempts: 7, timeoutMs: 1, baseDelayMs: 0, probeAfterMs: 2, maxOutageMs: 3 };
    expect(readResilience(settings)).toEqual({ ...DEFAULT_RESILIENCE, ...expected });
  });

  it('is the same for all without settings, as where serverless.yml hands on what is not set', () => {
    const unset = { MAX_ATTEMPTS: '', TIMEOUT_MS: '', RETRY_DELAY_MS: '', PROBE_AFTER_MS: '', MAX_OUTAGE_MS: '' };
    expect(readResilience({})).toEqual(DEFAULT_RESILIENCE);
    expect(readResilience(unset)).toEqual(DEFAULT_RESILIENCE);
  });

  it('reads the longest outage that is waited for by its old name, too, where the new one is not set', () => {
    expect(readResilience({ PATIENCE_MS: '4' }).maxOutageMs).toBe(4);
    expect(readResilience({ MAX_OUTAGE_MS: '', PATIENCE_MS: '4' }).maxOutageMs).toBe(4);
    expect(readResilience({ MAX_OUTAGE_MS: '3', PATIENCE_MS: '4' }).maxOutageMs).toBe(3);
    expect(readResilience({ MAX_OUTAGE_MS: '0', PATIENCE_MS: '4' }).maxOutageMs).toBe(0);
  });

  it.each([{ MAX_ATTEMPTS: '0' }, { TIMEOUT_MS: 'long' }, { MAX_OUTAGE_MS: '-1' }, { PATIENCE_MS: '-1' }])(
    'is refused by name: %j',
    (settings) => {
      expect(() => readResilience(settings)).toThrow(Object.keys(settings)[0]);
    },
  );
});
