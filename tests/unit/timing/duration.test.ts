import { formatDuration } from '../../../lib/timing/duration.ts';

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.0421, '0.0421 ms'],
    [38.04, '38 ms'],
    [999.4, '999 ms'],
    [999.7, '1 s'],
    [1240, '1.24 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [83_400, '1 min 23 s'],
    [125_400, '2 min 5 s'],
    [200_000, '3 min 20 s'],
    [7_199_400, '119 min 59 s'],
    [7_199_600, '2 h'],
    [7_300_000, '2 h 2 min'],
    [172_740_000, '47 h 59 min'],
    [172_790_000, '2 days'],
    // An upload of January 2024 that is reported of in November 2026.
    [88_930_278_000, '1,029 days'],
  ])('of %d ms is %s', (ms, said) => {
    expect(formatDuration(ms)).toBe(said);
  });
});
