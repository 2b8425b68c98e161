import { setTimeout as pause } from 'node:timers/promises';
import { type Manifest, manifestSchema } from '../../lib/run/contracts.ts';
import { manifestKey, outputKey } from '../../lib/run/keys.ts';
import { batchesOf, newestOf, readRounds } from '../../lib/run/rounds.ts';
import { type Summary, summarySchema } from '../../lib/run/summary.ts';
import { Bucket } from '../../lib/storage/bucket.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import { count } from '../../local/terminal/units.ts';
import { CommandError } from '../shared/command.ts';
import type { Progress } from '../shared/progress/progress.ts';
import { ResultsCounter } from '../shared/progress/progress-results.ts';
import type { Target } from '../shared/target.ts';

/** A run's summary; undefined when it has none. */
export async function readSummary(bucket: Bucket, runId: string): Promise<Summary | undefined> {
  const manifest = await bucket.readJsonIfThere(manifestKey(runId), manifestSchema);
  return manifest && bucket.readJsonIfThere(outputKey(manifest.partner, runId, 'summary'), summarySchema);
}

/** Whether a summary is that of the run's newest round. */
export async function isOfNewestRound(bucket: Bucket, { runId, edition }: Summary): Promise<boolean> {
  return edition?.failed !== true && (edition?.round ?? 1) >= newestOf(await readRounds(bucket, runId));
}

export interface Following {
  runId: string;
  /** Seconds after which this command stops waiting for a report. */
  timeout: number;
  /** The `finishedAt` of the report that is to be replaced. */
  before: string | undefined;
  progress: Progress;
  signal: AbortSignal;
}

/** Follows a resumed run until there is a new report. @throws CommandError that says how far the run has come */
export async function followResumed(target: Target, following: Following): Promise<Summary> {
  const { runId, timeout, before, progress, signal } = following;
  const bucket = new Bucket(target.s3, target.bucket);
  const until = performance.now() + timeout * 1000;
  let round: NewestRound | undefined;
  let results = 0;
  while (performance.now() < until) {
    const summary = await readSummary(bucket, runId);
    if (summary !== undefined && summary.finishedAt !== before) return summary;
    round ??= await newestRound(bucket, runId);
    if (round !== undefined) {
      const scoring = await round.counter.look();
      results = scoring.results;
      progress.looked({ manifest: round.manifest, ...scoring });
    }
    target.assertAlive();
    await pause(target.pollMs, undefined, { signal });
  }
  const known = round === undefined ? '' : ` ${count(results)} of ${count(round.manifest.batches)} batches are scored;`;
  throw new CommandError(
    `no report for ${formatDuration(timeout * 1000)}:${known} see the logs of the functions, or, if nothing is at work, add --now`,
  );
}

interface NewestRound {
  /** The run's manifest, but with the members and batches of the round. */
  manifest: Manifest;
  counter: ResultsCounter;
}

/** Undefined when the run has no manifest yet. */
async function newestRound(bucket: Bucket, runId: string): Promise<NewestRound | undefined> {
  const manifest = await bucket.readJsonIfThere(manifestKey(runId), manifestSchema);
  if (manifest === undefined) return undefined;
  const rounds = await readRounds(bucket, runId);
  const batches = batchesOf(manifest, rounds);
  const run = { ...manifest, batches, members: rounds.at(-1)?.members ?? manifest.members };
  return { manifest: run, counter: new ResultsCounter(bucket, run, newestOf(rounds)) };
}
