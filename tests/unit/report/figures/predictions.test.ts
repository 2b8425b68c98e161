import { Predictions } from '../../../../lib/report/figures/predictions.ts';
import { NumberColumn, spreadOf } from '../../../../lib/report/figures/spread.ts';
import { DEFAULT_CALLS } from '../../../default-calls.ts';

/** Members by ATS, RESP and offer. */
function predictionsOf(...members: [number, number, string][]): Predictions {
  const predictions = new Predictions(DEFAULT_CALLS);
  for (const [ats, resp, offer] of members) predictions.add({ status: 'SCORED', ats, resp, offer });
  return predictions;
}

describe('a spread', () => {
  it('interpolates quartiles as QUARTILE.INC does', () => {
    const column = new NumberColumn();
    for (const value of [7, 1, 3, 10]) column.push(value);
    // Positions 0.75, 1.5 and 2.25 of 1, 3, 7, 10.
    expect(spreadOf(column.sorted())).toEqual({ min: 1, lowerQuartile: 2.5, median: 5, upperQuartile: 7.75, max: 10 });
  });

  it('of one value is that value', () => {
    expect(spreadOf([4])).toEqual({ min: 4, lowerQuartile: 4, median: 4, upperQuartile: 4, max: 4 });
  });

  it('of nothing is none', () => {
    expect(spreadOf(new NumberColumn().sorted())).toBeUndefined();
    expect(predictionsOf().spreads()).toBeUndefined();
  });

  it('of values that are further apart than a number can hold lies between them', () => {
    const large = 2 ** 1023;
    // A quarter, half and three quarters of the way.
    expect(spreadOf([-large, large])).toEqual({
      min: -large,
      lowerQuartile: -large / 2,
      median: 0,
      upperQuartile: large / 2,
      max: large,
    });
  });

  it('is over as many values as there are', () => {
    const column = new NumberColumn();
    for (let value = 1000; value >= 0; value--) column.push(value);
    expect(column.length).toBe(1001);
    expect(spreadOf(column.sorted())).toMatchObject({ min: 0, lowerQuartile: 250, median: 500, max: 1000 });
  });
});

describe('the boundary between two offers', () => {
  it('lies between the highest expected value below and the lowest above', () => {
    // Expected values: LOW 10, 95; HIGH 105, 400.
    const predictions = predictionsOf([100, 0.1, 'LOW'], [210, 0.5, 'HIGH'], [190, 0.5, 'LOW'], [800, 0.5, 'HIGH']);
    expect(predictions.boundaries()).toEqual([
      { below: 'LOW', above: 'HIGH', highestBelow: 95, lowestAbove: 105, near: 2, overlapping: 0 },
    ]);
  });

  it('counts as near who is within a tenth of its middle', () => {
    // The middle of 100 and 100.2 is 100.1; a tenth of it is 10.01.
    const members = [89, 91, 100].map((ats): [number, number, string] => [ats, 1, 'LOW']);
    const [boundary] = predictionsOf(...members, [100.2, 1, 'HIGH'], [110, 1, 'HIGH'], [111, 1, 'HIGH']).boundaries();
    expect(boundary?.near).toBe(4);
  });

  it('is none where offers overlap: who is there is counted', () => {
    // Expected values: LOW 1, 5; HIGH 3, 5, 9: from 3 to 5 there are three members.
    const members: [number, number, string][] = [
      [1, 1, 'LOW'],
      [5, 1, 'LOW'],
      [3, 1, 'HIGH'],
      [5, 1, 'HIGH'],
      [9, 1, 'HIGH'],
    ];
    expect(predictionsOf(...members).boundaries()).toMatchObject([{ highestBelow: 5, lowestAbove: 3, overlapping: 3 }]);
  });

  it('counts expected values that are more than a number can hold as the largest number', () => {
    const members: [number, number, string][] = [
      [1e200, 1e200, 'HUGE'],
      [1e200, -1e200, 'LOWEST'],
      [1, 1, 'ONE'],
    ];
    expect(predictionsOf(...members).boundaries()).toEqual([
      { below: 'LOWEST', above: 'ONE', highestBelow: -Number.MAX_VALUE, lowestAbove: 1, near: 0, overlapping: 0 },
      { below: 'ONE', above: 'HUGE', highestBelow: 1, lowestAbove: Number.MAX_VALUE, near: 0, overlapping: 0 },
    ]);
  });

  it('has a middle where the sum of both sides is more than a number can hold', () => {
    // The middle of 1.5e308 and 1.7e308 is 1.6e308; a tenth of it is 0.16e308.
    const members = [1.3e308, 1.5e308].map((ats): [number, number, string] => [ats, 1, 'LOW']);
    expect(predictionsOf(...members, [1.7e308, 1, 'HIGH']).boundaries()).toMatchObject([{ near: 2, overlapping: 0 }]);
  });

  it('is between neighbours, in the order of their medians', () => {
    const boundaries = predictionsOf([9, 1, 'C'], [1, 1, 'A'], [5, 1, 'B']).boundaries();
    expect(boundaries.map(({ below, above }) => below + above)).toEqual(['AB', 'BC']);
  });

  it('is left out with one offer, and with so many that neighbours mean nothing', () => {
    expect(predictionsOf([1, 1, 'A'], [2, 1, 'A']).boundaries()).toEqual([]);
    const many = Array.from({ length: 11 }, (_, index): [number, number, string] => [index, 1, `O${index}`]);
    expect(predictionsOf(...many).boundaries()).toEqual([]);
    expect(predictionsOf(...many.slice(1)).boundaries()).toHaveLength(9);
  });
});

