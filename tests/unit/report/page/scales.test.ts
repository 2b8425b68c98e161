import fc from 'fast-check';
import { logScale, rootScale } from '../../../../lib/report/page/charts/scales.ts';

const labels = ({ ticks }: { ticks: readonly { label: string }[] }) => ticks.map(({ label }) => label);

describe('the scale of predictions', () => {
  it('puts values at their signed square root', () => {
    const { place } = rootScale([-100, 100], 5);
    expect(place(0)).toBeCloseTo(0.5);
    // Roots from -10 to 10 with a twentieth of 20 on either side: -11 to 11.
    expect(place(25)).toBeCloseTo(16 / 22);
    expect(place(-25)).toBeCloseTo(6 / 22);
  });

  it('has round ticks, none below zero when no value is', () => {
    const { ticks, place } = rootScale([0, 10_000], 5);
    expect(labels({ ticks })).toEqual(['0', '500', '2K', '5K', '10K']);
    for (const { at } of ticks) expect(at).toBeGreaterThanOrEqual(place(0));
  });

  it('has ticks over a short range far from zero', () => {
    expect(labels(rootScale([1001, 1009], 5)).length).toBeGreaterThanOrEqual(3);
  });
});

describe('a scale of predictions', () => {
  it('puts any two finite numbers and all its ticks between 0 and 1', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 0),
    );
    fc.assert(
      fc.property(number, number, fc.integer({ min: 4, max: 9 }), (one, other, wanted) => {
        const { place, ticks } = rootScale([one, other], wanted);
        for (const at of [place(one), place(other), ...ticks.map((tick) => tick.at)]) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(1);
        }
        expect(ticks.length).toBeLessThan(50);
        expect(labels({ ticks }).filter((label) => label.length > 10 || /∞|NaN/.test(label))).toEqual([]);
      }),
      { seed: 20_240_131, numRuns: 2000 },
    );
  });
});

describe('the scale of latencies', () => {
  it('gives each factor of ten the same width', () => {
    const { place, ticks } = logScale(1, 100, 5);
    expect(place(10)).toBeCloseTo(0.5);
    expect(labels({ ticks })).toEqual(['1 ms', '3 ms', '10 ms', '30 ms', '100 ms']);
  });
});
