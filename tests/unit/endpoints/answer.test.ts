import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { textOf } from '../../../lib/endpoints/answer.ts';
import { offerContract, predictionContract, type RowContract } from '../../../lib/endpoints/requests.ts';
import { UnusableAnswerError } from '../../../lib/protocols/protocol.ts';
import { type Manner, protocolOf } from '../../../lib/protocols/protocols.ts';

const TEXT = '{"offer":"Grün_1"}';
const MOST = 64 * 1024;

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
    expect(textOf({ body, headers }, MOST)).toBe(TEXT);
  });

  it('keeps a byte-order mark that is not at its beginning', () => {
    expect(textOf({ body: Buffer.from('{"offer":"a\uFEFFb"}'), headers: {} }, MOST)).toBe('{"offer":"a\uFEFFb"}');
  });

  it.each([{}, { 'content-type': 'a/b; charset=utf8mb4' }])('shows what nobody can read as such: %j', (headers) => {
    expect(textOf({ body: Buffer.from(TEXT, 'latin1'), headers }, MOST)).toBe('{"offer":"Gr\uFFFDn_1"}');
  });

  it('is not unpacked to more than an answer can be', () => {
    const bomb = { body: gzipSync('x'.repeat(100_000)), headers: { 'content-encoding': 'gzip' } };
    expect(() => textOf(bomb, MOST)).toThrow(UnusableAnswerError);
    expect(() => textOf(bomb, MOST)).toThrow('more than a prediction or an offer can be');
    expect(() => textOf(bomb, MOST)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }) }),
    );
  });
});

/** What is read of an answer to one row. */
function read<T>(text: string, contract: RowContract<T>, manner: Manner = {}): T {
  const protocol = protocolOf(manner);
  const [value] = protocol.decode(text, protocol.example(contract.example(protocol.isNamed)));
  return contract.read(value);
}

describe('an answer to one row', () => {
  it.each([
    ['{"prediction": 0.42}', 0.42],
    ['{"prediction": "0.42"}', 0.42],
    ['{"prediction": [0.42], "model": "v2"}', 0.42],
    ['{"prediction": -7e-3}', -0.007],
  ])('%s is a prediction', (text, value) => {
    expect(read(text, predictionContract())).toBe(value);
  });

  it.each([
    ['{"prediction": [0.42, 0.58]}', 'a list of 2 where one number is expected'],
    ['{"prediction": "high"}', 'a text, which is no finite number'],
    ['{"prediction": 1e999}', 'Infinity, which is no finite number'],
    ['{"prediction": NaN}', 'NaN, which is no finite number'],
    ['{"prediction":-Infinity}', '-Infinity, which is no finite number'],
    ['{"score": 1}', 'an object without the field prediction (it has score)'],
    ['<html>NaN</html>', 'no JSON such as {"prediction": 0.42}'],
    ['', 'no JSON such as {"prediction": 0.42}'],
  ])('%s is told from a prediction', (text, problem) => {
    expect(() => read(text, predictionContract())).toThrow(UnusableAnswerError);
    expect(() => read(text, predictionContract())).toThrow(problem);
  });

  it('that is no JSON has what JSON.parse said for its cause', () => {
    expect(() => read('{', predictionContract())).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });

  it('is refused where its offer would be garbled, and read where something else is', () => {
    const latin1 = (text: string) => textOf({ body: Buffer.from(text, 'latin1'), headers: {} }, MOST);
    expect(() => read(latin1(TEXT), offerContract())).toThrow('is neither in UTF-8 nor in the encoding');
    expect(read(latin1('{"prediction": 7, "model": "größer"}'), predictionContract())).toBe(7);
  });

  it('gives the same offer with and without blanks around it', () => {
    expect(read('{"offer": " OFFER 2\\n"}', offerContract())).toBe('OFFER 2');
    expect(() => read('{"offer": "  "}', offerContract())).toThrow('an offer without a name');
  });
});
