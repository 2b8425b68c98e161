import { type ErrorHeaders, UnusableAnswerError } from '../../../lib/protocols/protocol.ts';
import { PROTOCOLS, protocolOf } from '../../../lib/protocols/protocols.ts';
import { numberIn, textIn, valueAt } from '../../../lib/protocols/value-at.ts';
import { problemOf } from './problem.ts';

const ROWS = [
  { SPEND: 12.5, VISITS: 3 },
  { SPEND: 1e21, VISITS: 0 },
];
const csv = protocolOf({ protocol: 'sagemaker' });
const decode = (text: string, rows?: number) => csv.decode(text, csv.example('0.42'), rows);

describe('a request to SageMaker', () => {
  it('is a line per row, without a header', () => {
    expect(csv.encode(ROWS)).toBe('12.5,3\n1e+21,0');
    expect(csv.headers).toEqual({ 'content-type': 'text/csv', accept: '*/*' });
  });

  it.each([
    ['objects', '{"instances":[{"SPEND":12.5,"VISITS":3},{"SPEND":1e+21,"VISITS":0}]}'],
    ['lists', '{"instances":[[12.5,3],[1e+21,0]]}'],
  ])('is JSON with %s when the partner file says so', (layout, body) => {
    const protocol = protocolOf({ protocol: 'sagemaker', layout });
    expect(protocol.encode(ROWS)).toBe(body);
    expect(protocol.headers['content-type']).toBe('application/json');
  });

  it('is signed', () => expect(PROTOCOLS.sagemaker.isSigned).toBe(true));
});

describe('an answer of SageMaker', () => {
  it.each<[string, string, number]>([
    ['a line for each row', '0.1\n0.2\n', 2],
    ['lines that end as on Windows', '0.1\r\n0.2\r\n', 2],
    ['one line for all rows', '0.1,0.2', 2],
    ['JSON', '{"predictions": [0.1, 0.2]}', 2],
    ['JSON with objects', '{"predictions": [{"prediction": 0.1}, {"prediction": 0.2}]}', 2],
    ['a list of JSON', '[0.1, 0.2]', 2],
    ['a list in which each has a list', '[[0.1], [0.2]]', 2],
    ['JSON Lines', '{"prediction": 0.1}\n{"prediction": 0.2}\n', 2],
  ])('may be %s', (_, text, rows) => {
    const values = decode(text, rows).map((value) => numberIn(valueAt(value, undefined, 'prediction')));
    expect(values).toEqual([0.1, 0.2]);
  });

  it.each(['nan', 'NaN', 'null', ' nan '])('has neither a number nor an offer in %j', (cell) => {
    const [value] = decode(`${cell}\nNone`, 2);
    expect(problemOf(() => numberIn(value)).message).toContain('null, which is no finite number');
    expect(problemOf(() => textIn(value)).message).toContain("null, which is no offer's name");
  });

  it.each<[string, string]>([
    ['a line of CSV', '0.42'],
    ['a list of JSON', '[0.42]'],
    ['JSON', '{"predictions": [0.42]}'],
    ['a line of JSON', '{"prediction": 0.42}'],
  ])('to one row may be %s', (_, text) => {
    expect(decode(text, 1).map((value) => numberIn(valueAt(value, undefined, 'prediction')))).toEqual([0.42]);
  });

  it.each<[string, string, number, number[]]>([
    ['columns of CSV', '0.1,0.9\n0.2,0.8', 2, [0.9, 0.8]],
    ['columns of CSV to one row', '0.1,0.9', 1, [0.9]],
    ['lists of JSON', '[[0.1, 0.9], [0.2, 0.8]]', 2, [0.9, 0.8]],
    ['lists in one line', '[0.1, 0.9],[0.2, 0.8]', 2, [0.9, 0.8]],
    ['lists in one line to one row', '[0.1, 0.9]', 1, [0.9]],
    ['lists on lines', '[0.1, 0.9]\n[0.2, 0.8]', 2, [0.9, 0.8]],
  ])('may have several values for a row, of which take names one: %s', (_, text, rows, expected) => {
    expect(decode(text, rows).map((value) => numberIn(valueAt(value, 1, 'prediction')))).toEqual(expected);
  });

  it('with one line for two rows does not count as columns when take names one of these', () => {
    const [first] = decode('0.1,0.9', 2);
    expect(() => valueAt(first, 1, 'prediction')).toThrow('a text where take expects a list');
  });

  it('keeps its number of lines when one is empty: only that row is lost', () => {
    const [first, second, third] = decode('0.1\n\n0.3', 3);
    expect([numberIn(first), numberIn(third)]).toEqual([0.1, 0.3]);
    expect(() => numberIn(second)).toThrow(UnusableAnswerError);
  });

  it('may have offers in quotes', () => {
    expect(decode('"OFFER 1, new"\nOFFER 2', 2).map(textIn)).toEqual(['OFFER 1, new', 'OFFER 2']);
  });

  it.each([
    ['', 'no answer such as 0.42', false],
    ['<html></html>', 'no answer such as 0.42', false],
    ['{"predictions": [', 'no JSON such as 0.42', false],
    ['"never closed', 'no CSV such as 0.42', true],
  ])('is not %j', (text, message, isOfRows) => {
    expect(problemOf(() => decode(text, 1))).toEqual({ message, isOfRows });
  });

  it('has an example of its own type', () => {
    expect(csv.example('"OFFER_2"')).toBe('OFFER_2');
    expect(csv.example('[…, 0.42]')).toBe('…, 0.42');
    expect(protocolOf({ protocol: 'sagemaker', layout: 'lists' }).example('0.42')).toBe('{"predictions": [0.42]}');
  });
});

