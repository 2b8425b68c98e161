import { rankOffers } from '../../../../lib/report/page/charts/offer-ranks.ts';

function coloursOf(offers: Record<string, number>): Map<string, string> {
  return new Map(rankOffers({ offers }).ranked.map(({ name, colour }) => [name, colour]));
}

describe('the colour of an offer', () => {
  it('is the same in another run, whatever its rank and the offers beside it', () => {
    const one = coloursOf({ OFFER_1: 800, OFFER_2: 200 });
    const other = coloursOf({ OFFER_2: 900, OFFER_3: 500, OFFER_1: 20 });
    for (const name of ['OFFER_1', 'OFFER_2']) expect(other.get(name)).toBe(one.get(name));
  });

  it('is one of those that are told apart best where offers are numbered', () => {
    expect([...coloursOf({ OFFER_2: 2, OFFER_1: 1 })]).toEqual([
      ['OFFER_2', 'var(--c2)'],
      ['OFFER_1', 'var(--c1)'],
    ]);
  });

  it('is its own within a run, also where names want the same', () => {
    // These are of the same characters.
    const names = ['ABC', 'ACB', 'BAC', 'BCA', 'CAB', 'CBA', 'AABD', 'DABA'];
    const colours = coloursOf(Object.fromEntries(names.map((name, index) => [name, index + 1])));
    expect(new Set(colours.values()).size).toBe(8);
  });

  it('is that of all others for those that are too many to tell apart', () => {
    const offers = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`O${index}`, 100 - index]));
    const { ranked, of } = rankOffers({ offers });
    expect(of('O9')).toBe(ranked.at(-1));
    expect(of('O9')).toMatchObject({ name: '2 other offers', members: 183, colour: 'var(--muted)' });
    expect(of('O0')).toMatchObject({ name: 'O0', named: true });
  });
});
