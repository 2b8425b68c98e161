import { PassThrough } from 'node:stream';
import type { Bucket, CreatedObject } from '../bucket.ts';
import {
  type Completion,
  completionSchema,
  type Manifest,
  manifestSchema,
  type Result,
  resultSchema,
  type Summary,
} from '../contracts.ts';
import { manifestKey, reportKey, resultKey, summaryKey } from '../layout.ts';
import { LATENCY_COLUMNS, latencyRow } from '../report/latency-table.ts';
import { MEMBERS_COLUMNS, membersRow } from '../report/members-table.ts';
import { REJECTED_COLUMNS, rejectedRow } from '../report/rejected-table.ts';
import { writeSummarySheet } from '../report/summary-sheet.ts';
import { Tally } from '../report/tally.ts';
import { ReportWorkbook, Table } from '../report/workbook.ts';
import { now, StepTimer, waited } from '../timing.ts';
import { readRejectedRows } from './rejected-rows.ts';

const EXCEL_CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * The report stage: gathers a completed run's results into `report.xlsx`, uploaded while it is written, and then
 * `summary.json`, whose presence says that the report is there. Writing it again replaces both.
 *
 * @param rowsPerSheet the header row included; Excel's limit unless given
 */
export async function writeReport(bucket: Bucket, created: CreatedObject, rowsPerSheet?: number): Promise<Summary> {
  const from = now();
  const completion = await bucket.readJson(created.key, completionSchema);
  const manifest = await bucket.readJson(manifestKey(completion.runId), manifestSchema);
  const tally = new Tally();
  tally.addWait(manifest.wait);
  tally.addWait(waited(created.createdAt, from));

  const write = async (stream: PassThrough) => {
    const workbook = new ReportWorkbook(stream);
    await writeMembers(workbook, bucket, completion, tally, rowsPerSheet);
    await writeRejectedRows(workbook, bucket, manifest, rowsPerSheet);
    const summary = summarise(manifest, tally, from);
    await writeLatency(workbook, summary, rowsPerSheet);
    writeSummarySheet(workbook, summary);
    workbook.arrangeTabs(['Summary', 'Members', 'Latency', 'Rejected rows']);
    await workbook.commit();
    return summary;
  };
  const summary = await uploadWhile(write, (stream) =>
    bucket.writeStream(reportKey(manifest.partner, manifest.runId), stream, EXCEL_CONTENT_TYPE),
  );
  await bucket.writeJson(summaryKey(manifest.partner, manifest.runId), summary);
  return summary;
}

/** Runs a writer and the upload of what it writes; when one fails, the other is ended. */
async function uploadWhile<T>(
  write: (stream: PassThrough) => Promise<T>,
  upload: (stream: PassThrough) => Promise<void>,
): Promise<T> {
  const stream = new PassThrough();
  const abort = (error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  };
  const [written] = await Promise.all([write(stream).catch(abort), upload(stream).catch(abort)]);
  return written;
}

async function writeMembers(
  workbook: ReportWorkbook,
  bucket: Bucket,
  completion: Completion,
  tally: Tally,
  rowsPerSheet: number | undefined,
): Promise<void> {
  const table = new Table(workbook, 'Members', MEMBERS_COLUMNS, rowsPerSheet);
  for await (const result of readResults(bucket, completion)) {
    tally.addBatch(result);
    for (const member of result.members) {
      tally.addMember(member);
      await table.add(membersRow(member));
    }
  }
  table.close();
}

/** Results in the order of the batches; the next one is fetched while one is used. */
async function* readResults(bucket: Bucket, { runId, batches }: Completion): AsyncGenerator<Result> {
  const read = (batch: number) => bucket.readJson(resultKey(runId, batch), resultSchema);
  let next = batches > 0 ? read(1) : undefined;
  for (let batch = 1; next !== undefined; batch++) {
    const result = await next;
    next = batch < batches ? read(batch + 1) : undefined;
    // Whoever awaits it learns of a failure; until then it is not unhandled.
    next?.catch(() => undefined);
    yield result;
  }
}

async function writeLatency(workbook: ReportWorkbook, { steps }: Summary, rowsPerSheet?: number): Promise<void> {
  const table = new Table(workbook, 'Latency', LATENCY_COLUMNS, rowsPerSheet);
  for (const step of steps) await table.add(latencyRow(step));
  table.close();
}

async function writeRejectedRows(
  workbook: ReportWorkbook,
  bucket: Bucket,
  { runId, rows }: Manifest,
  rowsPerSheet: number | undefined,
): Promise<void> {
  const table = new Table(workbook, 'Rejected rows', REJECTED_COLUMNS, rowsPerSheet);
  if (rows.rejected > 0) {
    for await (const row of readRejectedRows(bucket, runId)) await table.add(rejectedRow(row));
  }
  table.close();
}

/** @param from when the stage began; its own step ends here, when all but the tables about the run is written */
function summarise(manifest: Manifest, tally: Tally, from: number): Summary {
  const { runId, partner, source, asOf, rows, startedAt } = manifest;
  const timer = new StepTimer({ step: 'report', unit: 'file', items: 'members' });
  timer.stop(from, tally.members.total);
  return {
    runId,
    partner,
    source,
    asOf,
    ...tally.verdict(manifest),
    rows,
    members: tally.members,
    offers: tally.offers,
    steps: [...tally.steps(manifest), timer.statistics()],
    startedAt,
    finishedAt: new Date().toISOString(),
    reportKey: reportKey(partner, runId),
  };
}
