import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parseAnswer, textOf, UnusableAnswerError } from '../../../lib/endpoints/answer.ts';
import { OFFER, PREDICTION } from '../../../lib/endpoints/requests.ts';

const TEXT = '{"offer":"Grün_1"}';

describe('the text of an answer', () => {
  it.each([
    ['in UTF-8', Buffer.from(TEXT), {}],
    ['after a byte-order mark', Buffer.from(`\uFEFF${TEXT}`), { 'content-type': 'application/json; charset=utf-8' }],
    ['in Latin-1', Buffer.from(TEXT, 'latin1'), { 'content-type': 'application/json;charset=ISO-8859-1' }],
    [
      'in Windows-1252, in quotes',
      Buffer.from(TEXT, 'latin1'),
      { 'content-type': 'text/json; charset="windows-1252"' },
    ],
    ['in UTF-16', Buffer.from(TEXT, 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }],
    ['packed with gzip', gzipSync(TEXT), { 'content-encoding': 'gzip' }],
    ['packed with gzip by its old name', gzipSync(TEXT), { 'content-encoding': 'X-GZIP' }],
    ['packed with deflate', deflateSync(TEXT), { 'content-encoding': 'deflate' }],
    ['packed with Brotli', brotliCompressSync(TEXT), { 'content-encoding': 'br' }],
    ['packed with Zstandard', zstdCompressSync(TEXT), { 'content-encoding': 'zstd' }],
    ['packed twice', brotliCompressSync(gzipSync(TEXT)), { 'content-encoding': 'gzip, br' }],
    ['not packed, and said so', Buffer.from(TEXT), { 'content-encoding': 'identity' }],
  ])('is read %s', (_, body, headers) => {
    expect(textOf({ body, headers })).toBe(TEXT);
  });

  it.each([
    ['Latin-1 that calls itself UTF-8', Buffer.from(TEXT, 'latin1'), {}, 'text that is not in the encoding "utf-8"'],
    [
      'an encoding that nobody knows',
      Buffer.from(TEXT),
      { 'content-type': 'a/b; charset=x-mine' },
      'encoding "x-mine"',
    ],
    ['no gzip', Buffer.from(TEXT), { 'content-encoding': 'gzip' }, 'something else than it says, packed with gzip'],
    [
      'a bomb',
      gzipSync('x'.repeat(100_000)),
      { 'content-encoding': 'gzip' },
      'more than a prediction or an offer can be',
    ],
    [
      'a name of Object.prototype',
      Buffer.from(TEXT),
      { 'content-encoding': 'constructor' },
      'with "constructor", which',
    ],
  ])('is refused, not garbled, when it is %s', (_, body, headers, problem) => {
    expect(() => textOf({ body, headers })).toThrow(UnusableAnswerError);
    expect(() => textOf({ body, headers })).toThrow(problem);
  });
});

describe('an answer', () => {
  it.each([
    ['{"prediction": [0.42]}', 'JSON of another shape than {"prediction": 0.42} (prediction: '],
    ['[0.42]', 'JSON of another shape than {"prediction": 0.42} ('],
    ['{"prediction": "0.42"}', 'expected number, received string'],
    ['{"prediction": 1e999}', 'JSON of another shape than {"prediction": 0.42} (prediction: '],
    ['{"prediction": NaN}', 'NaN, which is no number in JSON such as {"prediction": 0.42}'],
    ['{"prediction": -Infinity}', '-Infinity, which is no number in JSON'],
    ['<html>NaN</html>', 'no JSON such as {"prediction": 0.42}'],
    ['', 'no JSON such as {"prediction": 0.42}'],
  ])('%s is told from a prediction', (text, problem) => {
    expect(() => parseAnswer(text, PREDICTION)).toThrow(UnusableAnswerError);
    expect(() => parseAnswer(text, PREDICTION)).toThrow(problem);
  });

  it('gives the same offer with and without blanks around it', () => {
    expect(parseAnswer('{"offer": " OFFER 2\\n"}', OFFER)).toEqual({ offer: 'OFFER 2' });
    expect(() => parseAnswer('{"offer": "  "}', OFFER)).toThrow(
      'JSON of another shape than {"offer": "OFFER_2"} (offer: ',
    );
  });
});
