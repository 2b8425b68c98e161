import { Redactor } from '../../../lib/endpoints/redactor.ts';

function redactorOf(...values: string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.add({ 'x-api-key': value });
  return redactor;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a text of an endpoint that was sent a header', () => {
  it.each([
    ['as it is', 'key k-12/34"56== is unknown', 'key [redacted] is unknown'],
    ['without its padding', 'key k-12/34"56&#x3D;&#x3D;', 'key [redacted]&#x3D;&#x3D;'],
    ['in JSON', '{"error":"k-12/34\\"56=="}', '{"error":"[redacted]"}'],
    ['in JSON with slashes escaped', '{"error":"k-12\\/34\\"56=="}', '{"error":"[redacted]"}'],
    ['in an address', '/login?key=k-12%2F34%2256%3D%3D&a=b', '/login?key=[redacted]&a=b'],
    ['in base64', `key ${base64('k-12/34"56==')}`, 'key [redacted]'],
    ['more than once', 'k-12/34"56==, k-12/34"56==', '[redacted], [redacted]'],
  ])('does not show its value %s', (_, text, redacted) => {
    expect(redactorOf('k-12/34"56==').redact(text)).toBe(redacted);
  });

  it('does not show the token of an authorization', () => {
    const redactor = redactorOf('Bearer abc.def-ghi', 'Token user-one token-one');
    expect(redactor.redact('Bearer abc.def-ghi')).toBe('[redacted]');
    expect(redactor.redact('invalid token "abc.def-ghi"')).toBe('invalid token "[redacted]"');
    expect(redactor.redact('token-one of user-one')).toBe('[redacted] of [redacted]');
  });

  it('does not show the user and the password of a basic authorization', () => {
    const redactor = redactorOf(`Basic ${base64('campaigns:open sesame')}`);
    const texts = [base64('campaigns:open sesame'), 'campaigns:open sesame', 'wrong password: open sesame'];
    expect(texts.map((text) => redactor.redact(text))).toEqual([
      '[redacted]',
      '[redacted]',
      'wrong password: [redacted]',
    ]);
  });

  it('does not show the password of a basic authorization that is written with more blanks', () => {
    const redactor = redactorOf(`Basic  ${base64('campaigns:open sesame')}`);
    expect(redactor.redact('wrong password: open sesame')).toBe('wrong password: [redacted]');
  });

  it('shows what another authorization would be if it were a basic one', () => {
    expect(redactorOf(`Bearer ${base64('campaigns:open sesame')}`).redact('open sesame')).toBe('open sesame');
  });

  it('takes the padding from the end of a value, and no other equals sign', () => {
    expect(redactorOf('key=abcdefgh==').redact('key=abcdefgh')).toBe('[redacted]');
  });

  it('shows a form that is too short to be secret, and any form of a value that is', () => {
    expect(redactorOf('abcdefg=').redact('abcdefg')).toBe('abcdefg');
    expect(redactorOf('1234567').redact(base64('1234567'))).toBe(base64('1234567'));
  });

  it('shows nothing of a value of which another is a part', () => {
    expect(redactorOf('abcdefgh', 'abcdefgh-ijkl').redact('abcdefgh-ijkl, abcdefgh')).toBe('[redacted], [redacted]');
  });

  it('does not show a value that has been replaced since', () => {
    expect(redactorOf('old-key-1', 'new-key-2').redact('old-key-1, new-key-2')).toBe('[redacted], [redacted]');
  });

  it('shows a value that is too short to be secret, and that anything may hold by chance', () => {
    expect(redactorOf('2', '1234567').redact('{"prediction": 21234567}')).toBe('{"prediction": 21234567}');
  });
});
