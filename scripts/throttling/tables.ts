import { max, mean, median, min } from 'd3-array';
import { cutMembers } from '../../lib/stages/features/batches.ts';
import { readService } from '../../local/lambda/service.ts';
import { lambdaThrottling } from '../../local/lambda/throttling.ts';
import { count } from '../../local/terminal/units.ts';
import { randomFrom } from '../shared/random.ts';
import type { ThrottlingOptions } from './arguments.ts';
import { type Simulated, type SimulatedRun, simulate } from './simulation.ts';

/** The share of an interval that is random. Lambda does not document it, so the tables show several. */
const SPREADS = [
  { name: 'none', spread: 0 },
  { name: 'half', spread: 0.5 },
  { name: 'all', spread: 1 },
];

const BATCHES = [10, 11, 20, 50, 100, 200];
const BATCH_SECONDS = [2, 10, 60];

const MEMBERS = [10_000, 100_000, 250_000, 1_000_000, 2_000_000];
const SIZES = [10_000, 25_000, 50_000];
const { minBatchSize } = readService().batching;
/** How much later the second of two runs begins. */
const SECOND_RUN_MS = 3000;

/** How long the scoring of batches takes, by their number and their seconds, as rows of a text table. */
export async function throttledBatchesTable(options: ThrottlingOptions): Promise<string[][]> {
  const rows = [['batches of seconds', 'ideal s', ...headers('s, by chance', 'idle')]];
  for (const seconds of BATCH_SECONDS) {
    for (const batches of BATCHES) {
      const played = await playAll([{ atMs: 0, batches, batchMs: seconds * 1000 }], options);
      const cells = played.flatMap((all) => [spreadText(all), shareText(all)]);
      rows.push([`${batches} of ${seconds}`, count(Math.ceil(batches / options.concurrency) * seconds), ...cells]);
    }
  }
  return rows;
}

/** How long runs take, by their number of members and the size of their batches, as rows of a text table. */
export async function throttledMembersTable(runs: 1 | 2, options: ThrottlingOptions): Promise<string[][]> {
  const rows = [['members', 'batches', 'ideal s', ...headers('s, by chance')]];
  for (const members of MEMBERS) {
    for (const [name, batches] of cuts(members, options.concurrency)) {
      const batchMs = (members / batches / options.pace) * 1000;
      const simulated = [0, SECOND_RUN_MS].slice(0, runs).map((atMs) => ({ atMs, batches, batchMs }));
      const ideal = (runs * members) / options.concurrency / options.pace;
      const played = await playAll(simulated, options);
      rows.push([count(members), name, count(ideal), ...played.map(spreadText)]);
    }
  }
  return rows;
}

/** The numbers of batches to compare: 200, and for each largest size as many as run at the same time, or more. */
function cuts(members: number, concurrency: number): [string, number][] {
  const sized = SIZES.map((maxBatchSize): [string, number] => {
    const { batches } = cutMembers(members, {
      minBatchSize,
      maxBatches: concurrency,
      maxBatchSize,
    });
    return [`${batches}, of ${count(maxBatchSize)} at the most`, batches];
  });
  return [['200', 200], ...sized];
}

/** Simulates all seeds for each random share of the interval. */
async function playAll(runs: readonly SimulatedRun[], { concurrency, seeds }: ThrottlingOptions) {
  const played: Simulated[][] = [];
  for (const { spread } of SPREADS) {
    const all: Simulated[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const random = randomFrom(seed);
      all.push(await simulate({ runs, concurrency, throttling: lambdaThrottling(spread, random.fraction), random }));
    }
    played.push(all);
  }
  return played;
}

function headers(...of: string[]): string[] {
  return SPREADS.flatMap(({ name }) => of.map((what) => (what === 'idle' ? what : `${what}: ${name}`)));
}

/** The median, smallest and largest seconds, and how many batches were dropped, if any. */
function spreadText(all: readonly Simulated[]): string {
  const seconds = all.map(({ totalMs }) => totalMs / 1000);
  const givenUp = max(all, (one) => one.givenUp) ?? 0;
  const text = `${count(median(seconds) ?? 0)} (${count(min(seconds) ?? 0)}–${count(max(seconds) ?? 0)})`;
  return givenUp === 0 ? text : `${text}, ${givenUp} given up`;
}

function shareText(all: readonly Simulated[]): string {
  return `${count(100 * (mean(all, ({ idleShare }) => idleShare) ?? 0))}%`;
}
