import type { Take } from '../../../lib/protocols/protocol.ts';
import { numberIn, textIn, valueAt } from '../../../lib/protocols/value-at.ts';
import { problemOf } from './problem.ts';

const prediction = (value: unknown, take?: Take) => valueAt(value, take, 'prediction');

describe("a row's value", () => {
  it.each<[string, unknown, Take | undefined]>([
    ['is a number as it stands there', 0.42, undefined],
    ['is under the usual field of an object', { prediction: 0.42, version: 3 }, undefined],
    ['is the only element of a list', [0.42], undefined],
    ['is the only element of a list in a list', [[0.42]], undefined],
    ['is in a list under the usual field', { prediction: [0.42] }, undefined],
    ['is under the usual field of the only object of a list', [{ prediction: 0.42 }], undefined],
    ['is under the field that take names', { prediction: 1, score: 0.42 }, 'score'],
    ['is at the place that take names, the first being 0', [0.58, 0.42], 1],
    ['is at the place in the list under a field', { scores: [0.58, 0.42] }, ['scores', 1]],
    ['is under a field of the element at a place', [{}, { score: 0.42 }], [1, 'score']],
    ['is the only element of the list that take leads to', { scores: [[0.42]] }, 'scores'],
    ['is under a field of the only object of a list', [{ score: 0.42 }], 'score'],
    ['is under a field that is called as all objects have one', JSON.parse('{"toString": 0.42}'), 'toString'],
  ])('%s', (_, value, take) => expect(prediction(value, take)).toBe(0.42));

  it('that is one of several is left to whoever wants it, as a list', () => {
    expect(prediction([0.58, 0.42])).toEqual([0.58, 0.42]);
  });

  it.each<[string, unknown, Take | undefined, string]>([
    [
      'an object without the usual field',
      { score: 0.42, label: 'a' },
      undefined,
      'an object without the field prediction (it has score, label); set take to the field that counts',
    ],
    [
      'an object of many fields',
      { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 },
      undefined,
      'an object without the field prediction (it has a, b, c, d, e, …); set take to the field that counts',
    ],
    [
      'an object without any field',
      {},
      undefined,
      'an object without the field prediction, and without any other; set take to the field that counts',
    ],
    [
      'an object without the field that take names',
      { label: 'a' },
      'score',
      'an object without the field score that take names (it has label)',
    ],
    [
      'a field that all objects inherit',
      { label: 'a' },
      'constructor',
      'an object without the field constructor that take names (it has label)',
    ],
    ['a number', 0.42, 'score', 'a number where take expects an object with the field score'],
    ['a list, which has a length', [1, 2], 'length', 'a list of 2 where take expects an object with the field length'],
    ['null', null, ['scores', 1], 'null where take expects an object with the field scores'],
    ['no list', { scores: 'none' }, ['scores', 1], 'a text where take expects a list'],
    ['a list that is too short', [0.58], 1, 'a list of 1, which has no place 1 as take expects: the first is 0'],
  ])('cannot be found in %s', (_, value, take, message) => {
    expect(problemOf(() => prediction(value, take))).toEqual({ message, isOfRows: true });
  });

  it('cannot be found where names are long: a message holds the beginnings', () => {
    const { message } = problemOf(() => prediction({ ['x'.repeat(10_000)]: 1 }));
    expect(message).toBe(
      `an object without the field prediction (it has ${'x'.repeat(40)}…); set take to the field that counts`,
    );
  });
});

describe('a prediction', () => {
  it.each([
    [0.42, 0.42],
    [-0, -0],
    ['0.42', 0.42],
    [' -1.5e3\n', -1500],
    ['+.5', 0.5],
    ['7.', 7],
  ])('may be %j', (value, number) => expect(numberIn(value)).toBe(number));

  it.each([
    ['NaN', 'a text, which is no finite number'],
    ['Infinity', 'a text, which is no finite number'],
    ['1e999', 'a text, which is no finite number'],
    ['0x10', 'a text, which is no finite number'],
    ['1,234', 'a text, which is no finite number'],
    ['', 'a text, which is no finite number'],
    [Number.POSITIVE_INFINITY, 'Infinity, which is no finite number'],
    [null, 'null, which is no finite number'],
    [undefined, 'null, which is no finite number'],
    [true, 'a boolean, which is no finite number'],
    [[], 'a list of 0 where one number is expected'],
    [[0.58, 0.42], 'a list of 2 where one number is expected; set take to the place that counts, from 0'],
    [{ yes: 0.42 }, 'an object where one number is expected (it has yes); set take to the field that counts'],
  ])('is not %j', (value, message) => {
    expect(problemOf(() => numberIn(value))).toEqual({ message, isOfRows: true });
  });
});

describe('an offer', () => {
  it('has its name without the blanks around it', () => expect(textIn(' OFFER 2\n')).toBe('OFFER 2'));

  it('may have a name of 200 characters', () => expect(textIn('x'.repeat(200))).toHaveLength(200));

  it.each([
    ['x'.repeat(201), 'an offer whose name is longer than 200 characters'],
    [' \n', 'an offer without a name'],
    ['Angebot f\uFFFDr', 'an offer whose name is neither in UTF-8 nor in the encoding that the answer names'],
    [2, "a number, which is no offer's name"],
    [null, "null, which is no offer's name"],
    [['A', 'B'], 'a list of 2 where one offer is expected; set take to the place that counts, from 0'],
    [{ name: 'A' }, 'an object where one offer is expected (it has name); set take to the field that counts'],
  ])('is not %j', (value, message) => {
    expect(problemOf(() => textIn(value))).toEqual({ message, isOfRows: true });
  });
});
