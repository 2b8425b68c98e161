import { localConcurrency } from '../../../../local/lambda/concurrency.ts';

describe('invocations of a function at a time on one machine', () => {
  it.each([
    ['as many as the machine runs when AWS reserves more', { reservedConcurrency: 10 }, 2],
    ['as many as AWS reserves when that is less', { reservedConcurrency: 1 }, 1],
    ['as many as the machine runs when nothing is reserved', {}, 2],
    ['as many as the machine runs for a function that is not known', undefined, 2],
  ])('are %s', (_, definition, expected) => {
    expect(localConcurrency(definition, 2)).toBe(expected);
  });
});
