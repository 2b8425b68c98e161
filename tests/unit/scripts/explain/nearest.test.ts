import { nearestIds } from '../../../../scripts/explain/nearest.ts';

describe('the ids nearest to one that is unknown', () => {
  it('differ by one letter or two, the nearest first', () => {
    expect(nearestIds('B9EF13A3', ['F44DBBBC', 'B9EF1344', 'B9EF12A3', 'B9EFFFFF'])).toEqual(['B9EF12A3', 'B9EF1344']);
  });

  it('begin with those that differ in case alone', () => {
    expect(nearestIds('m0012', ['M0013', 'M0012', 'm0112'])).toEqual(['M0012', 'M0013', 'm0112']);
  });

  it('are none when nothing is near', () => {
    expect(nearestIds('M0012', ['X9999', 'M0999', 'M'])).toEqual([]);
    expect(nearestIds('M', ['XYZ'])).toEqual([]);
  });

  it('are five at the most, and the best of thousands', () => {
    const many = Array.from({ length: 5000 }, (_, n) => `MEMBER${String(n).padStart(4, '0')}`);
    expect(nearestIds('MEMBER499x', many)).toHaveLength(5);
    expect(nearestIds('MEMBERX123', [...many, 'MEMBER-123', 'MEMBERX12'])[0]).toMatch(/^MEMBER(-123|X12|\d123)$/);
    expect(nearestIds('member4999', many)[0]).toBe('MEMBER4999');
  });
});
