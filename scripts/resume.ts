import { setTimeout as pause } from 'node:timers/promises';
import { Bucket, ObjectMissingError } from '../lib/bucket.ts';
import { manifestSchema, type Summary, summarySchema } from '../lib/contracts.ts';
import { manifestKey, outputKey } from '../lib/layout.ts';
import { type Resumed, resumeRun } from '../lib/stages/resume.ts';
import { stackDirectory } from '../local/stack.ts';
import { readArguments } from './cli/arguments.ts';
import { CommandError, runCommand } from './cli/command.ts';
import { EXIT_CODES } from './cli/drop-file.ts';
import { fetchReport } from './cli/drop-report.ts';
import { resumeCommandLine } from './cli/resume-arguments.ts';
import { summaryText } from './cli/summary-text.ts';
import { deployedTarget, localTarget, type Target } from './cli/target.ts';
import { count, duration } from './cli/units.ts';

/** As in serverless.yml. */
const STALLED_AFTER_MS = 3_600_000;

await runCommand(async (signal) => {
  const options = readArguments(resumeCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const name = options.bucket ?? process.env.BUCKET;
  const target = name ? deployedTarget(name) : localTarget(stackDirectory());
  const bucket = new Bucket(target.s3, target.bucket);
  const startedAt = performance.now();
  const summaryBefore = await readSummary(bucket, options.runId);
  const time = Date.now();
  const quietSince = options.now ? Number.POSITIVE_INFINITY : time - STALLED_AFTER_MS;
  const resumed = await resumeRun(bucket, options.runId, { retryFailed: true, quietSince, time }).catch((error) => {
    if (!(error instanceof ObjectMissingError)) throw error;
    throw new CommandError(`no run ${options.runId} in ${target.name}`, { cause: error });
  });
  console.log(whatWasDone(resumed));
  const summary =
    resumed.did === 'nothing' && summaryBefore !== undefined
      ? summaryBefore
      : await newSummary(target, { ...options, before: summaryBefore?.finishedAt, signal });
  console.log(`${summaryText(summary, performance.now() - startedAt)}\n`);
  console.log(await fetchReport(target, summary, options.out));
  return EXIT_CODES[summary.status];
});

/** Of a run that has one. */
async function readSummary(bucket: Bucket, runId: string): Promise<Summary | undefined> {
  const manifest = await bucket.readJsonIfThere(manifestKey(runId), manifestSchema);
  return manifest && bucket.readJsonIfThere(outputKey(manifest.partner, runId, 'summary'), summarySchema);
}

interface Waiting {
  runId: string;
  /** Seconds. */
  timeout: number;
  /** When the report ended that is to be replaced. */
  before: string | undefined;
  signal: AbortSignal;
}

async function newSummary(target: Target, { runId, timeout, before, signal }: Waiting): Promise<Summary> {
  const bucket = new Bucket(target.s3, target.bucket);
  const until = performance.now() + timeout * 1000;
  while (performance.now() < until) {
    const summary = await readSummary(bucket, runId);
    if (summary !== undefined && summary.finishedAt !== before) return summary;
    target.assertAlive();
    await pause(target.pollMs, undefined, { signal });
  }
  throw new CommandError(`no report for ${duration(timeout * 1000)}: see the logs of the functions`);
}

function whatWasDone(resumed: Resumed): string {
  switch (resumed.did) {
    case 'nothing':
      return 'nothing to do: the run has ended and no member has failed';
    case 'restarted batches':
      return `started again batches that had no result: ${count(resumed.batches.length)}`;
    case 'nothing yet':
      return `something has happened in the run lately, at ${resumed.activeAt}: it is left alone, and followed (--now does not wait)`;
    case 'opened a round':
      return resumed.members > 0
        ? `calling the endpoints again for members that failed: ${count(resumed.members)}`
        : 'the report is being written again';
    case 'ended':
      return 'reading its file was broken off for good: the run ends as FAILED';
    case 'completed':
      return 'all results were there: the report is being written';
    default:
      return 'the report is being written again';
  }
}
