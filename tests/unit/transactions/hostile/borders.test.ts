import { chunked, HEADER, REST, readFile } from './hostile-file.ts';

/** Files are read in blocks of this size. */
const BLOCK_BYTES = 65_536;

/** Reads a file in which the border between two blocks is before, within and after what is looked at. */
async function readAround(file: (padding: string) => string, bytesAtBorder: number) {
  const bytes = Buffer.byteLength(file(''));
  const missing = Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES - bytes;
  const runs = [];
  for (let shift = 0; shift <= bytesAtBorder; shift++) {
    const padded = Buffer.from(file('p'.repeat(missing + shift)));
    const { aggregates, rejectedRows } = await readFile(chunked(padded, 10_007));
    runs.push({ members: aggregates.memberIds, rejected: rejectedRows.map(({ line }) => line) });
  }
  return runs;
}

const NOTE_ROW = `A${REST},"1\n2"\r\n`;

describe('what lies across the border of two blocks is read as anywhere else:', () => {
  it.each([
    ['a row of several lines', (pad: string) => `${HEADER},NOTE\n${pad}\n${NOTE_ROW}B\n`, ['A'], [2, 5]],
    ['CRLF among CR', (pad: string) => `${HEADER}\r${pad}\rA${REST}\r\nB${REST}\rx\r`, ['A', 'B'], [2, 5]],
    ['bytes of one character', (pad: string) => `${HEADER}\n${pad}\n漢😀${REST}\nx\n`, ['漢😀'], [2, 4]],
    [
      'the end of a line that is too long',
      (pad: string) => `${HEADER}\n${pad}\n${'y'.repeat(500_000)}\nA${REST}\nx\n`,
      ['A'],
      [2, 3, 5],
    ],
    [
      'the end of such a line by CR',
      (pad: string) => `${HEADER}\r${pad}\r${'y'.repeat(500_000)}\rA${REST}\rx\r`,
      ['A'],
      [2, 3, 5],
    ],
  ])('%s', async (_, file, members, rejected) => {
    for (const run of await readAround(file, 48)) {
      expect(run).toEqual({ members, rejected });
    }
  });
});
