import { randomUUID } from 'node:crypto';
import { Meter } from '../../cost/meter.ts';
import type { ExpectedSettings } from '../../report/figures/expectations.ts';
import { FiguresCollector } from '../../report/figures/run-figures.ts';
import { completionSchema, type Manifest, manifestSchema } from '../../run/contracts.ts';
import { endRound, endRoundOf, type Notify } from '../../run/end.ts';
import { manifestKey, outputKey } from '../../run/keys.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { OUTPUTS } from '../../run/outputs.ts';
import { type Rounds, readRoundsTo } from '../../run/rounds.ts';
import {
  isOvertaken,
  isSettled,
  readStoredReport,
  type StoredReport,
  writeConditions,
  writeSummary,
} from '../../run/stored-report.ts';
import type { Edition, Summary } from '../../run/summary.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { ObjectChangedError } from '../../storage/condition.ts';
import { waited } from '../../timing/clock.ts';

export interface ReportOptions {
  /** Rows per sheet, the header row included; by default Excel's limit. */
  rowsPerSheet?: number;
  /** The function's memory, if known. */
  memoryMb?: number | undefined;
  /** What is expected of predictions, where it is not what the partner's file says. */
  expected?: ExpectedSettings;
  /** Called when the report is written. When it throws, the stage fails, and the next attempt calls it again. */
  notify?: Notify;
  /** An id that all attempts at one event share, and no other event has. */
  attempt?: string;
}

/**
 * The report stage: writes a completed run's results into the workbook and the files for programs, then the page, and
 * last `summary.json`, which says that all other outputs are there. They replace those of an earlier round. The stage
 * writes nothing for an event whose report is there already, or when a later report has overtaken it.
 *
 * The libraries for workbooks and for charts take the longest to load. Both are loaded during requests to S3.
 *
 * @returns the summary, if this call wrote it
 * @throws RunMismatchError when members are missing, ObjectChangedError when an outdated report has been written in the
 * meantime
 */
export async function writeReport(
  bucket: Bucket,
  created: Pick<ObjectCreated, 'key' | 'createdAt'>,
  options: ReportOptions = {},
): Promise<Summary | undefined> {
  const { memoryMb, notify, expected, attempt = randomUUID() } = options;
  const meter = new Meter(bucket, memoryMb);
  const [run, { writeReportFiles }] = await Promise.all([readRun(bucket, created.key), import('./report-files.ts')]);
  const { manifest, storedReport, round } = run;
  const edition: Edition = { round, completedAt: created.createdAt.toISOString(), writtenBy: attempt };
  if (isSettled(storedReport.edition, edition)) {
    await endRoundOf(bucket, manifest, storedReport.edition, edition, notify);
    return undefined;
  }
  const collector = new FiguresCollector(manifest, waited(created.createdAt, meter.startedAt), expected);
  const writeConditionOf = writeConditions(storedReport, edition);
  try {
    const writing = writeReportFiles({ ...run, ...options, bucket, collector, meter, writeConditionOf });
    const [figures, page] = await Promise.all([writing, import('../../report/page/page.ts')]);
    const summary: Summary = { ...figures.summary, edition };
    const key = outputKey(summary.partner, summary.runId, 'page');
    await bucket.writeText(key, page.renderPage(figures), OUTPUTS.page.contentType, writeConditionOf(key));
    await writeSummary(bucket, summary, storedReport);
    await endRound(bucket, summary, round, notify);
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
  storedReport: StoredReport;
}

async function readRun(bucket: Bucket, key: string): Promise<Run> {
  const { runId, round = 1 } = await bucket.readJson(key, completionSchema);
  const [manifest, rounds] = await Promise.all([
    bucket.readJson(manifestKey(runId), manifestSchema),
    readRoundsTo(bucket, runId, round),
  ]);
  return { manifest, round, rounds, storedReport: await readStoredReport(bucket, manifest) };
}
