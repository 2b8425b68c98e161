import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { Blanks } from '../../../../lib/transactions/blanks.ts';
import { DEFAULT_LIMITS } from '../../../../lib/transactions/limits.ts';
import { SEPARATORS } from '../../../../lib/transactions/separators.ts';
import { DEFAULT, totalOf } from '../../../default-partner.ts';
import { zipOf } from '../zip-builder.ts';
import { HEADER, readFile } from './hostile-file.ts';

/** `FUZZ_SEED` and `FUZZ_RUNS` look further than every test run does. */
const seed = Number(process.env.FUZZ_SEED ?? 20_240_131);
const runs = (usual: number) => ({ seed, numRuns: Number(process.env.FUZZ_RUNS ?? usual) });

/** Small enough that random files come to them. */
const LIMITS = { ...DEFAULT_LIMITS, lineBytes: 200 };

const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('A,2024-01-01,buy,1,1\n', '"A","2024-01-01","buy","1","1"\r\n', ',,,1,', 'A'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom('"', '""', '"\n', ',"', '",', '\n"', '"\r\n', '\r', '\n', '\r\n', ',', ';', '\t'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      HEADER,
      `\n${HEADER}\n`,
      '\uFEFF',
      '\0',
      '\uFFFD',
      'é',
      '😀',
      'sep=;\n',
      'x'.repeat(190),
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const bytes = fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array));
const body = fc
  .array(fc.oneof({ weight: 8, arbitrary: piece.map((text) => Buffer.from(text)) }, { weight: 1, arbitrary: bytes }), {
    maxLength: 60,
  })
  .map((parts) => Buffer.concat(parts));
const header = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      `${HEADER}\n`,
      `${HEADER}\r\n`,
      `${HEADER}\r`,
      `sep=,\n${HEADER}\n`,
      `\uFEFF${HEADER}\n`,
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...SEPARATORS).map((separator) => `${HEADER.replaceAll(',', separator)}\n`) },
  { weight: 1, arbitrary: fc.constantFrom('', '\n', '"', HEADER.replace('_', '"'), HEADER.replace(',', '\n')) },
);
const encoding = fc.constantFrom('utf8', 'utf16le', 'utf16be');

/** Any file: nasty pieces under a header, most of the time in UTF-8. */
const file = fc.tuple(header, body, fc.boolean(), encoding).map(([head, rest, isPlain, name]) => {
  const utf8 = Buffer.concat([Buffer.from(head), rest]);
  if (isPlain || name === 'utf8') return utf8;
  const utf16 = Buffer.from(`\uFEFF${utf8.toString()}`, 'utf16le');
  return name === 'utf16be' ? utf16.swap16() : utf16;
});
const cuts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 });

/** The file in pieces of these sizes, over and over; some are empty. */
const cut = (whole: Buffer, sizes: readonly number[]) => ({
  async *[Symbol.asyncIterator]() {
    let at = 0;
    for (let turn = 0; at < whole.length; turn++) {
      const size = turn < 10_000 ? (sizes[turn % sizes.length] ?? 1) : whole.length;
      yield whole.subarray(at, at + size);
      at += size;
    }
  },
});

const outcome = async (chunks: AsyncIterable<Uint8Array>, limits = LIMITS) => {
  const { counts, aggregates, rejectedRows, unusable } = await readFile(chunks, limits);
  const members = aggregates.memberIds.map((id, member) => [
    id,
    aggregates.transactions(member),
    totalOf(aggregates, 'points', member),
  ]);
  return { counts, members, rejectedRows, unusable };
};

