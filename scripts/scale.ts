import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shuffler, sum } from 'd3-array';
import type { MemberAggregates } from '../lib/members/aggregates.ts';
import { NeededColumns } from '../lib/transactions/columns.ts';
import { DEFAULT_LIMITS } from '../lib/transactions/limits.ts';
import { count } from '../local/terminal/units.ts';
import { sampleLines } from './sample/sample-rows.ts';
import { mergeInto } from './scale/accounts.ts';
import { type Agreement, agreement } from './scale/agreement.ts';
import { type ScaleOptions, scaleCommandLine } from './scale/arguments.ts';
import { cutFile, type FileRange } from './scale/cuts.ts';
import { DEFAULT_DEFINITION, defaultAggregates } from './scale/default-aggregates.ts';
import { needsOf } from './scale/needs.ts';
import { type Read, readInProcess } from './scale/reading.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { chunked } from './shared/line-chunks.ts';
import { randomFrom } from './shared/random.ts';
import { textTable } from './shared/text-table.ts';

const TOLERANCE = 1e-12;

await runCommand(async (signal) => {
  const options = readArguments(scaleCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const directory = await mkdtemp(join(tmpdir(), 'member-offers-scale-'));
  try {
    const path = options.file ?? (await makeUp(join(directory, 'members.csv'), options));
    return print(await readTwice(path, directory, { options, signal }));
  } finally {
    await rm(directory, { recursive: true });
  }
});

/** Makes a file with shuffled rows. In a sample, a member's rows are near each other and seldom in two ranges. */
async function makeUp(path: string, { members, seed, 'as-of': asOf }: ScaleOptions): Promise<string> {
  const [header = '', ...lines] = sampleLines({ members, seed, asOf });
  await writeFile(path, chunked([header, ...shuffler(randomFrom(seed).fraction)(lines)]));
  return path;
}

interface Merged extends Agreement {
  members: number;
  seconds: number;
}

async function readTwice(
  path: string,
  directory: string,
  { options, signal }: { options: ScaleOptions; signal: AbortSignal },
) {
  const { header, ranges } = await cutOnDisk(path, options.ranges);
  const asOf = options['as-of'];
  const stored = (name: string | number) =>
    Array.from({ length: options.partitions }, (_, partition) => join(directory, `${name}-${partition}`));
  const read = (rows: FileRange, name: string | number) =>
    readInProcess({ file: path, asOf, header, rows, out: stored(name) }, signal);
  // One after the other, because parallel reads would slow each other down.
  const whole = await read({ from: header.to, to: ranges.at(-1)?.to ?? header.to }, 'whole');
  const reads: Read[] = [];
  for (const [index, rows] of ranges.entries()) reads.push(await read(rows, index));
  const merges: Merged[] = [];
  for (const [partition, object] of stored('whole').entries()) {
    const startedAt = performance.now();
    const merged = await aggregatesOf(
      ranges.map((_, index) => stored(index)[partition] ?? ''),
      asOf,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    merges.push({
      members: merged.size,
      seconds,
      ...agreement(merged, await aggregatesOf([object], asOf)),
    });
  }
  return { whole, reads, merges };
}

async function cutOnDisk(path: string, parts: number) {
  await using file = await open(path);
  const read = async ({ from, to }: FileRange) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  };
  return await cutFile({ bytes: (await file.stat()).size, read }, parts, {
    limits: DEFAULT_LIMITS,
    columns: new NeededColumns(DEFAULT_DEFINITION.input),
  });
}

async function aggregatesOf(paths: readonly string[], asOf: string): Promise<MemberAggregates> {
  const aggregates = defaultAggregates(asOf);
  for (const path of paths) mergeInto(aggregates, await readFile(path));
  return aggregates;
}

function print({ whole, reads, merges }: Awaited<ReturnType<typeof readTwice>>): number {
  const line = (name: string, { rows, members, seconds, peakBytes }: Read) => [
    name,
    ...[rows, members, rows / seconds, peakBytes / 1024 ** 2].map(count),
  ];
  const table = [
    ['', 'rows', 'members', 'rows/s', 'peak MB'],
    line('one pass', whole),
    ...reads.map((read, index) => line(`range ${index + 1}`, read)),
  ];
  const accounts = sum(reads, ({ members }) => members);
  const mergeSeconds = sum(merges, ({ seconds }) => seconds);
  const measured = {
    rowsPerSecond: whole.rows / whole.seconds,
    bytesPerMember: whole.memberBytes / whole.members,
    mergesPerSecond: accounts / mergeSeconds,
  };
  const worst = Math.max(...merges.map((merge) => merge.worst));
  const members = sum(merges, (merge) => merge.members);
  const isSame = sum(reads, ({ rows }) => rows) === whole.rows && members === whole.members && worst <= TOLERANCE;
  console.log(`${textTable(table).join('\n')}

${merges.length} partitions: ${count(accounts)} accounts merged in ${mergeSeconds.toFixed(2)} s, ${count(measured.mergesPerSecond)} a second
${count(sum(merges, ({ exact }) => exact))} of ${count(members)} members are the same to the last bit, the others to ${worst.toExponential(1)}
${isSame ? 'Ranges and single pass agree.' : 'Ranges and single pass DIFFER.'} A member takes ${count(measured.bytesPerMember)} bytes with its id.

${textTable(needsOf(measured)).join('\n')}`);
  return isSame ? 0 : 1;
}
