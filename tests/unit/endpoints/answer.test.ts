import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { parseAnswer, textOf, UnusableAnswerError } from '../../../lib/endpoints/answer.ts';
import { offerContract, predictionContract } from '../../../lib/endpoints/requests.ts';

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
    ['in Latin-1, with blanks', Buffer.from(TEXT, 'latin1'), { 'content-type': 'a/b; charset = latin1' }],
    ['in UTF-16', Buffer.from(TEXT, 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }],
    ['packed with gzip', gzipSync(TEXT), { 'content-encoding': 'gzip' }],
    ['packed with deflate', deflateSync(TEXT), { 'content-encoding': 'Deflate' }],
    ['packed with what is named among blanks', gzipSync(TEXT), { 'content-encoding': ' GZIP ' }],
    ['packed with Brotli', brotliCompressSync(TEXT), { 'content-encoding': 'br' }],
    ['not packed, though it says so', Buffer.from(TEXT), { 'content-encoding': 'gzip' }],
    ['packed with what nobody knows', Buffer.from(TEXT), { 'content-encoding': 'constructor' }],
    ['in an encoding that nobody knows', Buffer.from(TEXT), { 'content-type': 'a/b; charset=utf8mb4' }],
    ['in UTF-8 that calls itself Latin-1', Buffer.from(TEXT), { 'content-type': 'a/b; charset=iso-8859-1' }],
  ])('is read %s', (_, body, headers) => {
    expect(textOf({ body, headers })).toBe(TEXT);
  });

  it('keeps a byte-order mark that is not at its beginning', () => {
    expect(textOf({ body: Buffer.from('{"offer":"a\uFEFFb"}'), headers: {} })).toBe('{"offer":"a\uFEFFb"}');
  });

  it.each([{}, { 'content-type': 'a/b; charset=utf8mb4' }])('shows what nobody can read as such: %j', (headers) => {
    expect(textOf({ body: Buffer.from(TEXT, 'latin1'), headers })).toBe('{"offer":"Gr\uFFFDn_1"}');
  });

  it('is not unpacked to more than an answer can be', () => {
    const bomb = { body: gzipSync('x'.repeat(100_000)), headers: { 'content-encoding': 'gzip' } };
    expect(() => textOf(bomb)).toThrow(UnusableAnswerError);
    expect(() => textOf(bomb)).toThrow('more than a prediction or an offer can be');
    expect(() => textOf(bomb)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }) }),
    );
  });
});

describe('an answer', () => {
  it.each([
    ['{"prediction": [0.42]}', 'JSON of another shape than {"prediction": 0.42} (prediction: '],
    ['[0.42]', 'JSON of another shape than {"prediction": 0.42} (Invalid input: expected object, received array)'],
    ['{"prediction": "0.42"}', 'expected number, received string'],
    ['{"prediction": 1e999}', 'JSON of another shape than {"prediction": 0.42} (prediction: '],
    ['{"prediction": NaN}', 'NaN, which is no number in JSON such as {"prediction": 0.42}'],
    ['{"prediction":NaN}', 'NaN, which is no number in JSON such as {"prediction": 0.42}'],
    ['{"prediction": -Infinity}', '-Infinity, which is no number in JSON'],
    ['<html>NaN</html>', 'no JSON such as {"prediction": 0.42}'],
    ['', 'no JSON such as {"prediction": 0.42}'],
  ])('%s is told from a prediction', (text, problem) => {
    expect(() => parseAnswer(text, predictionContract())).toThrow(UnusableAnswerError);
    expect(() => parseAnswer(text, predictionContract())).toThrow(problem);
  });

  it('names the place of what is not as agreed, and keeps what JSON.parse said as the cause', () => {
    const nested = { schema: z.object({ model: z.object({ version: z.number() }) }), example: 'that' };
    expect(() => parseAnswer('{"model": {"version": "2"}}', nested)).toThrow('than that (model.version: Invalid input');
    expect(() => parseAnswer('{', nested)).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });

  it('is refused where its offer would be garbled, and read where something else is', () => {
    const latin1 = (text: string) => textOf({ body: Buffer.from(text, 'latin1'), headers: {} });
    expect(() => parseAnswer(latin1(TEXT), offerContract())).toThrow('offer: is neither in UTF-8 nor in the encoding');
    expect(parseAnswer(latin1('{"prediction": 7, "model": "größer"}'), predictionContract())).toBe(7);
  });

  it('gives the same offer with and without blanks around it', () => {
    expect(parseAnswer('{"offer": " OFFER 2\\n"}', offerContract())).toBe('OFFER 2');
    expect(() => parseAnswer('{"offer": "  "}', offerContract())).toThrow(
      'JSON of another shape than {"offer": "OFFER_2"} (offer: ',
    );
  });
});
