import { sequence } from '../../../../local/s3/sequence.ts';

describe('sequencers', () => {
  it('grow within a millisecond and when the clock is set back', () => {
    const times = [1000, 1000, 1000, 400, 2000];
    const next = sequence(() => times.shift() ?? 0);
    const given = [next(), next(), next(), next(), next()];
    expect(given).toEqual(given.toSorted());
    expect(new Set(given).size).toBe(5);
  });

  it('are hexadecimal and of one length, so that they compare as text', () => {
    expect(sequence(() => Date.UTC(2024, 0, 31))()).toMatch(/^[0-9A-F]{18}$/);
  });
});