describe('whatever is in a file', () => {
  it('every row is accounted for, and nothing but an unusable file is an error', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (whole) => {
        const { counts, members, rejectedRows } = await outcome(cut(whole, [whole.length + 1]));
        expect(counts.read).toBe(counts.accepted + counts.rejected);
        expect(rejectedRows).toHaveLength(counts.rejected);
        expect(members.reduce((sum, [, transactions]) => sum + Number(transactions), 0)).toBe(counts.accepted);
        for (const { line, problem, reason, raw } of rejectedRows) {
          // A row may stand above the header.
          expect(line).toBeGreaterThanOrEqual(1);
          expect([problem, reason, raw].every((text) => text !== '')).toBe(true);
        }
        const lines = rejectedRows.map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b));
      }),
      runs(600),
    );
  });

  it('it is read the same however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(file, cuts, async (whole, sizes) => {
        expect(await outcome(cut(whole, sizes))).toEqual(await outcome(cut(whole, [whole.length + 1])));
      }),
      runs(400),
    );
  });

  const PACKED: readonly ((whole: Buffer) => Buffer)[] = [
    (whole) => gzipSync(whole),
    (whole) => Buffer.concat([gzipSync(whole.subarray(0, 99)), gzipSync(whole.subarray(99))]),
    (whole) => zstdCompressSync(whole),
    (whole) => zipOf({ name: 'a.csv', content: whole }),
    (whole) => zipOf({ name: 'b/', content: '' }, { name: 'b/a.csv', content: whole, method: 0 }),
  ];

  it('it is read the same when it is packed', async () => {
    const withoutName = ({ rejectedRows, unusable, ...run }: Awaited<ReturnType<typeof outcome>>) => ({
      ...run,
      rejectedRows: rejectedRows.map((row) => ({ ...row, reason: row.reason.replace(/^(?:b\/)?a\.csv: /, '') })),
      isUsable: unusable === undefined,
    });
    await fc.assert(
      fc.asyncProperty(file, fc.constantFrom(...PACKED), cuts, async (whole, pack, sizes) => {
        const packed = await outcome(cut(pack(whole), sizes));
        expect(withoutName(packed)).toEqual(withoutName(await outcome(cut(whole, [whole.length + 1]))));
      }),
      runs(200),
    );
  });

  it('an archive that is not what a program has written is unusable, and nothing of it is lost silently', async () => {
    const damage = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PACKED), damage, async (pack, [place, byte, isCut]) => {
        const whole = pack(fileOf(Array(30).fill('A,2024-01-01,buy,1,1,x'), ','));
        const at = Math.floor(place * (whole.length - 1));
        const damaged = isCut ? whole.subarray(0, at) : Buffer.from(whole).fill(byte, at, at + 1);
        const { counts, unusable } = await outcome(cut(damaged, [100]), DEFAULT_LIMITS);
        if (unusable === undefined) expect(counts).toEqual({ read: 30, accepted: 30, rejected: 0, imputed: 0 });
      }),
      runs(200),
    );
  });

  it('also random bytes, of more than a block', async () => {
    const random = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 6_000 }));
    await fc.assert(
      fc.asyncProperty(random, fc.boolean(), cuts, async ([array, times], hasHeader, sizes) => {
        const noise = Buffer.concat(Array.from({ length: times }, () => Buffer.from(array)));
        const whole = hasHeader ? Buffer.concat([Buffer.from(`${HEADER}\n`), noise]) : noise;
        const inBlocks = sizes.map((size) => size * 1_000);
        expect(await outcome(cut(whole, inBlocks))).toEqual(await outcome(cut(whole, [whole.length + 1])));
      }),
      runs(60),
    );
  });
});

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => isIdAsItIs(text));
const note = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', '漢'), maxLength: 12 });
const goodRow = fc.record({ id, points: fc.integer({ min: -1e9, max: 1e9 }), note, isQuoted: fc.boolean() });
const goodRows = fc.array(goodRow, { minLength: 1, maxLength: 40 });
type GoodRow = { id: string; points: number; note: string; isQuoted: boolean };

const BLANKS = new Blanks(DEFAULT.input.missingValues);

function isIdAsItIs(text: string): boolean {
  const isSeen = !/\p{Cc}|(?![\u200C\u200D])\p{Cf}/u.test(text);
  return text.trim() === text && isSeen && text.normalize('NFC') === text && !BLANKS.has(text);
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

function written({ id: memberId, points, note: text, isQuoted }: GoodRow, separator: string): string {
  const needsQuotes = isQuoted || /[",;\t|\r\n]/.test(memberId);
  return [needsQuotes ? quoted(memberId) : memberId, '2024-01-01', 'buy', points, 1, quoted(text)].join(separator);
}

function fileOf(lines: readonly string[], separator: string): Buffer {
  return Buffer.from([`${HEADER},NOTE`.replaceAll(',', separator), ...lines, ''].join('\n'));
}

describe('a good file', () => {
  it('is read as a naive sum of its rows says', async () => {
    await fc.assert(
      fc.asyncProperty(goodRows, fc.constantFrom(...SEPARATORS), cuts, async (rows, separator, sizes) => {
        const whole = fileOf(
          rows.map((row) => written(row, separator)),
          separator,
        );
        const { members, counts } = await outcome(cut(whole, sizes), DEFAULT_LIMITS);
        const expected = new Map<string, [number, number]>();
        for (const row of rows) {
          const [transactions, points] = expected.get(row.id) ?? [0, 0];
          expected.set(row.id, [transactions + 1, points + row.points]);
        }
        expect(members).toEqual([...expected].map(([memberId, sums]) => [memberId, ...sums]));
        expect(counts).toEqual({ read: rows.length, accepted: rows.length, rejected: 0, imputed: 0 });
      }),
      runs(400),
    );
  });

  it('loses to a quote opened in it no row but the one that the quote is in', async () => {
    const spoilt = fc.tuple(goodRows, fc.nat(), fc.constantFrom(1, 2, 3, 4));
    await fc.assert(
      fc.asyncProperty(spoilt, fc.constantFrom(...SEPARATORS), async ([rows, where, field], separator) => {
        // A note on one line that no quote of another row could end.
        const plain = rows.map((row) => ({
          ...row,
          note: 'n',
          isQuoted: false,
          id: row.id.replaceAll(/[",;\t|]/g, '.'),
        }));
        const lines = plain.map((row) => written(row, separator));
        const at = where % lines.length;
        const cells = (lines[at] ?? '').split(separator);
        lines[at] = cells.map((cell, index) => (index === field ? `"${cell}` : cell)).join(separator);
        const { counts, rejectedRows } = await outcome(cut(fileOf(lines, separator), [64]), DEFAULT_LIMITS);
        expect(counts).toMatchObject({ accepted: rows.length - 1, rejected: 1 });
        expect(rejectedRows).toMatchObject([{ line: at + 2, raw: lines[at] }]);
      }),
      runs(400),
    );
  });
});
