import { NeededColumns } from '../../../lib/transactions/columns.ts';
import { readCsv } from '../../../lib/transactions/csv.ts';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { DEFAULT } from '../../default-partner.ts';
import { chunked, csv, HEADER, REST, readFile } from './hostile/hostile-file.ts';

const BLOCK_BYTES = 65_536;

const OPTIONS = { limits: DEFAULT_LIMITS, columns: new NeededColumns(DEFAULT.input) };

/** Bytes and lines of each stretch. */
async function stretchesOf(file: Buffer, chunkBytes: number): Promise<[number, number][]> {
  const stretches: [number, number][] = [];
  for await (const { bytes, lines } of readCsv(chunked(file, chunkBytes), OPTIONS)) {
    stretches.push([bytes, lines]);
  }
  return stretches;
}

describe('a large file', () => {
  it('is read in the same stretches whatever chunks it arrives in, each about a block', async () => {
    const file = Buffer.from(csv(...Array.from({ length: 20_000 }, (_, index) => `M${index}${REST}`)));
    const whole = await stretchesOf(file, file.length);
    for (const chunkBytes of [1_000, 10_007, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 200_000]) {
      expect(await stretchesOf(file, chunkBytes)).toEqual(whole);
    }
    expect(whole.length).toBeGreaterThan(file.length / BLOCK_BYTES - 1);
    expect(whole.reduce((sum, [bytes]) => sum + bytes, 0)).toBe(file.length);
    expect(whole.reduce((sum, [, lines]) => sum + lines, 0)).toBe(20_001);
  });

  it('is looked at for what it is at its beginning alone', async () => {
    // PAR1 is what Parquet files begin with, and each block but the first begins with such a row.
    const { aggregates, counts } = await readFile(
      chunked(Buffer.from(csv(...Array(10_000).fill(`PAR1${REST}`))), 9_999),
    );
    expect(aggregates.memberIds).toEqual(['PAR1']);
    expect(counts.accepted).toBe(10_000);
  });
});

describe('a line that is longer than may be ends', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('with its %s, wherever that lies in a block', async (_, lineBreak) => {
    const beginning = Buffer.byteLength(`${HEADER}${lineBreak}`);
    for (let shift = -3; shift <= 3; shift++) {
      const line = 'y'.repeat(3 * BLOCK_BYTES - beginning + shift);
      const file = Buffer.from([HEADER, line, `A${REST}`, 'x', `B${REST}`, ''].join(lineBreak));
      const { aggregates, rejectedRows } = await readFile(chunked(file, 5_000), { ...DEFAULT_LIMITS, lineBytes: 200 });
      expect(aggregates.memberIds).toEqual(['A', 'B']);
      expect(rejectedRows.map((row) => row.line)).toEqual([2, 4]);
    }
  });
});