describe('the grid of predictions', () => {
  it('puts members with the same offer and nearly the same predictions into one cell', () => {
    const cells = predictionsOf([0, 0, 'A'], [10_000, 0.9, 'A'], [9_990, 0.9, 'A'], [10_000, 0.9, 'B']).grid();
    expect(cells).toEqual([
      { offer: 'A', across: 0, up: 0, members: 1 },
      { offer: 'A', across: 9_995, up: 0.9, members: 2 },
      { offer: 'B', across: 10_000, up: 0.9, members: 1 },
    ]);
  });

  it('tells the eight offers of most members apart, and no others', () => {
    const members = Array.from({ length: 30 }, (_, index): [number, number, string] => [5, 0.5, `O${index}`]);
    const large = Array.from({ length: 8 }, (_, index): [number, number, string] => [5, 0.5, `O${index + 20}`]);
    const cells = predictionsOf(...members, ...large).grid();
    expect(new Map(cells.map(({ offer, members: count }) => [offer, count]))).toEqual(
      new Map<string | undefined, number>([
        [undefined, 22],
        ...large.map(([, , offer]): [string, number] => [offer, 2]),
      ]),
    );
  });

  it('holds every member, in a number of cells that does not grow with them', () => {
    const predictions = new Predictions(DEFAULT_CALLS);
    for (let member = 0; member < 50_000; member++) {
      predictions.add({
        status: 'SCORED',
        ats: (member * 7919) % 10_007,
        resp: ((member * 104_729) % 1000) / 1000,
        offer: 'A',
      });
    }
    const cells = predictions.grid();
    expect(cells.reduce((sum, { members }) => sum + members, 0)).toBe(50_000);
    expect(cells.length).toBeLessThanOrEqual(64 * 40);
  });

  it('takes equal, negative and single predictions', () => {
    expect(predictionsOf([5, 0.5, 'A'], [5, 0.5, 'A']).grid()).toEqual([
      { offer: 'A', across: 5, up: 0.5, members: 2 },
    ]);
    expect(predictionsOf([-100, 0.5, 'A'], [100, 0.5, 'A']).grid()).toHaveLength(2);
    expect(predictionsOf().grid()).toEqual([]);
  });
});
