import { CircuitOpenError } from '../../../lib/endpoints/circuit.ts';
import {
  CallFailedError,
  type Concern,
  EndpointError,
  noAnswer,
  parseRetryAfter,
  rejection,
  unusable,
  withoutCredentials,
} from '../../../lib/endpoints/errors.ts';
import { AnswerTimeoutError, AnswerTooLargeError } from '../../../lib/endpoints/exchange.ts';
import { UnusableAnswerError } from '../../../lib/protocols/protocol.ts';

const ADDRESS = 'https://models.example/ats';
const rejected = (status: number, rest: object = {}) => rejection({ status, body: '', ...rest }, ADDRESS);
const asIs = (text: string) => text;

describe('an answer that is not 2xx', () => {
  it.each<[number, Concern, boolean]>([
    [300, 'contract', false],
    [307, 'contract', false],
    [399, 'contract', false],
    [400, 'input', false],
    [401, 'contract', false],
    [403, 'contract', false],
    [404, 'contract', false],
    [405, 'contract', false],
    [408, 'service', true],
    [422, 'input', false],
    [425, 'service', true],
    [429, 'service', true],
    [500, 'unclear', true],
    [501, 'unclear', true],
    [502, 'service', true],
    [503, 'service', true],
    [504, 'service', true],
  ])('of %i says something of the %s, and is worth another attempt: %s', (status, concern, isTransient) => {
    expect(rejected(status)).toMatchObject({ message: `answered ${status}`, status, concern, isTransient });
  });

  it.each([
    [429, {}, true],
    [503, {}, true],
    [500, {}, false],
    [500, { retryAfter: '1' }, true],
    [500, { retryAfter: 'soon' }, false],
  ])('of %i with %j says that there is too much to do: %s', (status, rest, isOverload) => {
    expect(rejected(status, rest).isOverload).toBe(isOverload);
  });

  it('names where it redirects to, and only then', () => {
    const location = '/elsewhere?token=secret';
    const redirected = 'it redirects to https://models.example/elsewhere, which is not followed';
    expect(rejected(300, { location }).message).toBe(`answered 300: ${redirected}`);
    expect(rejected(399, { location }).message).toBe(`answered 399: ${redirected}`);
    for (const status of [299, 400]) {
      expect(rejected(status, { location, body: ' an  answer\n' }).message).toBe(`answered ${status}: an answer`);
    }
  });
});

describe('an answer that cannot be used', () => {
  it('says something of the contract, and may be another one the next time', () => {
    const error = unusable(200, 'no JSON', ' <html>\n');
    expect(error).toMatchObject({ concern: 'contract', isTransient: true, status: 200 });
    expect(error.message).toBe('answered with no JSON: <html>');
  });

  it('to credentials that could not be replaced says something of the contract', () => {
    const error = withoutCredentials(403, new Error('they cannot be read'));
    expect(error).toMatchObject({ concern: 'contract', isTransient: false, status: 403 });
    expect(error.message).toBe('answered 403, and they cannot be read');
  });
});

describe('no answer', () => {
  const tooLarge = new AnswerTooLargeError('read enough');

  it.each<[string, unknown, Concern, string]>([
    ['within the time', new AnswerTimeoutError('late'), 'service', 'did not answer within 70 ms'],
    ['within the time of a signal', new DOMException('late', 'TimeoutError'), 'service', 'did not answer within 70 ms'],
    [
      'that ends',
      tooLarge,
      'contract',
      'answered with more than a prediction or an offer can be; the rest was not read',
    ],
    ['because of a connection', new Error('reset  by\npeer'), 'service', 'could not be reached: reset by peer'],
    [
      'at any address of a name',
      new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]),
      'service',
      'could not be reached: refused by ::1, refused by 127.0.0.1',
    ],
    ['for a reason that is no error', 'nothing', 'service', 'could not be reached: nothing'],
  ])('%s is told of in words', (_, reason, concern, message) => {
    expect(noAnswer(reason, 70, asIs)).toMatchObject({ message, concern, isTransient: true, status: undefined });
  });

  it('is told of without what is secret', () => {
    const error = noAnswer(new Error('no route to sesame'), 70, (text) => text.replace('sesame', '[redacted]'));
    expect(error.message).toBe('could not be reached: no route to [redacted]');
  });
});

describe('a Retry-After header', () => {
  it.each([
    [' 7 ', 7_000],
    ['0', 0],
    ['7 seconds', undefined],
    // A date of the past, as the oldest servers write it.
    ['Sun Nov  6 08:49:37 1994', 0],
  ])('%j is %s ms', (header, expected) => {
    expect(parseRetryAfter(header, Date.UTC(2024, 0))).toBe(expected);
  });
});

it('errors are told apart by their names, and a failed call has the last one for its cause', () => {
  const cause = new EndpointError('no', { concern: 'input', isTransient: false, status: 422 });
  const failed = new CallFailedError('failed', 1, cause);
  const errors = [cause, failed, new UnusableAnswerError('no'), new AnswerTimeoutError(), new CircuitOpenError(1)];
  expect(errors.map(({ name }) => name)).toEqual([
    'EndpointError',
    'CallFailedError',
    'UnusableAnswerError',
    'AnswerTimeoutError',
    'CircuitOpenError',
  ]);
  expect(failed).toMatchObject({ cause, status: 422, attempts: 1 });
});
