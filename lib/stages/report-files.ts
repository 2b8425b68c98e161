import type { Bucket } from '../bucket.ts';
import { type Completion, type Manifest, type Result, resultSchema } from '../contracts.ts';
import type { Meter } from '../cost/meter.ts';
import { resultKey } from '../layout.ts';
import type { FiguresCollector, RunFigures } from '../report/figures/run-figures.ts';
import { FAILURES_TABLE, failureRows } from '../report/workbook/failures-table.ts';
import { writeLatencySheet } from '../report/workbook/latency-sheet.ts';
import { MEMBERS_TABLE, membersRow } from '../report/workbook/members-table.ts';
import { REJECTED_TABLE, rejectedRow } from '../report/workbook/rejected-table.ts';
import { writeSummarySheet } from '../report/workbook/summary-sheet.ts';
import { Table } from '../report/workbook/table.ts';
import { now } from '../timing.ts';
import { COMPLETING } from './completion.ts';
import { readRejectedRows } from './rejected-rows.ts';
import { ReportOutputs } from './report-outputs.ts';

/** What a report is written of. */
export interface ReportSource {
  bucket: Bucket;
  manifest: Manifest;
  completion: Completion;
  collector: FiguresCollector;
  meter: Meter;
  /** The header row included; Excel's limit when undefined. */
  rowsPerSheet: number | undefined;
}

interface Report extends ReportSource {
  outputs: ReportOutputs;
}

const TABS = ['Summary', 'Members', 'Failures', 'Latency', 'Rejected rows'];

/**
 * Writes the workbook and the files for programs, uploaded while they are written: all that grows with the members or
 * the rejected rows. Nothing is stored when it fails. @returns what it came to
 */
export async function writeReportFiles(source: ReportSource): Promise<RunFigures> {
  const outputs = new ReportOutputs(source.bucket, source.manifest);
  try {
    return await writeOutputs({ ...source, outputs });
  } catch (error) {
    outputs.abandon(error);
    throw error;
  }
}

/**
 * The page, the summary and the three objects that are being uploaded, which have to be closed. Those of more than 5 MB
 * take a few requests more.
 */
const STILL_TO_COME = { writes: 5, reads: 0 };

async function writeOutputs(report: Report): Promise<RunFigures> {
  const { outputs, collector, meter, completion } = report;
  const failedBatches = await writeMembers(report);
  await writeFailures(report, failedBatches);
  await writeRejectedRows(report);
  collector.addRequests(completion.batches === 0 ? 'features' : 'predict', COMPLETING);
  const figures = collector.figures(now(), meter.usage(STILL_TO_COME));
  writeLatencySheet(outputs.workbook, figures);
  writeSummarySheet(outputs.workbook, figures.summary);
  outputs.workbook.arrangeTabs(TABS);
  await outputs.close();
  return figures;
}

/** Writes what there is to say of every member; returns the numbers of the batches in which some have failed. */
async function writeMembers({ bucket, completion, collector, outputs, rowsPerSheet }: Report): Promise<number[]> {
  const table = new Table(outputs.workbook, { ...MEMBERS_TABLE, rowsPerSheet });
  const failedBatches: number[] = [];
  await outputs.writeOffersHeader();
  for await (const result of readResults(bucket, completion.runId, batchNumbers(completion))) {
    collector.addBatch(result);
    await outputs.addMembers(result);
    for (const member of result.members) collector.addMember(member);
    await table.add(result.members.values().map(membersRow));
    if (result.members.some(({ outcome }) => outcome.status === 'FAILED')) failedBatches.push(result.batch);
  }
  table.close();
  return failedBatches;
}

/**
 * A sheet of what failed, when something did. Sheets are written one after the other and failures may be as many as
 * members, so they are read again rather than kept.
 */
async function writeFailures(report: Report, failedBatches: readonly number[]): Promise<void> {
  if (failedBatches.length === 0) return;
  const { bucket, completion, outputs, rowsPerSheet } = report;
  const table = new Table(outputs.workbook, { ...FAILURES_TABLE, rowsPerSheet });
  for await (const { members } of readResults(bucket, completion.runId, failedBatches)) {
    await table.add(members.values().flatMap(failureRows));
  }
  table.close();
}

async function writeRejectedRows({ bucket, manifest, collector, outputs, rowsPerSheet }: Report): Promise<void> {
  const table = new Table(outputs.workbook, { ...REJECTED_TABLE, rowsPerSheet });
  if (manifest.rows.rejected > 0) {
    for await (const row of readRejectedRows(bucket, manifest.runId)) {
      collector.addRejected(row);
      await table.add([rejectedRow(row)]);
    }
  }
  table.close();
}

function batchNumbers({ batches }: Completion): number[] {
  return Array.from({ length: batches }, (_, index) => index + 1);
}

/** Results of batches, in their order; the next one is fetched while one is used. */
async function* readResults(bucket: Bucket, runId: string, batches: readonly number[]): AsyncGenerator<Result> {
  const read = (batch: number | undefined) =>
    batch === undefined ? undefined : bucket.readJson(resultKey(runId, batch), resultSchema);
  let next = read(batches[0]);
  for (let index = 1; next !== undefined; index++) {
    const result = await next;
    next = read(batches[index]);
    // Whoever awaits it learns of a failure; until then it is not unhandled.
    next?.catch(() => undefined);
    yield result;
  }
}
