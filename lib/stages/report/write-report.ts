import { randomUUID } from 'node:crypto';
import { Meter } from '../../cost/meter.ts';
import type { Announce } from '../../notification/telling.ts';
import type { Expected } from '../../report/figures/expectations.ts';
import { FiguresCollector } from '../../report/figures/run-figures.ts';
import { completionSchema, type Edition, type Manifest, manifestSchema, type Summary } from '../../run/contracts.ts';
import { endRound, endRoundOf } from '../../run/end.ts';
import { manifestKey } from '../../run/keys.ts';
import { OUTPUTS } from '../../run/outputs.ts';
import { type Rounds, readRoundsTo } from '../../run/rounds.ts';
import { isOvertaken, isSettled, placesIn, readStanding, type Standing, writeSummary } from '../../run/standing.ts';
import type { Bucket, CreatedObject } from '../../storage/bucket.ts';
import { ObjectChangedError } from '../../storage/condition.ts';
import { waited } from '../../timing.ts';

export interface ReportOptions {
  /** The header row included; Excel's limit unless given. */
  rowsPerSheet?: number;
  /** What the function is set to, if that is known. */
  memoryMb?: number | undefined;
  /** What is expected of predictions, unless it is what usually is. */
  expected?: Expected;
  /** Is called when the report is written. What it throws fails the stage, and the next attempt calls it again. */
  announce?: Announce;
  /** What all attempts at one event have in common, and no others. */
  attempt?: string;
}

/**
 * The report stage: gathers a completed run's results into the workbook and the files for programs, then the page and
 * at last `summary.json`, whose presence says that all others are there. They replace those of an earlier round. An
 * event that has led to a report, or that another report has overtaken, leads to none.
 *
 * What makes workbooks, and what draws the page's charts, takes longer to load than all else. Both are loaded while S3
 * is waited for.
 *
 * @returns the summary, when this call wrote it
 * @throws RunMismatchError when members are missing, ObjectChangedError when a report that is out of date was written
 * meanwhile
 */
export async function writeReport(
  bucket: Bucket,
  created: CreatedObject,
  options: ReportOptions = {},
): Promise<Summary | undefined> {
  const { memoryMb, announce, expected, attempt = randomUUID() } = options;
  const meter = new Meter(bucket, memoryMb);
  const [run, { writeReportFiles }] = await Promise.all([readRun(bucket, created.key), import('./report-files.ts')]);
  const { manifest, standing, round } = run;
  const edition: Edition = { round, completedAt: created.createdAt.toISOString(), writtenBy: attempt };
  if (isSettled(standing.edition, edition)) {
    await endRoundOf(bucket, manifest, standing.edition, edition, announce);
    return undefined;
  }
  const collector = new FiguresCollector(manifest, waited(created.createdAt, meter.startedAt), expected);
  const placeOf = placesIn(standing, edition);
  try {
    const writing = writeReportFiles({ ...run, ...options, bucket, collector, meter, placeOf });
    const [figures, page] = await Promise.all([writing, import('../../report/page/page.ts')]);
    const summary: Summary = { ...figures.summary, edition };
    const { page: key } = summary.outputs;
    await bucket.writeText(key, page.renderPage(figures), OUTPUTS.page.contentType, placeOf(key));
    await writeSummary(bucket, summary, standing);
    await endRound(bucket, summary, round, announce);
    return summary;
  } catch (error) {
    if (error instanceof ObjectChangedError && (await isOvertaken(bucket, error, edition))) return undefined;
    throw error;
  }
}

interface Run {
  manifest: Manifest;
  round: number;
  rounds: Rounds;
  standing: Standing;
}

async function readRun(bucket: Bucket, key: string): Promise<Run> {
  const { runId, round = 1 } = await bucket.readJson(key, completionSchema);
  const [manifest, rounds] = await Promise.all([
    bucket.readJson(manifestKey(runId), manifestSchema),
    readRoundsTo(bucket, runId, round),
  ]);
  return { manifest, round, rounds, standing: await readStanding(bucket, manifest) };
}