describe('an error of SageMaker', () => {
  const errorIn = (status: number, body: unknown, headers?: ErrorHeaders) =>
    csv.errorIn?.(status, JSON.stringify(body), headers);

  it.each<[string, unknown, number, string]>([
    [
      'refuses its input',
      { OriginalStatusCode: 400, OriginalMessage: 'bad row', Message: 'Received client error' },
      400,
      'bad row',
    ],
    ['fails', { OriginalStatusCode: 500, OriginalMessage: 'bug', Message: 'Received server error' }, 500, 'bug'],
    [
      'has no words',
      { OriginalStatusCode: 503, OriginalMessage: '', Message: 'Received server error (503)' },
      503,
      'Received server error (503)',
    ],
    [
      'does not answer',
      { OriginalStatusCode: 0, Message: 'Your invocation timed out' },
      500,
      'Your invocation timed out',
    ],
  ])('of a container that %s is told with what the container said', (_, body, status, text) => {
    expect(errorIn(424, body)).toEqual({ status, text });
  });

  it('that is none of a container at all is one of the service', () => {
    expect(csv.errorIn?.(424, 'Failed Dependency')).toEqual({ status: 500, text: 'Failed Dependency' });
  });

  it.each<[string, number, unknown, ErrorHeaders | undefined, number, string]>([
    [
      'too many requests, by its header',
      400,
      { message: null },
      { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/' },
      429,
      'ThrottlingException',
    ],
    [
      'too many requests, by its body',
      400,
      { __type: 'com.amazon.coral.availability#ThrottlingException', message: 'Rate exceeded' },
      undefined,
      429,
      'Rate exceeded',
    ],
    [
      'an endpoint that there is not',
      400,
      { Message: 'Endpoint spend of account 123456789012 not found.' },
      { 'x-amzn-errortype': 'ValidationError' },
      404,
      'Endpoint spend of account 123456789012 not found.',
    ],
    [
      'an input that is refused',
      400,
      { Message: 'Body is too long' },
      { 'x-amzn-errortype': 'ValidationError' },
      400,
      'Body is too long',
    ],
    [
      'a model that is not ready',
      429,
      { Message: 'Wait and try again' },
      { 'x-amzn-errortype': 'ModelNotReadyException' },
      429,
      'Wait and try again',
    ],
    [
      'a role that may not',
      403,
      { Message: 'User is not authorized' },
      { 'x-amzn-errortype': 'AccessDeniedException' },
      403,
      'User is not authorized',
    ],
  ])('is %s', (_, status, body, headers, told, text) => {
    expect(errorIn(status, body, headers)).toEqual({ status: told, text });
  });

  it('without a sentence is what its status and body say', () => {
    expect(csv.errorIn?.(503, 'Service Unavailable')).toBeUndefined();
  });
});
