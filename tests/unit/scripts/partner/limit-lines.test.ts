import { definitionSchema } from '../../../../lib/partners/definition-schema.ts';
import { limitLines } from '../../../../scripts/partner/limit-lines.ts';
import { DEFAULT } from '../../../default-partner.ts';

const { ats, resp } = DEFAULT.models;

describe('the limits of a partner', () => {
  it('are told for each call that has some, with the settings that count for the others', () => {
    const limited = definitionSchema.parse({
      ...DEFAULT,
      models: { ats: { ...ats, concurrency: 4, requestsPerSecond: 0.5 }, resp },
      offer: { ...DEFAULT.offer, timeoutMs: 2000, attempts: 3 },
    });
    expect(limitLines(limited)).toEqual([
      '  ats: concurrency 4, requestsPerSecond 0.5, timeoutMs by TIMEOUT_MS, attempts by MAX_ATTEMPTS',
      '  offer: concurrency by CONCURRENCY, requestsPerSecond by REQUESTS_PER_SECOND, timeoutMs 2000, attempts 3',
    ]);
  });

  it('are not told where the settings count for all', () => {
    expect(limitLines(DEFAULT)).toEqual([]);
  });
});
