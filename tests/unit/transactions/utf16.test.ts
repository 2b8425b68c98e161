import { Utf16Decoder } from '../../../lib/transactions/utf16.ts';

/** Decodes pieces one after the other. */
function decoded(isBigEndian: boolean, ...pieces: Buffer[]): Buffer[] {
  const decoder = new Utf16Decoder(isBigEndian);
  return [...pieces.map((piece) => decoder.decode(piece)), decoder.end()];
}

const littleEndian = (text: string) => Buffer.from(text, 'utf16le');
const bigEndian = (text: string) => littleEndian(text).swap16();

describe('UTF-16', () => {
  it.each([
    ['little-endian', false, littleEndian],
    ['big-endian', true, bigEndian],
  ])('is decoded when it is %s, wherever it is cut', (_, isBigEndian, encode) => {
    const bytes = encode('aé漢😀b\u{10000}\u{10FFFF}\uD7FF\uE000');
    for (let at = 0; at <= bytes.length; at++) {
      const parts = decoded(isBigEndian, bytes.subarray(0, at), bytes.subarray(at));
      expect(Buffer.concat(parts).toString()).toBe('aé漢😀b\u{10000}\u{10FFFF}\uD7FF\uE000');
    }
  });

  it('holds back no more than half a pair or half a character', () => {
    const bytes = littleEndian('a😀');
    expect(decoded(false, bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4)).map(String)).toEqual([
      'a',
      '',
      '😀',
      '',
    ]);
  });

  it.each([
    ['\uD800b', [0xff, 0x62]],
    ['\uDBFFb', [0xff, 0x62]],
    ['a\uDC00', [0x61, 0xff]],
    ['\uDFFF\uD800\uD800b', [0xff, 0xff, 0xff, 0x62]],
  ])('of half a pair, %j, is a byte that no UTF-8 has', (text, bytes) => {
    expect([...Buffer.concat(decoded(false, littleEndian(text)))]).toEqual(bytes);
  });

  it('that ends in half a character or half a pair ends in such a byte', () => {
    expect([...Buffer.concat(decoded(false, Buffer.of(0x61, 0, 0x62)))]).toEqual([0x61, 0xff]);
    expect([...Buffer.concat(decoded(false, littleEndian('a\uD800')))]).toEqual([0x61, 0xff]);
  });
});
