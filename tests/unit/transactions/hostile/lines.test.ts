import fc from 'fast-check';
import { DEFAULT_LIMITS } from '../../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../../lib/transactions/reader.ts';
import { DEFAULT } from '../../../default-partner.ts';
import { chunked, HEADER, REST } from './hostile-file.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20_240_131);
const numRuns = Number(process.env.FUZZ_RUNS ?? 1_000);

const LINE_FEED = 10;

/** Lines of rows, whether accepted or not, and of what was skipped; undefined when the file was not read to its end. */
async function linesOf(file: Buffer): Promise<{ read: number; rows: number; skipped: number } | undefined> {
  let rows = 0;
  const linesIn = (raw: string) => raw.split('\n').length;
  const reader = new TransactionReader(
    { add: (_, stretch, row) => (rows += linesIn(stretch.rawOf(row))) },
    {
      input: DEFAULT.input,
      asOfDay: 19_753,
      reject: async (rejected) => {
        for (const { raw } of rejected) rows += linesIn(raw);
      },
      limits: { ...DEFAULT_LIMITS, lineBytes: 200 },
    },
  );
  const problem = await reader.read([{ open: async () => chunked(file, 64) }]).then(
    () => '',
    (error: Error) => error.message,
  );
  if (problem !== '' && !/^(no row|every line)/.test(problem)) return undefined;
  const skipped = reader.understood.skipped.reduce((sum, { lines }) => sum + lines, 0);
  return { read: reader.counts.read, rows, skipped };
}

const line = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(`A${REST}`, `"B"${REST}`, `"C" ${REST}`, 'D,2024-01-01', `E${REST},`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('', ' ', ',,,,', ',,', '# a comment', '#"', HEADER, 'Total,,,1,2', ',,,1,2'),
  },
  { weight: 2, arbitrary: fc.constantFrom(`F${REST},"1\n\n2"`, `"G\n${REST}`, '"', '"\n",,,', `"${'x'.repeat(300)}`) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '#', ' ', '\\'), maxLength: 9 }),
  },
);
const above = fc.array(fc.constantFrom('', '# about', 'A title', '"A title', `A${REST}`, ',,', '"\n",'), {
  maxLength: 6,
});
const ends = fc.constantFrom('', '\n', '\r\n', '\n\x1a', '\n\n', '\x1a\x1a');
const file = fc
  .tuple(above, fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), ends)
  .map(([before, after, lineBreak, end]) => Buffer.from([...before, HEADER, ...after].join(lineBreak) + end));

/** Lines of the file, as it is without marks of DOS at its end. */
function linesIn(bytes: Buffer): number {
  let end = bytes.length;
  while (bytes[end - 1] === 26) end--;
  const read = bytes.subarray(0, bytes[end - 1] === 13 ? end - 1 : end);
  const breaks = read.filter((byte) => byte === LINE_FEED).length;
  return read.at(-1) === LINE_FEED ? breaks : breaks + 1;
}

it('whatever is in a file, each of its lines is the header, of a row, or skipped and counted', async () => {
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      const lines = await linesOf(bytes);
      if (lines === undefined) return;
      checked++;
      expect(1 + lines.rows + lines.skipped).toBe(linesIn(bytes));
    }),
    { seed, numRuns },
  );
  expect(checked).toBeGreaterThan(numRuns / 2);
});
