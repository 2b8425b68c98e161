import { NeededColumns } from '../../../../lib/transactions/columns.ts';
import { DEFAULT_LIMITS } from '../../../../lib/transactions/limits.ts';
import { UnusableFileError } from '../../../../lib/transactions/unusable-file.ts';
import { cutFile } from '../../../../scripts/scale/cuts.ts';
import { DEFAULT } from '../../../default-partner.ts';

const HEADER = 'MEMBER_ID,TIME,KIND\n';
const columns = new NeededColumns(DEFAULT.input);

/** Cuts a text and gives the texts of the ranges; a row may have 40 bytes, so that little is read around a cut. */
async function cut(text: string | Buffer, parts: number): Promise<string[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const file = { bytes: bytes.length, read: async ({ from = 0, to = 0 }) => bytes.subarray(from, to) };
  const limits = { ...DEFAULT_LIMITS, lineBytes: 40 };
  const { header, ranges } = await cutFile(file, parts, { limits, columns });
  return [header, ...ranges].map(({ from, to }) => bytes.toString('utf8', from, to));
}

describe('A file that is cut', () => {
  it('ends each range with the row that holds the place where it would be cut', async () => {
    // 24 bytes of rows: the places are 8 and 16, in the middle of b and at the beginning of d.
    expect(await cut(`${HEADER}a,1,x\nb,2,x\nc,3\nd,4,xyz\n`, 3)).toEqual([
      HEADER,
      'a,1,x\nb,2,x\n',
      'c,3\n',
      'd,4,xyz\n',
    ]);
  });

  it('gives every byte to one range, however many there are to be', async () => {
    const rows = ['a,1,x\n', 'b,2,"x"\n', '\n', 'c,3,"no end\n', `${'d'.repeat(90)}\n`, 'e,5,x\n', 'f'];
    for (let parts = 1; parts < 40; parts++) {
      const [header, ...ranges] = await cut(HEADER + rows.join(''), parts);
      expect(header).toBe(HEADER);
      expect(ranges.join('')).toBe(rows.join(''));
      expect(ranges).not.toContain('');
    }
  });

  it('does not cut a row at a line break inside of quotes', async () => {
    const before = Array.from({ length: 20 }, (_, row) => `m${row},1,x\n`);
    const quoted = 'q,2,"one\ntwo\nthree\nfour\nfive"\n';
    const text = HEADER + before.join('') + quoted + before.join('');
    for (let parts = 2; parts < 60; parts++) {
      const ranges = await cut(text, parts);
      expect(ranges.filter((range) => range.includes(quoted))).toHaveLength(1);
    }
  });

  it('begins ranges behind a quote that is never closed, which costs its own line alone', async () => {
    const rows = ['a,1,"x\n', ...Array.from({ length: 9 }, (_, row) => `m${row},1,x\n`)];
    expect((await cut(HEADER + rows.join(''), 10)).length).toBe(1 + rows.length);
  });

  it('has all in front of its rows in the header: the line that tells Excel the separator, blank lines, a mark', async () => {
    const header = `\uFEFFsep=;\n\n${HEADER.replaceAll(',', ';')}`;
    expect(await cut(`${header}a;1;x\nb;2;x\n`, 2)).toEqual([header, 'a;1;x\n', 'b;2;x\n']);
  });

  it('must have a header, in UTF-8, and lines that end with LF or CRLF', async () => {
    await expect(cut('\n\n', 2)).rejects.toThrow('only blank lines');
    await expect(cut(`${HEADER}a,1,x\n`.replaceAll('\n', '\r'), 2)).rejects.toThrow('only files in UTF-8');
    await expect(cut(Buffer.from(`\uFEFF${HEADER}`, 'utf16le'), 2)).rejects.toThrow(UnusableFileError);
    expect(await cut(`${HEADER}a,1,x\nb,1,x\n`.replaceAll('\n', '\r\n'), 2)).toHaveLength(3);
  });
});
