import type { Meter } from '../../cost/meter.ts';
import type { FiguresCollector, RunFigures } from '../../report/figures/run-figures.ts';
import { viewOf } from '../../report/view/view.ts';
import { failedCalls, failuresTable } from '../../report/workbook/failures-table.ts';
import { INPUT_SHEET, writeInputSheet } from '../../report/workbook/input-sheet.ts';
import { writeLatencySheet } from '../../report/workbook/latency-sheet.ts';
import { membersTable } from '../../report/workbook/members-table.ts';
import { MISSING_TABLE } from '../../report/workbook/missing-table.ts';
import { OFFERS_SHEET, OFFERS_TABLE } from '../../report/workbook/offers-table.ts';
import { REJECTED_TABLE } from '../../report/workbook/rejected-table.ts';
import { writeSummarySheet } from '../../report/workbook/summary-sheet.ts';
import { Table } from '../../report/workbook/table.ts';
import type { Manifest } from '../../run/contracts.ts';
import { numbersTo } from '../../run/keys.ts';
import { readRejectedRows } from '../../run/rejected-rows.ts';
import { type Rounds, readResults } from '../../run/rounds.ts';
import { callsOfRun } from '../../run/run-definition.ts';
import type { WriteConditionOf } from '../../run/stored-report.ts';
import type { Summary } from '../../run/summary.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';
import { ReportOutputs } from './report-outputs.ts';

/** A run's results do not match its manifest, so a report would leave out members or have some twice. */
export class RunMismatchError extends Error {
  override name = 'RunMismatchError';
}

/** What a report is made from. */
export interface ReportSource {
  bucket: Bucket;
  manifest: Manifest;
  /** The rounds after the first, up to the report's own round. */
  rounds: Rounds;
  writeConditionOf: WriteConditionOf;
  collector: FiguresCollector;
  meter: Meter;
  /** Rows per sheet, the header row included; Excel's limit when undefined. */
  rowsPerSheet?: number | undefined;
}

interface Report extends ReportSource {
  outputs: ReportOutputs;
}

const TABS = [
  'Summary',
  'Members',
  OFFERS_SHEET,
  'Failures',
  'Latency',
  'Rejected rows',
  MISSING_TABLE.name,
  INPUT_SHEET,
];

/**
 * Writes the outputs that grow with the members or the rejected rows, the workbook and the files for programs, and
 * uploads them while they are written. An output that is not complete when this fails is not stored.
 *
 * @returns the figures of the run
 */
export async function writeReportFiles(source: ReportSource): Promise<RunFigures> {
  const outputs = new ReportOutputs(source.bucket, source.manifest, source.writeConditionOf);
  try {
    return await writeOutputs({ ...source, outputs });
  } catch (error) {
    outputs.abandon(error);
    throw error;
  }
}

async function writeOutputs(report: Report): Promise<RunFigures> {
  const { outputs, collector, meter, manifest } = report;
  const failedBatches = await writeMembers(report);
  await writeFailures(report, failedBatches);
  await writeRejectedRows(report);
  const figures = collector.figures(now(), meter.usage());
  assertAllMembers(manifest, figures.summary.members.total);
  await writeOffers(report, figures.summary);
  writeLatencySheet(outputs.workbook, figures);
  await writeMissing(report, figures.summary);
  writeInputSheet(outputs.workbook, viewOf(figures.summary).input);
  writeSummarySheet(outputs.workbook, figures.summary);
  outputs.workbook.arrangeTabs(TABS);
  await outputs.close();
  return figures;
}

/** Writes what each output says of every member. @returns the numbers of the batches that have failed members */
async function writeMembers(report: Report): Promise<number[]> {
  const { bucket, manifest, rounds, collector, outputs, rowsPerSheet } = report;
  const table = new Table(outputs.workbook, { ...membersTable(manifest), rowsPerSheet });
  const failedBatches: number[] = [];
  await outputs.writeHeaders();
  for await (const result of readResults(bucket, manifest.runId, rounds, numbersTo(manifest.batches))) {
    collector.addBatch(result);
    await outputs.addMembers(result);
    for (const member of result.members) collector.addMember(member);
    await table.add(result.members);
    if (result.members.some(({ outcome }) => outcome.status === 'FAILED')) failedBatches.push(result.batch);
  }
  table.close();
  return failedBatches;
}

/**
 * Writes the sheet of failures, if there are any. Sheets are written one after the other, and there can be as many
 * failures as members, so the results are read again instead of kept in memory.
 */
async function writeFailures(report: Report, failedBatches: readonly number[]): Promise<void> {
  if (failedBatches.length === 0) return;
  const { bucket, manifest, rounds, outputs, rowsPerSheet } = report;
  const table = new Table(outputs.workbook, { ...failuresTable(callsOfRun(manifest)), rowsPerSheet });
  for await (const { members } of readResults(bucket, manifest.runId, rounds, failedBatches)) {
    await table.add(members.values().flatMap(failedCalls));
  }
  table.close();
}

/** Writes the sheet of offers, if any member has one. */
async function writeOffers({ outputs, rowsPerSheet }: Report, summary: Summary): Promise<void> {
  const { offers } = viewOf(summary);
  if (offers.length === 0) return;
  const table = new Table(outputs.workbook, { ...OFFERS_TABLE, rowsPerSheet });
  await table.add(offers);
  table.close();
}

/** Writes the sheet of members all of whose rows were rejected, if there are any. */
async function writeMissing({ outputs, rowsPerSheet }: Report, summary: Summary): Promise<void> {
  const { losses } = viewOf(summary);
  if (losses === undefined || losses.missing === 0) return;
  const table = new Table(outputs.workbook, { ...MISSING_TABLE, rowsPerSheet });
  await table.add(losses.missingRows);
  table.close();
}

async function writeRejectedRows({ bucket, manifest, collector, outputs, rowsPerSheet }: Report): Promise<void> {
  const table = new Table(outputs.workbook, { ...REJECTED_TABLE, rowsPerSheet });
  if (manifest.rows.rejected > 0) {
    for await (const row of readRejectedRows(bucket, manifest.runId)) {
      collector.addRejected(row);
      await table.add([row]);
    }
  }
  table.close();
}

/** A report that silently leaves out members would be worse than none. */
function assertAllMembers({ runId, members }: Manifest, total: number): void {
  if (total === members) return;
  throw new RunMismatchError(
    `the results of run ${runId} have ${total} members, its manifest has ${members}: drop the file again`,
  );
}
