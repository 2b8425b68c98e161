import fc from 'fast-check';
import { MAX_NAMED_OFFERS, OfferCounts } from '../../../../lib/report/figures/offer-counts.ts';

function countsOf(offers: Iterable<string>): OfferCounts {
  const counts = new OfferCounts();
  for (const offer of offers) counts.add(offer);
  return counts;
}

const codes = (many: number, from = 0) => Array.from({ length: many }, (_, index) => `CODE-${from + index}`);

describe('members per offer', () => {
  it('are counted by name, whatever the name', () => {
    const { offers, otherOffers } = countsOf(['__proto__', 'constructor', 'toString', 'constructor', '']).counts();
    expect(Object.entries(offers)).toEqual([
      ['', 1],
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 1],
    ]);
    expect(otherOffers).toBeUndefined();
  });

  it('tell long names apart that differ in their last character, or in what UTF-8 cannot hold', () => {
    const long = 'x'.repeat(199);
    const names = [`${long}a`, `${long}b`, `${long}\ud800`, `${long}\ud801`, `${long}b`];
    expect(Object.values(countsOf(names).counts().offers)).toEqual([1, 2, 1, 1]);
  });

  it('are named up to a thousand offers, however many members have one', () => {
    const { offers, otherOffers } = countsOf([...codes(MAX_NAMED_OFFERS), ...codes(MAX_NAMED_OFFERS)]).counts();
    expect(Object.keys(offers)).toHaveLength(1000);
    expect(otherOffers).toBeUndefined();
  });

  it('are counted as those of others beyond that', () => {
    // Twice each of 1,000 codes, once each of 9,000.
    const { offers, otherOffers } = countsOf([...codes(10_000), ...codes(1000, 5000)]).counts();
    expect(new Set(Object.keys(offers))).toEqual(new Set(codes(1000, 5000)));
    expect(new Set(Object.values(offers))).toEqual(new Set([2]));
    expect(otherOffers).toEqual({ offers: 9000, members: 9000 });
  });

  it('are exact for an offer that comes when thousands of codes have gone before, and before thousands of others', () => {
    const often = Array.from({ length: 3 }, () => 'OFTEN');
    const { offers, otherOffers } = countsOf([
      'OFTEN',
      ...codes(5000),
      ...often,
      ...codes(5000, 5000),
      'OFTEN',
    ]).counts();
    expect(offers.OFTEN).toBe(5);
    expect(otherOffers).toEqual({ offers: 10_001 - 1000, members: 10_005 - 5 - 999 });
  });

  it('do not depend on the order of the members', () => {
    const offers = [...codes(4000), ...codes(700, 1500), ...codes(20, 3000)];
    const expected = countsOf(offers).counts();
    fc.assert(
      fc.property(fc.shuffledSubarray(offers, { minLength: offers.length }), (shuffled) => {
        expect(countsOf(shuffled).counts()).toEqual(expected);
      }),
      { seed: 20_240_131, numRuns: 5 },
    );
  });
});

describe('an offer', () => {
  it('has the same number each time, and another one than others', () => {
    const counts = new OfferCounts();
    expect(['A', 'B', 'A', 'x'.repeat(50), 'B', 'x'.repeat(50)].map((offer) => counts.add(offer))).toEqual([
      0, 1, 0, 2, 1, 2,
    ]);
    expect(counts.size).toBe(3);
  });
});

describe('the largest offers', () => {
  it('are those of most members; of as many, those whose names come first', () => {
    const counts = countsOf(['B', '10', 'C', 'A', 'C', '9']);
    expect(counts.largest(3).map(({ offer, members }) => [offer, members])).toEqual([
      ['C', 2],
      ['10', 1],
      ['9', 1],
    ]);
  });
});
