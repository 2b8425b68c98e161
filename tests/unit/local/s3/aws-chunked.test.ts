import { decodeAwsChunked } from '../../../../local/s3/aws-chunked.ts';

/** Decodes a body that arrives in pieces of so many bytes. */
async function decode(body: string, pieceLength: number, trailers = new Map<string, string>()): Promise<string> {
  async function* pieces() {
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += pieceLength) yield bytes.subarray(at, at + pieceLength);
  }
  const decoded: Buffer[] = [];
  for await (const bytes of decodeAwsChunked(pieces(), trailers)) decoded.push(bytes);
  return Buffer.concat(decoded).toString();
}

const PLAIN = '5\r\nhello\r\n10\r\n, this is 16 b..\r\n0\r\n\r\n';
const TRAILER = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';
const SIGNED = '5;chunk-signature=ab12\r\nhello\r\n0;chunk-signature=cd34\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';

describe('an aws-chunked body', () => {
  it.each([1, 2, 3, 7, 1000])('is decoded however it is cut: pieces of %i bytes', async (pieceLength) => {
    expect(await decode(PLAIN, pieceLength)).toBe('hello, this is 16 b..');
    expect(await decode(TRAILER, pieceLength)).toBe('hello');
    expect(await decode(SIGNED, pieceLength)).toBe('hello');
  });

  it('may hold line ends and what looks like the head of a chunk', async () => {
    expect(await decode('7\r\n0\r\n\r\n5\r\r\n0\r\n\r\n', 3)).toBe('0\r\n\r\n5\r');
  });

  it('may be empty', async () => {
    expect(await decode('0\r\n\r\n', 2)).toBe('');
  });

  it('is refused when it ends early', async () => {
    await expect(decode('5\r\nhel', 10)).rejects.toThrow('ended early');
    await expect(decode('5\r\nhello\r\n', 10)).rejects.toThrow('ended early');
  });

  it('tells what comes behind it, also when its last line has no end', async () => {
    for (const body of [TRAILER, SIGNED, TRAILER.slice(0, -2), TRAILER.slice(0, -4)]) {
      const trailers = new Map<string, string>();
      await decode(body, 4, trailers);
      expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'NhCmhg==']]);
    }
  });

  it('is refused when a line in it does not end', async () => {
    await expect(decode('5'.repeat(20_000), 1000)).rejects.toThrow('a line has no end');
  });

  it('is refused when it is not of this encoding', async () => {
    await expect(decode('hello\r\n', 10)).rejects.toThrow('not the head of a chunk: "hello"');
    await expect(decode('3\r\nhello\r\n0\r\n\r\n', 10)).rejects.toThrow('longer than it says');
  });
});
