import type { Bucket, CreatedObject } from '../bucket.ts';
import { type Completion, completionSchema, type Manifest, manifestSchema, type Summary } from '../contracts.ts';
import { Meter } from '../cost/meter.ts';
import { manifestKey, outputKey } from '../layout.ts';
import type { Announce } from '../notification/telling.ts';
import { FiguresCollector } from '../report/figures/run-figures.ts';
import { waited } from '../timing.ts';

export interface ReportOptions {
  /** The header row included; Excel's limit unless given. */
  rowsPerSheet?: number;
  /** What the function is set to, if that is known. */
  memoryMb?: number | undefined;
  /** Is called when the report is written. */
  announce?: Announce;
}

/**
 * The report stage: gathers a completed run's results into the workbook and the files for programs, then the page and
 * at last `summary.json`, whose presence says that all others are there. Writing them again replaces them.
 *
 * What makes workbooks, and what draws the page's charts, takes longer to load than all else. Both are loaded while S3
 * is waited for.
 */
export async function writeReport(
  bucket: Bucket,
  created: CreatedObject,
  { rowsPerSheet, memoryMb, announce }: ReportOptions = {},
): Promise<Summary> {
  const meter = new Meter(bucket, memoryMb);
  const [run, { writeReportFiles }] = await Promise.all([readRun(bucket, created.key), import('./report-files.ts')]);
  const { manifest } = run;
  const collector = new FiguresCollector(manifest, waited(created.createdAt, meter.startedAt));
  const writing = writeReportFiles({ ...run, bucket, collector, meter, rowsPerSheet });
  const [figures, page] = await Promise.all([writing, import('../report/page/page.ts')]);
  const { summary } = figures;
  await bucket.writeText(summary.outputs.page, page.renderPage(figures), page.HTML_CONTENT_TYPE);
  await bucket.writeJson(outputKey(manifest.partner, manifest.runId, 'summary'), summary);
  await announce?.(bucket, summary);
  return summary;
}

async function readRun(bucket: Bucket, key: string): Promise<{ manifest: Manifest; completion: Completion }> {
  const completion = await bucket.readJson(key, completionSchema);
  return { completion, manifest: await bucket.readJson(manifestKey(completion.runId), manifestSchema) };
}
