import { protocolOf } from '../../../lib/protocols/protocols.ts';
import { problemOf } from './problem.ts';

const ROWS = [
  { SPEND: 12.5, VISITS: 3 },
  { SPEND: 0, VISITS: 0 },
];
const split = protocolOf({ protocol: 'mlflow' });
const records = protocolOf({ protocol: 'mlflow', layout: 'dataframe_records' });

describe('a request in the protocol of MLflow', () => {
  it('is a table with the names of features as columns', () => {
    expect(split.encode(ROWS)).toBe('{"dataframe_split":{"columns":["SPEND","VISITS"],"data":[[12.5,3],[0,0]]}}');
  });

  it('is a list of objects when the partner file says so', () => {
    expect(records.encode(ROWS)).toBe('{"dataframe_records":[{"SPEND":12.5,"VISITS":3},{"SPEND":0,"VISITS":0}]}');
  });
});

describe('an answer in the protocol of MLflow', () => {
  const decode = (text: string) => split.decode(text, split.example('0.42'));

  it('has a value for each row', () => {
    expect(decode('{"predictions": [0.42, [0.1, 0.9], {"score": 1}, "A"], "usage": {}}')).toEqual([
      0.42,
      [0.1, 0.9],
      { score: 1 },
      'A',
    ]);
  });

  it('may have numbers that JSON has no words for: other rows are not lost', () => {
    expect(decode('{"predictions": [0.42, NaN, -Infinity]}')).toEqual([0.42, Number.NaN, Number.NEGATIVE_INFINITY]);
  });

  it.each([
    ['<html>', 'no JSON such as {"predictions": [0.42]}', false],
    ['{"result": []}', 'JSON of another shape than {"predictions": [0.42]} (it has no list predictions)', true],
  ])('is not %s', (text, message, isOfRows) => {
    expect(problemOf(() => decode(text))).toEqual({ message, isOfRows });
  });
});

describe('an error of MLflow', () => {
  it('is told by its sentence', () => {
    const text = '{"error_code": "BAD_REQUEST", "message": "Failed to predict data", "stack_trace": "Traceback"}';
    expect(split.errorIn?.(400, text)).toEqual({ status: 400, text: 'Failed to predict data' });
  });

  it.each(['no JSON', '{"message": ""}', '{"message": 1}', '[]'])('without one is told as it is: %s', (text) => {
    expect(split.errorIn?.(500, text)).toBeUndefined();
  });
});
