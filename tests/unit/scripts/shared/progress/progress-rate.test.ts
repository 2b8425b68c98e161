import { PaceMeter } from '../../../../../scripts/shared/progress/progress-rate.ts';

/** @param looks how many of 1,000 were done, and when, in milliseconds */
function paceAfter(...looks: [done: number, at: number][]) {
  const meter = new PaceMeter();
  return looks.map(([done, at]) => meter.look(done, 1000, at)).at(-1);
}

describe('the pace of a run', () => {
  it('is the members since the first look over the time since then', () => {
    // 400 in 2 s; the 500 others take 2.5 s.
    expect(paceAfter([100, 5000], [500, 7000])).toEqual({ perSecond: 200, leftMs: 2500 });
  });

  it('stays between two batches, while the time left goes down', () => {
    // 100 every second; the 800 others take 8 s, of which half a second has passed.
    expect(paceAfter([0, 0], [100, 1000], [200, 2000], [200, 2500])).toEqual({ perSecond: 100, leftMs: 7500 });
  });

  it('falls when batches cease to come', () => {
    // The longest pause was 1 s; another 5 s pass, of which 4 count: 200 in 6 s. The 800 others take 24 s less 5.
    expect(paceAfter([0, 0], [100, 1000], [200, 2000], [200, 7000])).toEqual({
      perSecond: expect.closeTo(33.333, 3),
      leftMs: expect.closeTo(19_000, 6),
    });
  });

  it('never leaves less than no time', () => {
    // 500 in 2.5 s, after a pause of 2 s; the last 100 should have taken 0.5 s, but 2 s have passed.
    expect(paceAfter([400, 0], [800, 2000], [900, 2500], [900, 4500])?.leftMs).toBe(0);
  });

  const unknown: [string, [done: number, at: number][]][] = [
    ['after one look', [[500, 0]]],
    [
      'within the first second',
      [
        [0, 0],
        [500, 999],
      ],
    ],
    [
      'when nothing has been done since the first look',
      [
        [500, 0],
        [500, 5000],
      ],
    ],
    [
      'when all is done',
      [
        [0, 0],
        [1000, 5000],
      ],
    ],
  ];

  it.each(unknown)('is not known %s', (_, looks) => {
    expect(paceAfter(...looks)).toBeUndefined();
  });
});
