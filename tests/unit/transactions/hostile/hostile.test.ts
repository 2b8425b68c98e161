import { totalOf } from '../../../default-partner.ts';
import { IDS, NUMBERS, TIMES } from './cells.ts';
import { ENCODINGS, OTHER_KINDS } from './encodings.ts';
import { chunked, type HostileFile, readFile } from './hostile-file.ts';
import { QUOTES } from './quotes.ts';
import { SEPARATOR_FILES, SHAPES } from './shapes.ts';

const CHUNK_BYTES = [1, 7, 65_536];
/** Of larger files each byte on its own would take long and tell nothing new. */
const SMALL_BYTES = 50_000;

async function check({ file, members = [], accepted = members.length, rejected = [], unusable }: HostileFile) {
  const bytes = Buffer.from(file);
  for (const size of bytes.length > SMALL_BYTES ? [4_001, 65_536] : CHUNK_BYTES) {
    const run = await readFile(chunked(bytes, size));
    if (unusable === undefined) expect(run.unusable).toBeUndefined();
    else expect(run.unusable).toMatch(unusable);
    expect(run.rejectedRows.map(({ line, reason }) => [line, reason])).toEqual(
      rejected.map(([line, reason]) => [line, expect.stringMatching(reason)]),
    );
    expect(run.aggregates.memberIds).toEqual(members);
    expect(run.counts).toMatchObject({ read: accepted + rejected.length, accepted, rejected: rejected.length });
    const points = members.reduce((sum, _, member) => sum + totalOf(run.aggregates, 'points', member), 0);
    expect(points).toBe(accepted);
  }
}

describe.each([
  ['encoding', ENCODINGS],
  ['other kind of file', OTHER_KINDS],
  ['number', NUMBERS],
  ['time', TIMES],
  ['member id', IDS],
  ['quote', QUOTES],
  ['separator', SEPARATOR_FILES],
  ['shape', SHAPES],
])('a file with a hostile %s', (_, files) => {
  it.each(files.map((file) => [file.name, file] as const))('%s', async (_name, file) => {
    await check(file);
  });
});
