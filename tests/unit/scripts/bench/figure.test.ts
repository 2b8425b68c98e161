import { jest } from '@jest/globals';
import { type Figure, figureRows, isReached } from '../../../../scripts/bench/figure.ts';
import { Results } from '../../../../scripts/bench/results.ts';
import { inRounds, spreadOfRounds } from '../../../../scripts/bench/rounds.ts';

const figure = (median: number, target?: Figure['target']): Figure => ({
  name: 'ratio',
  value: spreadOfRounds([median]),
  detail: '3 s, alone 2 s',
  ...(target === undefined ? {} : { target }),
});

describe('rounds', () => {
  it('are summed up by their middle one and the two that are furthest apart', () => {
    expect(spreadOfRounds([3, 1, 9])).toEqual({ median: 3, min: 1, max: 9, rounds: 3 });
    expect(spreadOfRounds([1, 2, 4, 8])).toMatchObject({ median: 3, rounds: 4 });
  });

  it('are made one after the other', async () => {
    const begun: number[] = [];
    await inRounds(3, async (round) => begun.push(round));
    expect(begun).toEqual([1, 2, 3]);
  });
});

describe('a figure', () => {
  it('reaches its target up to the limit and not beyond', () => {
    expect(isReached(figure(0.85, { atLeast: 0.85 }))).toBe(true);
    expect(isReached(figure(0.84, { atLeast: 0.85 }))).toBe(false);
    expect(isReached(figure(1.25, { atMost: 1.25 }))).toBe(true);
    expect(isReached(figure(1.26, { atMost: 1.25 }))).toBe(false);
    expect(isReached(figure(7))).toBe(true);
  });

  it('is told with what it is measured against', () => {
    const missed = { ...figure(1.3, { atMost: 1.25 }), value: spreadOfRounds([1.2, 1.3, 1.5]) };
    expect(figureRows([missed])[1]).toEqual(['ratio', '1.30', '1.20–1.50', '3', '≤ 1.25', 'missed', '3 s, alone 2 s']);
    expect(figureRows([figure(2)])[1]).toEqual(['ratio', '2.00', '', '1', '', '', '3 s, alone 2 s']);
  });
});

describe('the results', () => {
  it('are medians by name, those of functions by function, zips in bytes', () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const results = new Results();
    results.add('saturation', figure(0.9));
    results.add('coldStartMs', figure(90), 'features');
    results.add('coldStartMs', figure(120), 'report');
    results.add('bundleBytes', figure(640.123), 'report');
    log.mockRestore();
    expect(results.json()).toEqual({
      saturation: 0.9,
      coldStartMs: { features: 90, report: 120 },
      bundleBytes: { report: 640_123 },
    });
  });
});
