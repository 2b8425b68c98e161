import type { Summary } from '../lib/run/summary.ts';
import { type Resumed, resumeRun } from '../lib/stages/resume/resume-run.ts';
import { Bucket, ObjectMissingError } from '../lib/storage/bucket.ts';
import { readService } from '../local/lambda/service.ts';
import { stackDirectory } from '../local/stack.ts';
import { count } from '../local/terminal/units.ts';
import { EXIT_CODES, progressStream } from './drop/drop.ts';
import { resumeCommandLine } from './resume/arguments.ts';
import { followResumed, isOfNewestRound, readSummary } from './resume/resumed-run.ts';
import { readArguments } from './shared/arguments.ts';
import { CommandError, runCommand } from './shared/command.ts';
import { progressOn } from './shared/progress/progress.ts';
import { fetchReport } from './shared/report-download.ts';
import { summaryText } from './shared/summary/summary-text.ts';
import { deployedTarget, localTarget } from './shared/target.ts';
import { columnsOf, wrapped } from './shared/wrapping.ts';

await runCommand(async (signal) => {
  const options = readArguments(resumeCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const name = options.bucket ?? process.env.BUCKET;
  const target = name ? deployedTarget(name) : localTarget(stackDirectory());
  const bucket = new Bucket(target.s3, target.bucket);
  const columns = columnsOf(process.stdout);
  const startedAt = performance.now();
  const before = await readSummary(bucket, options.runId);
  const time = Date.now();
  const quietSince = options.now ? Number.POSITIVE_INFINITY : time - readService().stalled.stalledAfterMs;
  const resumed = await resumeRun(bucket, options.runId, { retryFailed: true, quietSince, time }).catch((error) => {
    if (!(error instanceof ObjectMissingError)) throw error;
    throw new CommandError(`no run ${options.runId} in ${target.name}`, { cause: error });
  });
  const there = await reportThere(bucket, resumed, before);
  console.log(wrapped(whatWasDone(resumed, there), columns));
  const progress = progressOn(progressStream({ json: false }));
  const summary =
    there ??
    (await followResumed(target, { ...options, before: before?.finishedAt, progress, signal }).finally(() => {
      progress.stop();
    }));
  const elapsedMs = there === undefined ? performance.now() - startedAt : undefined;
  const resumeCommand = target.resumeCommand?.(summary.runId);
  console.log(`${summaryText(summary, elapsedMs, { columns, resumeCommand, isResumed: there === undefined })}\n`);
  console.log(await fetchReport(target, summary, options.out));
  return EXIT_CODES[summary.status];
});

/** The report, if nothing had to be done, or if the run lacks only the record of its end. */
async function reportThere(bucket: Bucket, { did }: Resumed, before: Summary | undefined) {
  if (before === undefined || did === 'nothing') return before;
  return did === 'nothing yet' && (await isOfNewestRound(bucket, before)) ? before : undefined;
}

function whatWasDone(resumed: Resumed, there: Summary | undefined): string {
  switch (resumed.did) {
    case 'nothing':
      return 'nothing to do: the run has ended and no member has failed';
    case 'restarted batches':
      return `started again batches that had no result: ${count(resumed.batches.length)}`;
    case 'nothing yet':
      return there === undefined
        ? `the run was active recently, at ${resumed.activeAt}, and may still be at work: this command only follows it; if nothing is at work any more, add --now`
        : `the report is there, and the run is about to end: it was active recently, at ${resumed.activeAt}, so this command changes nothing; to resume it all the same, add --now`;
    case 'opened a round':
      return resumed.members > 0
        ? `calling the endpoints again for members that failed: ${count(resumed.members)}`
        : 'the report is being written again';
    case 'ended':
      return 'the file was never read to its end: the run ends as FAILED';
    case 'completed':
      return 'all results were there: the report is being written';
    default:
      return 'the report is being written again';
  }
}
