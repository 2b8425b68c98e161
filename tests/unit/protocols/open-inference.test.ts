import { type Take, UnsendableRowsError, UnusableAnswerError } from '../../../lib/protocols/protocol.ts';
import { protocolOf } from '../../../lib/protocols/protocols.ts';
import { numberIn, textIn, valueAt } from '../../../lib/protocols/value-at.ts';
import { problemOf } from './problem.ts';

const ROWS = [
  { SPEND: 12.5, VISITS: 3 },
  { SPEND: 0, VISITS: 4 },
];

const protocol = (options: { layout?: string; datatype?: string; tensor?: string; take?: Take } = {}) =>
  protocolOf({ protocol: 'open-inference', ...options });

describe('a request in the Open Inference Protocol', () => {
  it('has a tensor for each feature', () => {
    expect(JSON.parse(protocol().encode(ROWS))).toEqual({
      inputs: [
        { name: 'SPEND', shape: [2, 1], datatype: 'FP64', data: [12.5, 0] },
        { name: 'VISITS', shape: [2, 1], datatype: 'FP64', data: [3, 4] },
      ],
    });
  });

  it('has one tensor with all features, row by row, when the partner file says so', () => {
    const matrix = protocol({ layout: 'matrix', tensor: 'input__0', datatype: 'FP32' });
    expect(JSON.parse(matrix.encode(ROWS))).toEqual({
      inputs: [{ name: 'input__0', shape: [2, 2], datatype: 'FP32', data: [12.5, 3, 0, 4] }],
    });
  });

  it.each<[string, string, number]>([
    ['a fraction', 'INT64', 12.5],
    ['a number of which JSON has not all digits', 'INT64', 2 ** 53],
    ['a number of more than 32 bits', 'INT32', 2 ** 31],
    ['a number far below zero', 'INT32', -(2 ** 31)],
  ])('is not made where %s would be cut', (_, datatype, SPEND) => {
    expect(() => protocol({ datatype }).encode([{ VISITS: 1, SPEND }])).toThrow(UnsendableRowsError);
  });

  it('names the feature that is no whole number, and what to do', () => {
    const message = 'SPEND is no whole number up to 2147483647, as INT32 has to be: set datatype to FP64, or to FP32';
    expect(() => protocol({ datatype: 'INT32' }).encode(ROWS)).toThrow(message);
    expect(() => protocol({ layout: 'matrix', tensor: 't', datatype: 'INT32' }).encode(ROWS)).toThrow(message);
  });

  it.each([
    ['INT32', 2 ** 31 - 1],
    ['INT64', Number.MAX_SAFE_INTEGER],
  ])('may have whole numbers of %s up to %d', (datatype, number) => {
    expect(protocol({ datatype }).encode([{ VISITS: number }])).toContain(`"data":[${number}]`);
  });
});

const output = (name: string, shape: readonly number[], data: unknown) => ({ name, shape, datatype: 'FP64', data });
const answer = (...outputs: unknown[]) => JSON.stringify({ model_name: 'm', outputs });

function decode(text: string, take?: Take): readonly unknown[] {
  const chosen = protocol(take === undefined ? {} : { take });
  return chosen.decode(text, chosen.example('0.42')).map((value) => valueAt(value, take, 'prediction'));
}

