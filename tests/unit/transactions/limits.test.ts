import { getHeapStatistics } from 'node:v8';
import { assertFileSize, DEFAULT_LIMITS, memberBytesOf } from '../../../lib/transactions/limits.ts';
import { chunked, csv, HEADER, REST, readFile } from './hostile/hostile-file.ts';

const read = (file: string, limits: Partial<typeof DEFAULT_LIMITS>, size = 16) =>
  readFile(chunked(Buffer.from(file), size), { ...DEFAULT_LIMITS, ...limits });

describe('a limit', () => {
  it('of bytes ends the reading of a file that turns out to be larger than was said', async () => {
    const file = csv(`A${REST}`);
    const reason = 'too large: the file has more than the 1,024 bytes that are read at the most; split it';
    expect((await read(file.padEnd(1_025), { fileBytes: 1024 })).unusable).toBe(reason);
    expect(await read(file.padEnd(1_024), { fileBytes: 1024 })).toMatchObject({ counts: { accepted: 1 } });
  });

  it('of bytes is known to be kept or not before a file is read', () => {
    const limits = { ...DEFAULT_LIMITS, fileBytes: 1024 };
    expect(() => assertFileSize(1_024, limits)).not.toThrow();
    expect(() => assertFileSize(1_025, limits)).toThrow(
      'too large: the file has 1,025 bytes, and 1,024 bytes are the most that is read; split it',
    );
  });

  it('of a line rejects the row, the same in any place of the file', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? `A${REST}` : 'x'.repeat(121)));
    const { counts, rejectedRows } = await read(csv(...lines), { lineBytes: 120 });
    expect(counts).toMatchObject({ accepted: 25, rejected: 25 });
    expect(rejectedRows[24]).toMatchObject({
      line: 51,
      problem: 'the line is longer than 120 bytes',
      raw: `${'x'.repeat(120)}… (cut)`,
    });
  });

  it('of a line cuts the text that is kept of it between characters', async () => {
    const { rejectedRows } = await read(csv(`${'é'.repeat(600)}`, `xA${REST}`), { lineBytes: 121 });
    expect(rejectedRows[0]?.raw).toBe(`${'é'.repeat(60)}… (cut)`);
  });

  it('of a row counts all lines of it', async () => {
    const file = `${HEADER},NOTE\nA${REST},"${'n\n'.repeat(60)}"\nB${REST},"${'n\n'.repeat(40)}"\n`;
    const { aggregates, rejectedRows } = await read(file, { lineBytes: 120 });
    expect(aggregates.memberIds).toEqual(['B']);
    expect(rejectedRows[0]).toMatchObject({ line: 2, problem: 'a quote is opened and not closed within 120 bytes' });
  });

  it('of columns is for the header', async () => {
    const reason = 'too many columns: the header has 6, and 5 are the most that is read';
    expect((await read(`${HEADER},X\nA${REST},\n`, { columns: 5 })).unusable).toBe(reason);
  });

  it('of members ends the reading where a block of the file has brought too many, and tells how far that was', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => (index === 1 ? 'x' : `M${index}${REST}`));
    const { unusable, counts } = await read(csv(...lines), { members: 100 }, 65_536);
    expect(counts.read).toBeGreaterThan(100);
    expect(counts.read).toBeLessThan(20_000);
    expect(counts).toMatchObject({ accepted: counts.read - 1, rejected: 1 });
    expect(unusable).toBe(
      `too many members: the first ${counts.read.toLocaleString('en-US')} rows name more than the 100 that are allowed; split the file by member, or raise MAX_MEMBERS`,
    );
  });

  it('of members does not count rows: as many as are allowed may have any number of them', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `M${index % 100}${REST}`);
    expect(await read(csv(...lines), { members: 100 })).toMatchObject({
      unusable: undefined,
      counts: { accepted: 1000 },
    });
  });

  it('of members holds for a file that is read at once', async () => {
    expect((await read(csv(`A${REST}`, `B${REST}`), { members: 1 }, 4096)).unusable).toMatch(
      /^too many members: the first 2 rows name more than the 1 /,
    );
  });

  it('of memory counts members and the characters of their ids, and names what to do', async () => {
    const ids = ['A', 'é'.repeat(50), '漢😀', 'x'.repeat(100)];
    // 300 for each member, and for its id a byte for each character, or two when one of them is not ASCII.
    const memberBytes = 4 * 300 + 1 + 100 + 6 + 100;
    const file = csv(...ids.map((id) => `${id}${REST}`), `A${REST}`);
    expect((await read(file, { memberBytes })).unusable).toBeUndefined();
    expect((await read(file, { memberBytes: memberBytes - 1 }, 4096)).unusable).toBe(
      'too many members for the memory: the 4 of the first 5 rows take, with their ids, more than the 0 MB that are for them; split the file by member, shorten the ids, or raise the memorySize of features',
    );
  });

  it('of memory is a share of what the function has, or of what its heap may have', () => {
    expect(memberBytesOf(1)).toBe(0.55 * 1024 * 1024);
    expect(memberBytesOf(1_000_000)).toBe(0.55 * getHeapStatistics().heap_size_limit);
  });

  it('of rejected rows ends the reading, and names the first of them', async () => {
    const file = csv(`A${REST}`, 'x', `B${REST}`, 'y', 'z');
    expect((await read(file, { rejectedRows: 3 })).unusable).toBeUndefined();
    const { unusable, rejectedRows } = await read(file, { rejectedRows: 2 });
    expect(unusable).toBe(
      'too many rejected rows: 3 of the first 5, and 2 are the most that a report lists; mend the file, or split it; the first, in line 3: 1 field, but the header has 5',
    );
    expect(rejectedRows.map(({ line }) => line)).toEqual([3, 5, 6]);
  });
});