describe('an answer in the Open Inference Protocol', () => {
  it.each<[string, readonly number[], unknown]>([
    ['[rows]', [2], [0.1, 0.2]],
    ['[rows, 1]', [2, 1], [0.1, 0.2]],
    ['[rows, 1] with nested data', [2, 1], [[0.1], [0.2]]],
    ['[rows, 1, 1] with nested data', [2, 1, 1], [[[0.1]], [[0.2]]]],
  ])('of the shape %s has a number for each row', (_, shape, data) => {
    expect(decode(answer(output('y', shape, data)))).toEqual([0.1, 0.2]);
  });

  it.each<[string, unknown]>([
    ['flat', [0.1, 0.9, 0.2, 0.8]],
    [
      'nested',
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
    ],
  ])('of the shape [rows, 2] has a list for each row, of which take names a place: %s', (_, data) => {
    const text = answer(output('y', [2, 2], data));
    expect(decode(text)).toEqual([
      [0.1, 0.9],
      [0.2, 0.8],
    ]);
    expect(decode(text, 1)).toEqual([0.9, 0.8]);
  });

  it('may have several outputs, of which take names one, and a place in it', () => {
    const text = answer(output('label', [2], [0, 1]), output('scores', [2, 2], [0.1, 0.9, 0.2, 0.8]));
    expect(decode(text, 'label')).toEqual([0, 1]);
    expect(decode(text, ['scores', 1])).toEqual([0.9, 0.8]);
  });

  it('may have an output of any name', () => {
    const text = answer(output('__proto__', [1], [0.1]), output('constructor', [1], [0.2]));
    expect(decode(text, 'constructor')).toEqual([0.2]);
    expect(() => decode(text, 'toString')).toThrow(
      'no output toString, which take names; it has __proto__, constructor',
    );
    expect(decode(answer(output('__proto__', [1], [0.1])))).toEqual([0.1]);
  });

  it('has offers as texts', () => {
    const text = '{"outputs": [{"name": "offer", "shape": [2, 1], "datatype": "BYTES", "data": ["A", "B"]}]}';
    expect(decode(text).map(textIn)).toEqual(['A', 'B']);
  });

  it('may have NaN: that row cannot be used, others can', () => {
    const [first, second] = decode(
      '{"outputs": [{"name": "y", "shape": [2], "datatype": "FP32", "data": [NaN, 0.2]}]}',
    );
    expect(() => numberIn(first)).toThrow(UnusableAnswerError);
    expect(numberIn(second)).toBe(0.2);
  });

  it('of no rows has no values', () => expect(decode(answer(output('y', [0, 1], [])))).toEqual([]));

  it.each<[string, string, Take | undefined, string]>([
    [
      'of several outputs',
      answer(output('a', [1], [1]), output('b', [1], [2])),
      undefined,
      'the outputs a, b: set take to the one that counts',
    ],
    [
      'of several outputs when take is a place',
      answer(output('a', [1], [1]), output('b', [1], [2])),
      1,
      'the outputs a, b: set take to the one that counts',
    ],
    ['without outputs', answer(), undefined, 'no output'],
    [
      'without the output that take names',
      answer(output('a', [1], [1])),
      ['b', 1],
      'no output b, which take names; it has a',
    ],
    [
      'with fewer values than its shape',
      answer(output('y', [2, 2], [1, 2, 3])),
      undefined,
      'the output y of the shape [2, 2] with 3 values',
    ],
    [
      'with more values than its shape',
      answer(output('y', [2], [1, 2, 3])),
      undefined,
      'the output y of the shape [2] with 3 values',
    ],
    ['without a shape', answer({ name: 'y', data: [1] }), undefined, 'the output y without a shape such as [rows, 1]'],
    [
      'with a shape of no dimensions',
      answer(output('y', [], [1])),
      undefined,
      'the output y without a shape such as [rows, 1]',
    ],
    [
      'with a negative size',
      answer(output('y', [-1], [1])),
      undefined,
      'the output y without a shape such as [rows, 1]',
    ],
    [
      'with binary data',
      answer({ name: 'y', shape: [1], datatype: 'FP64' }),
      undefined,
      'the output y has no list data',
    ],
    ['that is no object', answer(7), undefined, 'the output without a name without a shape such as [rows, 1]'],
    ['of another protocol', '{"predictions": [1]}', undefined, 'it has no list outputs'],
  ])('cannot be used %s', (_, text, take, message) => {
    expect(problemOf(() => decode(text, take))).toEqual({ message: expect.stringContaining(message), isOfRows: true });
  });

  it('has an example, with the output that take names', () => {
    expect(protocol().example('0.42')).toBe(
      '{"outputs": [{"name": "predictions", "shape": [1], "datatype": "FP64", "data": [0.42]}]}',
    );
    expect(protocol({ take: ['scores', 1] }).example('{"scores": […, 0.42]}')).toBe(
      '{"outputs": [{"name": "scores", "shape": [1, …], "datatype": "FP64", "data": [[…, 0.42]]}]}',
    );
    expect(protocol({ take: 'offer' }).example('{"offer": "A"}')).toBe(
      '{"outputs": [{"name": "offer", "shape": [1], "datatype": "BYTES", "data": ["A"]}]}',
    );
  });
});
